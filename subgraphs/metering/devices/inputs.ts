import { Field, ID, InputType, Int } from 'type-graphql';
import { Decimal, Instant } from '../../runtime/scalars.js';

@InputType({ description: 'The appliance itself (计量器具实物)' })
export class DeviceInput {
  @Field(() => String, { description: 'Number that its maker gave it (出厂编号)' })
  serialNumber!: string;

  @Field(() => String, { nullable: true, description: 'Maker (生产厂家)' })
  manufacturer?: string | null;

  @Field(() => String, { nullable: true, description: 'Model (规格型号)' })
  model?: string | null;

  @Field(() => String, { nullable: true, description: 'Accuracy class, e.g. 0.5S (准确度等级)' })
  accuracyClass?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Kind of instrument, of verificationIntervals: how long a verification holds (器具种类)',
  })
  instrument?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Digits of its counter before the point; those of the meter by default (表底整数位数)',
  })
  registerDigits?: number | null;

  @Field(() => Decimal, {
    nullable: true,
    description: 'What a difference of its counter is multiplied by; as the meter’s by default (倍率)',
  })
  multiplier?: string | null;

  @Field(() => Decimal, {
    nullable: true,
    description:
      'What its counter shows as it is installed; a meter of kind REGISTER needs it (安装时表底数)',
  })
  firstRegister?: string | null;
}

@InputType({ description: 'An appliance that begins to count at a metering point (器具安装)' })
export class InstallationInput {
  @Field(() => ID, { description: 'The meter (计量器具)' })
  meterId!: string;

  @Field(() => Instant, { description: 'From when on it counts (安装时间)' })
  installedAt!: string;

  @Field(() => DeviceInput, { description: 'What is installed (器具)' })
  device!: DeviceInput;
}

@InputType({ description: 'An appliance that is taken away, with none in its place (拆表)' })
export class RemovalInput {
  @Field(() => ID, { description: 'The meter (计量器具)' })
  meterId!: string;

  @Field(() => Instant, { description: 'Until when it counted (拆除时间)' })
  removedAt!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'What its counter showed last; a meter of kind REGISTER needs it (拆除时表底数)',
  })
  lastRegister?: string | null;
}

@InputType({ description: 'A change of meter (换表)' })
export class ReplacementInput {
  @Field(() => ID, { description: 'The meter (计量器具)' })
  meterId!: string;

  @Field(() => Instant, { description: 'When the one ended and the other began (换表时间)' })
  replacedAt!: string;

  @Field(() => Decimal, {
    nullable: true,
    description: 'What the old counter showed last; a meter of kind REGISTER needs it (旧表底数)',
  })
  lastRegister?: string | null;

  @Field(() => DeviceInput, { description: 'What is installed (新器具)' })
  device!: DeviceInput;
}

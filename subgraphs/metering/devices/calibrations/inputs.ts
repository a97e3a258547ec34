import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';

@InputType({ description: 'A certificate of verification or calibration (检定/校准证书)' })
export class CalibrationInput {
  @Field(() => ID, { description: 'The appliance, dev_… (器具)' })
  deviceId!: string;

  @Field(() => String, {
    defaultValue: 'VERIFICATION',
    description: 'VERIFICATION (检定) or CALIBRATION (校准)',
  })
  kind!: string;

  @Field(() => String, { description: 'Number of the certificate (证书编号)' })
  certificateNumber!: string;

  @Field(() => String, { description: 'Who issued it (检定/校准机构)' })
  organ!: string;

  @Field(() => LocalDate, { description: 'Day of the verification (检定/校准日期)' })
  calibratedOn!: string;

  @Field(() => LocalDate, {
    nullable: true,
    description:
      'Last day on which it holds; by default the day before as many months later as verificationIntervals has for the appliance’s kind (有效期至)',
  })
  validUntil?: string | null;

  @Field(() => String, { nullable: true, description: 'Accuracy class certified (准确度等级)' })
  accuracyClass?: string | null;

  @Field(() => String, { defaultValue: 'QUALIFIED', description: 'QUALIFIED (合格) or UNQUALIFIED (不合格)' })
  result!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The record of the same appliance that this one corrects (更正的记录)',
  })
  corrects?: string | null;
}

@InputType({ description: 'How long a verification of a kind of instrument holds in an area (检定周期)' })
export class VerificationIntervalInput {
  @Field(() => ID, { description: 'Kind of instrument, of verificationIntervals (器具种类)' })
  code!: string;

  @Field(() => String, { description: 'GB/T 2260 code; it counts in all that nests in it (行政区划代码)' })
  area!: string;

  @Field(() => Int, { description: 'Months, 1 to 600 (月)' })
  months!: number;

  @Field(() => String, { description: 'Where that is said, at most 500 characters (来源)' })
  source!: string;
}

@ArgsType()
export class VerificationIntervalsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'Only those set for this area (行政区划代码)' })
  area?: string | null;
}

@ArgsType()
export class OnArguments {
  @Field(() => LocalDate, { nullable: true, description: 'Day; today where the meter is by default (日期)' })
  on?: string | null;
}

@ArgsType()
export class CalibrationsEndingArguments extends PageArguments {
  @Field(() => Int, { defaultValue: 30, description: 'Days from today, 0 to 3650 (天数)' })
  withinDays!: number;

  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;
}

import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Decimal } from '../../runtime/scalars.js';
import { CoalBasis } from './entities.js';

/** By which coefficient energy is counted as standard coal. */
@ArgsType()
export class CoalArguments {
  @Field(() => CoalBasis, { description: 'EQUIVALENT or EQUAL_VALUE; never both in one figure (口径)' })
  basis!: CoalBasis;

  @Field(() => String, {
    nullable: true,
    description:
      'Edition of the coefficient; by default what the area gave for the year, else the edition in force on the last day (系数版本)',
  })
  edition?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Year of the coefficient; by default that of the period (系数年份)',
  })
  year?: number | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Energy that is counted, where the class does not say, e.g. LNG (能源品种代码)',
  })
  energy?: string | null;
}

@ArgsType()
export class CoalCoefficientsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'GB/T 2260 code; areas nest by prefix (行政区划代码)' })
  area?: string | null;

  @Field(() => ID, { nullable: true, description: 'Energy, e.g. NATURAL_GAS (能源品种代码)' })
  energy?: string | null;

  @Field(() => Int, { nullable: true, description: 'Year (适用年份)' })
  year?: number | null;
}

@InputType({ description: 'A coefficient that counts in an area for a year (区域折标准煤系数)' })
export class CoalCoefficientInput {
  @Field(() => String, { description: 'GB/T 2260 code; it counts in all that nests in it (行政区划代码)' })
  area!: string;

  @Field(() => ID, { description: 'Energy, e.g. ELECTRICITY (能源品种代码)' })
  energy!: string;

  @Field(() => Int, { description: 'Year of consumption, 2000 to 2100 (适用年份)' })
  year!: number;

  @Field(() => Decimal, { description: 'kgce for one unit of the energy (系数)' })
  value!: string;

  @Field(() => String, { description: 'Where it was published (来源)' })
  source!: string;
}

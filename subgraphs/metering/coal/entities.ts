import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../runtime/guarded.js';
import { connectionOf } from '../../runtime/lists.js';
import { Decimal, Instant, LocalDate } from '../../runtime/scalars.js';
import { Sourced } from '../../runtime/sourced.js';

/** How energy is counted as standard coal. The two are never added up. */
export enum CoalBasis {
  /** By its heat content (当量值). */
  EQUIVALENT = 'EQUIVALENT',
  /** By what it took to make it (等价值). */
  EQUAL_VALUE = 'EQUAL_VALUE',
}
registerEnumType(CoalBasis, {
  name: 'CoalBasis',
  description: 'How energy is counted as standard coal (折标准煤口径)',
  valuesConfig: {
    EQUIVALENT: { description: 'By its heat content (当量值)' },
    EQUAL_VALUE: { description: 'By what it took to make it (等价值)' },
  },
});

/** A view: rows of the standard's editions, of electricity by equal value, and those that areas gave for their years. */
@ForAnyCaller()
@ObjectType({ description: 'Coefficient of standard coal (折标准煤系数)' })
@Entity({ schema: 'metering', tableName: 'known_coefficient' })
export class CoalCoefficient extends Sourced {
  @Field(() => ID, { description: 'Edition, energy and basis (标识)' })
  @PrimaryKey({ type: 'text' })
  id!: string;

  @Field(() => String, {
    description: 'Edition of the standard, name of a figure, or area/year.version (版本)',
  })
  @Property({ type: 'text' })
  edition!: string;

  @Field(() => ID, { description: 'Energy, e.g. NATURAL_GAS (能源品种代码)' })
  @Property({ type: 'text' })
  energy!: string;

  @Field(() => String, { description: 'Name in Chinese (中文名称)' })
  @Property({ type: 'text' })
  nameZh!: string;

  @Field(() => String, { description: 'Name in English; ours (英文名称)' })
  @Property({ type: 'text' })
  nameEn!: string;

  @Field(() => String, {
    description: 'EQUIVALENT, EQUAL_VALUE, or ANY where both count alike (当量、等价或两者相同)',
  })
  @Property({ type: 'text' })
  basis!: string;

  @Field(() => String, { description: 'GB/T 2260 code of where it counts (适用区域)' })
  @Property({ type: 'text' })
  area!: string;

  @Field(() => Int, { nullable: true, description: 'Year of consumption that it is for (适用年份)' })
  @Property({ type: 'smallint', nullable: true })
  year!: number | null;

  /** Published within `edition`. */
  @Property({ type: 'integer' })
  version!: number;

  @Field(() => LocalDate, { nullable: true, description: 'In force since (实施日期)' })
  @Property({ type: 'text', columnType: 'date', nullable: true })
  validFrom!: string | null;

  @Field(() => Decimal, {
    description: 'Lower end, kgce for one unit; the figure itself where it is one (下限)',
  })
  @Property({ type: 'decimal', columnType: 'numeric' })
  low!: string;

  @Field(() => Decimal, { description: 'Upper end, likewise (上限)' })
  @Property({ type: 'decimal', columnType: 'numeric' })
  high!: string;

  @Field(() => String, { description: 'Unit of the energy that it is for (实物量单位)' })
  @Property({ type: 'text' })
  unit!: string;

  @Field(() => String, { nullable: true, description: 'Heat content, or a remark (平均低位发热量或备注)' })
  @Property({ type: 'text', nullable: true })
  heatValue!: string | null;

  @Field(() => String, { nullable: true, description: 'Tenant that gave it for its area (提供单位)' })
  @Property({ type: 'text', nullable: true })
  addedBy!: string | null;

  @Field(() => Instant, { nullable: true, description: 'When it was given (提供时间)' })
  @Property({ type: 'text', columnType: 'timestamptz', nullable: true })
  addedAt!: string | null;
}

/** Energy as standard coal. Exact but for the last place: it is rounded half away from zero to a milligram. */
@Guarded('readings:read')
@ObjectType({
  description:
    'Measured energy as standard coal, tce; always with basis and edition, and never of estimates, which stand apart (折标准煤量, 吨标准煤, 仅实测)',
})
export class CoalEquivalent {
  @Field(() => Decimal, {
    nullable: true,
    description:
      'Tonnes of coal equivalent of what was measured; null where the edition gives a range (折标准煤量)',
  })
  value!: string | null;

  @Field(() => Decimal, { description: 'By the lower end of the coefficient (下限)' })
  low!: string;

  @Field(() => Decimal, { description: 'By the upper end of the coefficient (上限)' })
  high!: string;

  @Field(() => CoalBasis, { description: 'Basis (口径)' })
  basis!: CoalBasis;

  @Field(() => String, { description: 'Edition of the coefficient (系数版本)' })
  edition!: string;

  @Field(() => String, { description: 'Where the coefficient comes from (系数来源)' })
  source!: string;

  @Field(() => Boolean, {
    description: 'Whether the coefficient was checked against its source (系数是否核实)',
  })
  isVerified!: boolean;

  @Field(() => CoalCoefficient, { description: 'The coefficient (折标准煤系数)' })
  coefficient!: CoalCoefficient;
}

export const CoalCoefficientConnection = connectionOf(CoalCoefficient, 'CoalCoefficient', 'any caller');

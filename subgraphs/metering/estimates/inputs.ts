import { ArgsType, Field, ID } from 'type-graphql';
import { PageArguments } from '../../runtime/lists.js';
import { Decimal, LocalDate } from '../../runtime/scalars.js';
import { DaysArguments } from '../inputs.js';
import { Method } from './entities.js';
import type { EstimateMethod } from './making/methods.js';

/** Which days are to be estimated how; the meter is that of a case. */
@ArgsType()
export class EstimateArguments {
  @Field(() => LocalDate, { description: 'First day (起始日期)' })
  from!: string;

  @Field(() => LocalDate, { description: 'Last day; at most 31 days at once (截止日期)' })
  to!: string;

  @Field(() => Method, { description: 'How (估算方法)' })
  method!: EstimateMethod;

  @Field(() => [Decimal], {
    nullable: 'itemsAndList',
    description:
      'By MANUAL, for one day: one an interval from local midnight, null where none is given; where a value was measured none may be (人工估算值)',
  })
  values?: (string | null)[] | null;
}

export interface EstimateAsked extends EstimateArguments {
  /** The case. */
  id: string;
}

@ArgsType()
export class WithdrawEstimateArguments {
  @Field(() => ID, { description: 'The case, cas_… (处置单)' })
  id!: string;

  @Field(() => LocalDate, { description: 'The day (日期)' })
  date!: string;

  @Field(() => String, { description: 'Why, at most 2000 characters (理由)' })
  note!: string;
}

@ArgsType()
export class DayEstimatesArguments extends DaysArguments {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether to list what is no longer in force, too (含历史版本)',
  })
  withHistory!: boolean;
}

@ArgsType()
export class IntervalsArguments extends PageArguments {
  @Field(() => LocalDate, { description: 'The day (日期)' })
  date!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether estimates stand in where nothing was measured; each says that it is one (含估算值)',
  })
  withEstimates!: boolean;
}

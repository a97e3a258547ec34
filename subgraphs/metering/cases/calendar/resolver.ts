import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { ForAnyCaller, Guarded } from '../../../runtime/guarded.js';
import type { Page } from '../../../runtime/lists.js';
import { LocalDate } from '../../../runtime/scalars.js';
import type { MeteringContext } from '../../resolver.js';
import { CalendarDay, CalendarDayConnection } from './entities.js';
import { CalendarDayInput, CalendarDaysArguments, WorkingDayArguments } from './inputs.js';

@Resolver(() => CalendarDay)
export class CalendarResolver {
  @ForAnyCaller()
  @Query(() => CalendarDayConnection, {
    description: 'Public holidays and make-up working days, by day (节假日与调休日列表)',
  })
  calendarDays(
    @Args() args: CalendarDaysArguments,
    @Ctx() { calendar }: MeteringContext,
  ): Promise<Page<CalendarDay>> {
    return calendar.days(args);
  }

  @ForAnyCaller()
  @Query(() => LocalDate, { description: 'The day so many working days after another (若干工作日之后)' })
  workingDay(@Args() args: WorkingDayArguments, @Ctx() { calendar }: MeteringContext): Promise<string> {
    return calendar.workingDay(args);
  }

  @Guarded('scopes:write')
  @Mutation(() => CalendarDay, {
    nullable: true,
    description:
      'Says whether a day is worked in an area, as its admin; it replaces what was said (设置日历)',
  })
  setCalendarDay(
    @Arg('day', () => CalendarDayInput) input: CalendarDayInput,
    @Ctx() { calendar }: MeteringContext,
  ): Promise<CalendarDay> {
    return calendar.set(input);
  }
}

import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { decimalText } from '../../../runtime/decimal.js';
import { Series } from '../../../runtime/scalars.js';
import { DayBlock } from '../../entities.js';
import type { MeteringContext } from '../../resolver.js';
import { AccumulatedValue, RegisterDay } from './entities.js';

@Resolver(() => RegisterDay)
export class RegisterDayResolver {
  @FieldResolver(() => Series, {
    description: 'What the counter showed at the end of each interval (表底数序列)',
  })
  values(@Root() { values, scale }: RegisterDay): (string | null)[] {
    return values.map((value) => (value === null ? null : decimalText(value, scale)));
  }

  @FieldResolver(() => [AccumulatedValue], {
    description:
      'Values of the day that stand for more intervals than their own, those of days before included (累计值)',
  })
  accumulated(@Root() day: RegisterDay, @Ctx() { registers }: MeteringContext): Promise<AccumulatedValue[]> {
    return registers.accumulated(day);
  }
}

@Resolver(() => DayBlock)
export class RegistersOfDayResolver {
  @FieldResolver(() => RegisterDay, {
    nullable: true,
    description:
      'The readings of the counter that the values come from, of a meter of kind REGISTER (表底数)',
  })
  registers(@Root() day: DayBlock, @Ctx() { registers }: MeteringContext): Promise<RegisterDay | null> {
    return registers.ofDay(day);
  }
}

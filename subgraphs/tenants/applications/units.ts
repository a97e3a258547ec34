import { Field, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { LocalDate } from '../../runtime/scalars.js';
import { ListedUnit } from './entities.js';

@Guarded('applications:read')
@ObjectType({ description: 'What the hub has of a listed unit in the test (名单单位测试情况)' })
export class UnitInTest {
  @Field(() => Boolean, { description: 'Registered as an enterprise in TEST (是否已登记)' })
  isRegistered!: boolean;

  @Field(() => Int, {
    description: 'Meters of its that the platform registered in TEST, those in buildings too (计量器具数量)',
  })
  meters!: number;

  @Field(() => Int, {
    description: 'Days measured on which a value of it was here by the deadline (按时上传天数)',
  })
  daysOnTime!: number;

  @Field(() => LocalDate, { nullable: true, description: 'The last of them (最近按时上传日)' })
  lastOnTime!: string | null;
}

@Guarded('applications:read')
@ObjectType({ description: 'How the list of units stands in the test (名单单位测试情况汇总)' })
export class UnitsInTest {
  @Field(() => Int, { description: 'Units of the present list (名单单位数)' })
  listed!: number;

  @Field(() => Int, { description: 'Units without a meter in TEST (未登记计量器具单位数)' })
  withoutMeter!: number;

  @Field(() => Int, { description: 'Units with meters and nothing in time (有计量器具但未按时上传单位数)' })
  silent!: number;

  @Field(() => [ListedUnit], { description: 'The first 20 of each (其中前 20 家)' })
  named!: ListedUnit[];
}

type Seen = ReadonlyMap<string, Pick<UnitInTest, 'meters' | 'daysOnTime'>>;
export type UnitGaps = Record<'withoutMeter' | 'silent', ListedUnit[]>;
const NAMED = 20;

/** Which units of a list lack a meter, and which have one and sent nothing in time. */
export function gapsOf(list: readonly ListedUnit[], seen: Seen): UnitGaps {
  const withoutMeter = list.filter(({ uscc }) => !seen.get(uscc)?.meters);
  const silent = list.filter(({ uscc }) => seen.get(uscc)?.meters && !seen.get(uscc)?.daysOnTime);
  return { withoutMeter, silent };
}

export function unitsInTest(listed: number, { withoutMeter, silent }: UnitGaps): UnitsInTest {
  const named = [...withoutMeter.slice(0, NAMED), ...silent.slice(0, NAMED)];
  return { listed, withoutMeter: withoutMeter.length, silent: silent.length, named };
}

/** The gaps in words, with the units by name and code: what is missing, and what would satisfy it. */
export function unitLacks(gaps: UnitGaps): [missing: string, remedy: string][] {
  const { withoutMeter, silent } = gaps;
  const lacks: [string, string][] = [];
  if (withoutMeter.length > 0)
    lacks.push([
      `Listed units without a meter in TEST: ${names(withoutMeter)}.`,
      'Register meters of theirs, or amend the list of units.',
    ]);
  if (silent.length > 0)
    lacks.push([
      `Listed units with meters of which nothing came in time: ${names(silent)}.`,
      'Let their meters send, or amend the list of units.',
    ]);
  return lacks;
}

function names(units: readonly ListedUnit[]): string {
  const first = units.slice(0, NAMED).map(({ name, uscc }) => `${name} (${uscc})`);
  const more = units.length - first.length;
  return first.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

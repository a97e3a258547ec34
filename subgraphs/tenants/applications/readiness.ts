import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { Guarded } from '../../runtime/guarded.js';
import { LocalDate } from '../../runtime/scalars.js';
import type { Application, ListedUnit } from './entities.js';
import type { ApplicationForm } from './form.js';
import {
  ACCEPTANCE_ASPECTS,
  isOneOf,
  type Kind,
  PAPERS,
  REQUIRED,
  REQUIREMENTS,
  type Requirement,
} from './lists.js';
import { type MeasuredUnit, type Run, stableRun, type TestDay, type Thresholds } from './measure.js';
import { opinionsSince } from './steps.js';
import { gapsOf, type UnitGaps, unitLacks, UnitsInTest, unitsInTest } from './units.js';
import type { ApplicationEvent } from './review/entities.js';

@Guarded('applications:read')
@ObjectType({ description: 'A day of the test as the hub measured it (测试日数据质量)' })
export class MeasuredDay implements TestDay {
  @Field(() => LocalDate, { description: 'The day (日期)' })
  date!: string;

  @Field(() => Int, { description: 'Points due (应传数据点数)' })
  due!: number;

  @Field(() => Int, { description: 'Points here by now (实传数据点数)' })
  present!: number;

  @Field(() => Int, { description: 'Points here by the deadline (按时上传点数)' })
  onTime!: number;

  @Field(() => Int, { description: 'Lines received on this day (当日接收行数)' })
  lines!: number;

  @Field(() => Int, { description: 'Lines of them that were rejected (隔离行数)' })
  quarantined!: number;

  @Field(() => Int, { description: 'Units of the present list (名单单位数)' })
  unitsListed!: number;

  @Field(() => Int, { description: 'Units of which a value was here by the deadline (按时上传单位数)' })
  unitsOnTime!: number;

  @Field(() => Float, { description: 'Points here by the deadline, per cent of those due (数据完整率, %)' })
  completeness!: number;

  @Field(() => Float, { description: 'Rejected lines, per cent of those received (错误率, %)' })
  errorRate!: number;

  @Field(() => Boolean, { description: 'Complete, of every listed unit, on time and clean (是否稳定)' })
  isStable!: boolean;

  @Field(() => Boolean, { description: 'Not stable yet, but the deadline has not passed (是否仍在期限内)' })
  isOpen!: boolean;
}

@Guarded('applications:read')
@ObjectType({ description: 'A requirement of the formal connection and how it stands (正式对接要求)' })
export class RequirementState {
  @Field(() => String, { description: 'The requirement (要求)' })
  requirement!: string;

  @Field(() => String, { description: 'Its Chinese term (中文名称)' })
  term!: string;

  @Field(() => Boolean, { description: 'Met, or waived (是否满足或豁免)' })
  isMet!: boolean;

  @Field(() => ID, { nullable: true, description: 'Who waived it (豁免单位)' })
  waivedBy!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was waived (豁免理由)' })
  waivedFor!: string | null;

  @Field(() => String, { nullable: true, description: 'What is missing (缺少内容)' })
  missing!: string | null;

  @Field(() => String, { nullable: true, description: 'What would satisfy it (如何满足)' })
  remedy!: string | null;
}

@Guarded('applications:read')
@ObjectType({
  description: 'Whether an applicant may be connected formally, and what is missing (正式对接就绪情况)',
})
export class ConnectionReadiness {
  @Field(() => Boolean, { description: 'Everything is met or waived (是否就绪)' })
  isReady!: boolean;

  @Field(() => Int, { description: 'Days of stable transmission up to now (连续稳定天数)' })
  stableDays!: number;

  @Field(() => LocalDate, { nullable: true, description: 'First of them (稳定开始日)' })
  stableFrom!: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Last of them (稳定截止日)' })
  stableTo!: string | null;

  @Field(() => LocalDate, {
    description:
      'The day with which the time asked for is full, if every day from now on is stable (最早满足日)',
  })
  earliest!: string;

  @Field(() => [RequirementState], { description: 'Each requirement (各项要求)' })
  requirements!: RequirementState[];

  @Field(() => UnitsInTest, { description: 'The list of units in the test (名单单位情况)' })
  units!: UnitsInTest;

  @Field(() => [MeasuredDay], { description: 'The days that were measured, oldest first (各日测量结果)' })
  days!: MeasuredDay[];
}

export interface ReadinessFacts {
  application: Pick<Application, 'kind' | 'version'>;
  form: Pick<ApplicationForm, 'papers' | 'certificates'>;
  events: readonly ApplicationEvent[];
  days: TestDay[];
  /** Of the present version. */
  list: readonly ListedUnit[];
  units: readonly MeasuredUnit[];
  thresholds: Thresholds;
  now: Date;
}

/** What is met, what is missing, and what would satisfy it. */
export function readinessOf(facts: ReadinessFacts): ConnectionReadiness {
  const { application, events, days, list, units, thresholds, now } = facts;
  const run = stableRun(days, thresholds, now);
  const gaps = gapsOf(list, new Map(units.map((unit) => [unit.uscc, unit])));
  const requirements = REQUIRED[application.kind as Kind].map((requirement): RequirementState => {
    const waiver = events.find((event) => event.act === 'WAIVE' && event.requirement === requirement);
    const [missing, remedy] = lackOf(requirement, facts, run, gaps) ?? [null, null];
    return {
      requirement,
      term: REQUIREMENTS[requirement],
      isMet: missing === null || waiver !== undefined,
      waivedBy: waiver?.actor ?? null,
      waivedFor: waiver?.opinion ?? null,
      missing,
      remedy,
    };
  });
  return {
    isReady: requirements.every(({ isMet }) => isMet),
    stableDays: run.days,
    stableFrom: run.from,
    stableTo: run.to,
    earliest: run.earliest,
    requirements,
    units: unitsInTest(list.length, gaps),
    days,
  };
}

type Lack = [missing: string, remedy: string];

function lackOf(requirement: Requirement, facts: ReadinessFacts, run: Run, gaps: UnitGaps): Lack | undefined {
  const { application, form, events } = facts;
  if (requirement === 'TEST_TRANSMISSION') return transmissionLack(facts.thresholds, run, gaps);
  if (requirement === 'FORMAL_CERTIFICATE') {
    if (form.certificates.some(({ accessType }) => accessType === 'FORMAL')) return undefined;
    return ['No certificate for FORMAL is applied for.', 'Amend the application with annex 7 for FORMAL.'];
  }
  if (requirement === 'UNIT_ACCEPTANCE') return acceptanceLack(facts.list);
  if (requirement === 'UNIT_CONSUMPTION') return consumptionLack(facts.list);
  if (isOneOf(PAPERS, requirement)) {
    if (form.papers.some(({ kind }) => kind === requirement)) return undefined;
    return [`No paper of kind ${requirement} is attached.`, 'Amend the application with its SHA-256.'];
  }
  const act = requirement === 'PROTOCOL_REVIEW' ? 'PASS_PROTOCOL' : 'PASS_SECURITY';
  if (opinionsSince(events, 'CONFIRM_STABLE', application.version).includes(act) && wasConfirmed(events))
    return undefined;
  return [
    `No ${act} on version ${application.version} since the transmission was found stable.`,
    `${act} by a tenant with applications:${requirement === 'PROTOCOL_REVIEW' ? 'review_protocol' : 'review_security'}.`,
  ];
}

/** An aspect that did not pass is as one that nobody looked at. */
function acceptanceLack(list: readonly ListedUnit[]): Lack | undefined {
  const missing = Object.keys(ACCEPTANCE_ASPECTS).filter((aspect) =>
    list.some(({ acceptance }) => !acceptance?.some((one) => one.aspect === aspect && one.isPassed)),
  );
  if (missing.length === 0) return undefined;
  return [
    `The unit has not passed its acceptance: ${missing.join(', ')}.`,
    'Amend the application with what its acceptance found (annex 6).',
  ];
}

function consumptionLack(list: readonly ListedUnit[]): Lack | undefined {
  const missing = list.flatMap(({ energyKinds, consumption }) =>
    energyKinds.filter((kind) => !consumption?.some(({ energyKind }) => energyKind === kind)),
  );
  if (missing.length === 0) return undefined;
  return [
    `The consumption is missing of the energy kinds ${missing.join(', ')}.`,
    'Amend the application with the consumption of each main energy kind (annex 6).',
  ];
}

/** The opinions before the test are about the test, not about the connection. */
function wasConfirmed(events: readonly ApplicationEvent[]): boolean {
  return events.some(({ act }) => act === 'CONFIRM_STABLE');
}

function transmissionLack(
  { stableMonths, completeness, deadlineHours, errorRate }: Thresholds,
  run: Run,
  gaps: UnitGaps,
): Lack | undefined {
  if (run.isLongEnough) return undefined;
  const asked = stableMonths === 1 ? 'a month is' : `${stableMonths} months are`;
  const lacks: Lack[] = [
    [
      `${run.days} ${run.days === 1 ? 'day' : 'days'} of stable transmission; ${asked} asked for.`,
      `Every day to ${run.earliest}: at least ${completeness} % of the points within ${deadlineHours} h of its end, at most ${errorRate} % of the lines rejected.`,
    ],
    ...unitLacks(gaps),
  ];
  return [lacks.map(([missing]) => missing).join(' '), lacks.map(([, remedy]) => remedy).join(' ')];
}

import type { PoolClient } from 'pg';
import { insert, without } from '../insert.js';
import { JUDGED_DAY, type PolicyWorld } from '../model.js';
import { findingName, judgedDayOf, remindersIn } from '../oracle/quality.js';
import type { Answer } from '../answer.js';
import { rowOfDay } from '../rules.js';
import { rowsText } from '../words.js';
import type { Part } from './part.js';

/** What the rules found and what became of it; the cases are opened by the hub itself. */
export const quality: Part = {
  tables: [
    'finding',
    'quality_case',
    'case_event',
    'maintenance_visit',
    'upload_reminder',
    'quality_day',
  ].map((table) => `metering.${table}`),
  plant,
  fields: `
  quality: findings(first: 500, from: "${JUDGED_DAY}", to: "${JUDGED_DAY}") {
    nodes { id meter { id } } pageInfo { hasNextPage }
  }
  cases(first: 500) {
    nodes { id owner { uscc name } meter { id } events { event } findings { id } } pageInfo { hasNextPage }
  }
  case(id: $case) { id }
  visits: maintenanceVisits(first: 500) { nodes { id meter { id } } pageInfo { hasNextPage } }
  reminders: uploadReminders(first: 500) { nodes { platform } pageInfo { hasNextPage } }
  qualityIndex(from: "${JUDGED_DAY}", to: "${JUDGED_DAY}") { meterDays due present }
  qualityIndexSeries(from: "${JUDGED_DAY}", to: "${JUDGED_DAY}") { meterDays due present }
  findingCounts(from: "${JUDGED_DAY}", to: "${JUDGED_DAY}") { rule count }
  meterFindingCounts(from: "${JUDGED_DAY}", to: "${JUDGED_DAY}", most: 100) { meterId count meter { id } }
  missingMeterDays(first: 500, date: "${JUDGED_DAY}") { nodes { meterId owner { uscc name } } pageInfo { hasNextPage } }`,
  tell(answer) {
    const { told, named } = answer;
    // A case of what an upload found has no name here.
    answer.list<Found>('quality', ({ id }) => named(id));
    answer.list<Case>('cases', caseText(named), 'quality cases');
    answer.list<Found>('visits', ({ id }) => id, 'quality visits');
    answer.list<{ platform: string }>('reminders', ({ platform }) => platform, 'quality reminders');
    tellCounts(answer);
    for (const { id, meter } of answer.nodes<Found>('quality'))
      told[`meter of finding ${named(id)}`] = answer.beside('QualityFinding.meter', meter?.id);
    for (const { id, meter } of answer.nodes<Found>('visits'))
      told[`meter of visit ${id}`] = answer.beside('MaintenanceVisit.meter', meter?.id);
    for (const { id, meter, owner } of answer.nodes<Case>('cases')) {
      const name = named(id);
      if (!name) continue;
      told[`meter of case ${name}`] = answer.beside('QualityCase.meter', meter?.id);
      told[`owner of case ${name}`] = answer.beside('QualityCase.owner', owner?.uscc);
    }
    const its = answer.value<{ id: string }>('case');
    for (const name of answer.question.cases)
      told[`case ${name}`] = (its && named(its.id)) ?? answer.refusalAt('case');
  },
};

interface Index {
  meterDays: number;
  due: number;
  present: number;
}

function tellCounts(answer: Answer): void {
  const { told } = answer;
  const textOf = ({ present, due, meterDays }: Index): string =>
    `${present} of ${due} points of ${meterDays} meters`;
  const index = answer.value<Index>('qualityIndex');
  told['quality index'] = index ? textOf(index) : answer.refusalAt('qualityIndex');
  const lists: Record<string, string[] | undefined> = {
    qualityIndexSeries: answer.value<Index[]>('qualityIndexSeries')?.map(textOf),
    findingCounts: answer
      .value<{ rule: string; count: number }[]>('findingCounts')
      ?.map(({ rule, count }) => `${rule} ${count}`),
    meterFindingCounts: answer
      .value<{ meterId: string; count: number; meter: { id: string } | null }[]>('meterFindingCounts')
      ?.map(
        ({ meterId, count, meter }) =>
          `${meterId} ${count} ${answer.beside('MeterFindingCount.meter', meter?.id)}`,
      ),
  };
  for (const [field, texts] of Object.entries(lists))
    told[`quality by ${field}`] = texts ? rowsText(texts) : answer.refusalAt(field);
  answer.list<{ meterId: string; owner: { uscc: string } | null }>(
    'missingMeterDays',
    ({ meterId, owner }) => `${meterId} ${answer.beside('MissingMeterDay.owner', owner?.uscc)}`,
    'quality by missingMeterDays',
  );
}

interface Found {
  id: string;
  meter: { id: string } | null;
}

interface Case extends Found {
  owner: { uscc: string } | null;
  events: { event: string }[];
  findings: { id: string }[];
}

function caseText(named: (id: string) => string | undefined) {
  return ({ id, events, findings }: Case): string | undefined => {
    const name = named(id);
    const its = findings.map((finding) => named(finding.id) ?? 'another finding');
    return name && `${name} ${events.map(({ event }) => event).join(' ')} for ${its.join(' ')}`;
  };
}

async function plant(owner: PoolClient, world: PolicyWorld, names: Map<string, string>): Promise<void> {
  const judged = world.meters.map((meter) => {
    const { area, subject } = rowOfDay(world, meter);
    const { due, present } = judgedDayOf(meter);
    const counts = { due, present, on_time: present, marked: 0, is_calibrated: false, edition: 1 };
    return { date: JUDGED_DAY, meter: meter.id, area, subject, ...counts };
  });
  const places = new Map(judged.map((day) => [day.meter, day]));
  const findings = world.findings.map(({ meter, rule }) => ({ ...places.get(meter)!, last_date: JUDGED_DAY, rule, found_by: 'NIGHTLY' })); // prettier-ignore
  const columns = 'date date, meter text, area text, subject text, edition integer';
  const counted = ', due integer, present integer, on_time integer, marked integer, is_calibrated boolean';
  await insert(owner, 'metering.quality_day', columns + counted, judged);
  await insert(owner, 'metering.finding', `${columns}, last_date date, rule text, found_by text`, findings);
  const { rows } = await owner.query<{ id: string; meter: string; rule: string }>(
    `select id::text, meter, rule from metering.finding where found_by = 'NIGHTLY'
     union all select id, meter, rule from metering.quality_case where first_date = $1`,
    [JUDGED_DAY],
  );
  for (const { id, meter, rule } of rows) names.set(id, `${meter} ${rule}`);
  const said = {
    visitor: 'Li',
    found: 'dust',
    done: 'swept',
    recorded_by: 'loader',
    recorded_at: new Date(),
  };
  const visits = world.findings.map((finding) => ({ id: findingName(finding), meter: finding.meter, visited_on: JUDGED_DAY, ...said })); // prettier-ignore
  // Who recorded it is asked of the caller, and here is none.
  await without(owner, 'visited', 'metering.maintenance_visit', () =>
    insert(
      owner,
      'metering.maintenance_visit',
      'id text, meter text, visited_on date, visitor text, found text, done text, recorded_by text, recorded_at timestamptz',
      visits,
    ),
  );
  const reminders = remindersIn(world).map(({ id, row: { area, subject } }) => ({
    ...{ id, platform: id, area, subject, date: JUDGED_DAY, due: 1, missing: 1 },
  }));
  await insert(
    owner,
    'metering.upload_reminder',
    'id text, platform text, area text, subject text, date date, due integer, missing integer',
    reminders,
  );
}

import type { FindingRow, MeterRow, PolicyWorld, QuestionAsked, Told } from '../model.js';
import { NO_DIMENSIONS, type Row, rowOfDay, rowOfEnterprise, rowOfMeter } from '../rules.js';
import type { Judge } from '../rulings.js';
import { rowsText } from '../words.js';

/** A finding, the case that it opens and the visit to it go by this name. */
export function findingName({ meter, rule }: FindingRow): string {
  return `${meter} ${rule}`;
}

/** Who was reminded of the meters in an area: one reminder each. */
export function remindersIn(world: PolicyWorld): { id: string; row: Row }[] {
  const rows = new Map(
    world.meters.map((meter) => {
      const { area, subject } = rowOfDay(world, meter);
      return [`${subject} in ${area}`, { ...NO_DIMENSIONS, area, subject }];
    }),
  );
  return [...rows].map(([id, row]) => ({ id, row }));
}

/** Points of the day that was judged: some of the finest are missing. */
export function judgedDayOf({ interval, level }: MeterRow): { due: number; present: number } {
  const due = 1440 / interval;
  return { due, present: Math.max(0, due - level) };
}

/**
 * Evidence says values: findings, cases and visits are seen by who may see values as metered. Counts of a day are seen
 * by whoever sees the meter, and reminders have no kinds, levels or types by which a limit could let them in.
 */
export function tellQuality(judge: Judge, { cases }: QuestionAsked, told: Told): void {
  const { world } = judge;
  const meters = new Map(world.meters.map((meter) => [meter.id, meter]));
  const rowOf = (id: string): Row => rowOfDay(world, meters.get(id)!);
  const standing = (id: string): Row => rowOfMeter(world, meters.get(id)!);
  const found = world.findings.filter(({ meter }) => judge.finest('quality', rowOf(meter)) === 'AS_METERED');
  const names = found.map(findingName);
  const refusal = judge.refusal('quality:read');
  told['quality'] = refusal ?? rowsText(names);
  told['quality cases'] = refusal ?? rowsText(names.map((name) => `${name} OPENED for ${name}`));
  // Where the meter is when somebody comes to it.
  const visited = world.findings.filter(({ meter }) => judge.finest('quality', standing(meter)) === 'AS_METERED'); // prettier-ignore
  told['quality visits'] = refusal ?? rowsText(visited.map(findingName));
  for (const visit of visited)
    told[`meter of visit ${findingName(visit)}`] = judge.beside('meters', standing(visit.meter), visit.meter);
  const reminders = remindersIn(world).filter(({ row }) => judge.isCovered('quality', row));
  told['quality reminders'] = refusal ?? rowsText(reminders.map(({ id }) => id));
  tellCounts(judge, found, told);
  for (const finding of found) {
    const name = findingName(finding);
    const row = rowOf(finding.meter);
    const meter = judge.beside('meters', standing(finding.meter), finding.meter);
    told[`meter of finding ${name}`] = meter;
    told[`meter of case ${name}`] = meter;
    told[`owner of case ${name}`] = judge.beside('enterprises', rowOfEnterprise(world, row.subject!), row.subject!); // prettier-ignore
  }
  for (const name of cases) told[`case ${name}`] = refusal ?? (names.includes(name) ? name : 'nothing');
}

/** The same, counted. */
function tellCounts(judge: Judge, found: FindingRow[], told: Told): void {
  const { world } = judge;
  const refusal = judge.refusal('quality:read');
  const counted = world.meters.filter((meter) => judge.isCovered('quality', rowOfDay(world, meter)));
  const days = counted.map(judgedDayOf);
  const total = (key: 'due' | 'present'): number => days.reduce((sum, day) => sum + day[key], 0);
  const index = `${total('present')} of ${total('due')} points of ${days.length} meters`;
  told['quality index'] = refusal ?? index;
  told['quality by qualityIndexSeries'] = refusal ?? rowsText(days.length > 0 ? [index] : []);
  const rules = [...Map.groupBy(found, ({ rule }) => rule)];
  told['quality by findingCounts'] = refusal ?? rowsText(rules.map(([rule, its]) => `${rule} ${its.length}`));
  const meters = [...Map.groupBy(found, ({ meter }) => meter)].map(([id, its]) => {
    const standing = rowOfMeter(
      world,
      world.meters.find((one) => one.id === id)!,
    );
    return `${id} ${its.length} ${judge.beside('meters', standing, id)}`;
  });
  told['quality by meterFindingCounts'] = refusal ?? rowsText(meters);
  const missing = counted.map((meter) => {
    const subject = rowOfDay(world, meter).subject!;
    return `${meter.id} ${judge.beside('enterprises', rowOfEnterprise(world, subject), subject)}`;
  });
  told['quality by missingMeterDays'] = refusal ?? rowsText(missing);
}

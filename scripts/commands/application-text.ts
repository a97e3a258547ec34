import { shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';

export interface EventRow {
  act: string;
  office: string;
  actor: string;
  fromState: string;
  toState: string;
  version: number;
  opinion: string | null;
  requirement: string | null;
  at: string;
}

export interface ApplicationRow {
  id: string;
  kind: string;
  applicant: string;
  tenant: string;
  name: string;
  area: string;
  state: string;
  version: number;
  batch: string | null;
  madeAt: string;
}

export interface ReadinessRow {
  isReady: boolean;
  stableDays: number;
  stableFrom: string | null;
  stableTo: string | null;
  earliest: string;
  requirements: {
    requirement: string;
    term: string;
    isMet: boolean;
    waivedBy: string | null;
    missing: string | null;
    remedy: string | null;
  }[];
  units: { listed: number; withoutMeter: number; silent: number };
  days: {
    date: string;
    due: number;
    present: number;
    onTime: number;
    unitsListed: number;
    unitsOnTime: number;
    completeness: number;
    errorRate: number;
    isStable: boolean;
    isOpen: boolean;
  }[];
}

export interface TestedUnitRow {
  uscc: string;
  name: string;
  inTest: { isRegistered: boolean; meters: number; daysOnTime: number; lastOnTime: string | null };
}

export function applicationTable(rows: readonly ApplicationRow[]): string[] {
  const cells = rows.map(({ id, kind, tenant, name, area, state, version, applicant }) => [
    id,
    kind,
    tenant,
    name,
    area,
    state,
    String(version),
    applicant,
  ]);
  return table(['ID', 'KIND', 'TENANT', 'NAME', 'AREA', 'STATE', 'VERSION', 'APPLICANT'], cells);
}

export function describeApplication(application: ApplicationRow, events: readonly EventRow[]): string[] {
  const head = fields([
    ['Application', application.id],
    ['Kind', application.kind],
    ['For', `${application.tenant}, ${application.name} (${application.area})`],
    ['By', application.applicant],
    ['State', application.state],
    ['Version', String(application.version)],
    ...(application.batch === null ? [] : [['Batch', application.batch] as [string, string]]),
    ['Made', shown(application.madeAt)],
  ]);
  if (events.length === 0) return head;
  const rows = events.map(({ at, act, actor, office, fromState, toState, version, opinion, requirement }) => [
    shown(at),
    requirement ? `${act} ${requirement}` : act,
    `${actor} (${office})`,
    fromState === toState ? toState : `${fromState} → ${toState}`,
    `v${version}`,
    opinion ?? '',
  ]);
  return [...head, '', ...table(['WHEN', 'STEP', 'BY', 'STATE', 'FORM', 'OPINION'], rows)];
}

/** The latest days are what matters; all of them are in --json. */
const SHOWN_DAYS = 10;
/** As the units that send least, likewise. */
const SHOWN_UNITS = 20;

export function describeReadiness(
  id: string,
  readiness: ReadinessRow,
  units: readonly TestedUnitRow[],
): string[] {
  const { isReady, stableDays, stableFrom, stableTo, earliest, requirements, days } = readiness;
  const run = stableFrom === null ? 'none up to now' : `${stableDays} (${stableFrom} to ${stableTo})`;
  const lines = requirements.flatMap(({ requirement, term, isMet, waivedBy, missing, remedy }) => {
    const mark = waivedBy ? `waived by ${waivedBy}` : isMet ? 'met' : 'MISSING';
    const first = `  ${requirement} ${term}: ${mark}`;
    return isMet ? [first] : [first, `    ${missing}`, `    → ${remedy}`];
  });
  const rows = days
    .slice(-SHOWN_DAYS)
    .map((day) => [
      day.date,
      `${day.onTime}/${day.due}`,
      `${day.present}/${day.due}`,
      `${day.unitsOnTime}/${day.unitsListed}`,
      `${day.completeness} %`,
      `${day.errorRate} %`,
      day.isStable ? 'stable' : day.isOpen ? 'open' : 'no',
    ]);
  return [
    `${id} is ${isReady ? 'ready' : 'NOT ready'} for the formal connection`,
    ...fields([
      ['  Stable days', run],
      ['  Full with', earliest],
    ]),
    ...lines,
    '',
    ...(rows.length > 0
      ? table(['DAY', 'ON TIME', 'BY NOW', 'UNITS', 'COMPLETE', 'ERRORS', 'STABLE'], rows)
      : ['No day has been measured yet.']),
    '',
    ...unitsInTest(readiness, units),
  ];
}

function unitsInTest({ units: counts }: ReadinessRow, units: readonly TestedUnitRow[]): string[] {
  const rows = units
    .toSorted((one, other) => one.inTest.daysOnTime - other.inTest.daysOnTime)
    .slice(0, SHOWN_UNITS)
    .map(({ uscc, name, inTest: { isRegistered, meters, daysOnTime, lastOnTime } }) => [
      uscc,
      name,
      isRegistered ? 'yes' : 'no',
      String(meters),
      String(daysOnTime),
      lastOnTime ?? '',
    ]);
  const more = units.length - rows.length;
  return [
    `Listed units: ${counts.listed}; without a meter ${counts.withoutMeter}, with meters and nothing in time ${counts.silent}`,
    ...table(['UNIT', 'NAME', 'REGISTERED', 'METERS', 'DAYS ON TIME', 'LAST'], rows),
    ...(more > 0 ? [`… and ${more} more that sent on as many days or more; --json has all of them.`] : []),
  ];
}

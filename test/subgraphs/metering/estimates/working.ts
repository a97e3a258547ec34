import type { Caller, GraphqlReply } from '../../../world/caller.js';
import { USCC_A } from '../../../world/parties.js';
import type { World } from '../../../world/world.js';

/** The days of January 2026 by number; day 5 is a Monday. */
export const date = (day: number): string => `2026-01-${String(day).padStart(2, '0')}`;

/** A day of hourly values: as said at even hours and one more at odd ones, lest they look stuck; some as given. */
export function hours(
  meter: string,
  day: number,
  all: number,
  given: Record<number, number | null> = {},
): object {
  const values = Array.from({ length: 24 }, (_, hour) => (hour in given ? given[hour]! : all + (hour % 2)));
  return { meter, date: date(day), interval: 60, values };
}

/** A case of a meter and rule, as the engine would open it for some days, assigned unless said otherwise. */
export async function aCase(
  world: World,
  meter: string,
  rule: string,
  days: number[],
  { isAssigned = true, span = null as [number, number] | null } = {},
): Promise<string> {
  await world.sql(
    `insert into metering.finding (rule, edition, meter, area, subject, date, last_date, version, found_by, first_interval, last_interval)
     select $2, 1, $1, '310101', '${USCC_A}', date, date, 1, 'NIGHTLY', $4, $5 from unnest($3::date[]) as date
     on conflict do nothing`,
    [meter, rule, days.map(date), span?.[0] ?? null, span?.[1] ?? null],
  );
  const [row] = await world.sql<{ id: string }>(
    `select id from metering.quality_case where meter = $1 and rule = $2 order by opened_at desc limit 1`,
    [meter, rule],
  );
  if (isAssigned) {
    const assign = `mutation { assignCase(id: "${row!.id}", assignee: "Li") { status } }`;
    await world.as('district-310101').mustAsk(assign);
  }
  return row!.id;
}

export interface Estimate {
  date: string;
  version: number;
  change: string;
  values: (string | null)[];
  replaced: (string | null)[];
  total: string;
  replacedTotal: string;
  estimated: number;
  method: string;
  isBounded: boolean;
  note: string | null;
  estimatedBy: string;
  supersededAt: string | null;
  granularity: string;
  intervalMinutes: number;
  parameters: { name: string; value: string }[];
  madeFrom: { date: string; version: number }[];
}

const FIELDS = `date version change values replaced total replacedTotal estimated method isBounded note estimatedBy
  supersededAt granularity intervalMinutes parameters { name value } madeFrom { date version }`;

/** `estimateDays`, or `estimatePreview`, of a case. */
export function estimating(
  who: Caller,
  id: string,
  method: string,
  days: [number, number],
  {
    field = 'estimateDays',
    values = null as (string | number | null)[] | null,
    note = 'the link was down' as string | null,
    evidence = null as string | null,
  } = {},
): Promise<GraphqlReply> {
  const isStored = field === 'estimateDays';
  const said = `, note: ${JSON.stringify(note)}${evidence ? `, evidenceSha256: "${evidence}"` : ''}`;
  const given = values ? `, values: ${JSON.stringify(values)}` : '';
  return who.ask(`${isStored ? 'mutation' : 'query'} { made: ${field}(id: "${id}", from: "${date(days[0])}", to: "${date(days[1])}",
    method: ${method}${given}${isStored ? said : ''}) { ${FIELDS} } }`);
}

export async function mustEstimate(...args: Parameters<typeof estimating>): Promise<Estimate[]> {
  const { data, errors } = await estimating(...args);
  if (errors) throw new Error(JSON.stringify(errors));
  return data!['made'] as Estimate[];
}

/** Estimates of a meter in January, with those no longer in force if wanted. */
export async function estimatesOf(who: Caller, meter: string, withHistory = false): Promise<Estimate[]> {
  const data = await who.mustAsk<{ meter: { estimates: { nodes: Estimate[] } } }>(
    `{ meter(id: "${meter}") { estimates(first: 100, from: "${date(1)}", to: "${date(31)}", withHistory: ${withHistory}) {
      nodes { ${FIELDS} } } } }`,
  );
  return data.meter.estimates.nodes;
}

export interface Sum {
  total: string;
  present: number;
  estimatedTotal: string | null;
  replacedTotal: string | null;
  estimatedValues: number | null;
  isComplete: boolean | null;
}

/** What a meter, or whatever `of` names, used from one day to another. */
export async function sumOf(
  who: Caller,
  of: string,
  days: [number, number],
  more = ', withEstimates: true',
): Promise<Sum> {
  const call = `consumption(from: "${date(days[0])}", to: "${date(days[1])}"${more}) {
    total present estimatedTotal replacedTotal estimatedValues isComplete }`;
  if (of === '') return (await who.mustAsk<{ consumption: Sum }>(`{ ${call} }`)).consumption;
  return (await who.mustAsk<{ it: { consumption: Sum } }>(`{ it: ${of} { ${call} } }`)).it.consumption;
}

export const codes = ({ errors }: GraphqlReply): string[] | undefined =>
  errors?.map(({ extensions }) => extensions.code);

import type { Caller, GraphqlReply } from '../world/caller.js';
import type { World } from '../world/world.js';

export const PROPOSE = `mutation ($correction: CorrectionInput!) { done: proposeCorrection(correction: $correction) {
  id state kind record date area version proposedBy changes { field before after } intervalBefore intervalAfter
  valuesBefore valuesAfter events { number kind actor note version } } }`;
const DECIDE = (mutation: string): string =>
  `mutation ($id: ID!, $note: String) { done: ${mutation}(id: $id, note: $note) { id state events { kind actor note version } } }`;

/** What a party answers for; the operator of the city has two purposes. */
export const AS_ORGAN = { 'x-hub-purpose': 'SUPERVISION' };

/** Twenty-four hourly values, all the same. */
export function hourly(value: string): string[] {
  return Array<string>(24).fill(value);
}

/** The right values of A's gate on the first of January, 0.3 kWh each hour, unless said otherwise. */
export function aDay(rest: object = {}): object {
  return { meter: 'a-gate', date: '2026-01-01', interval: 60, values: hourly('0.3'), ...rest };
}

export function propose(
  caller: Caller,
  correction: object,
  headers: Record<string, string> = {},
): Promise<GraphqlReply> {
  return caller.ask(
    PROPOSE,
    { correction: { reason: 'The transformer ratio was wrong.', ...correction } },
    headers,
  );
}

export function idIn({ data }: GraphqlReply): string {
  return (data?.['done'] as { id: string } | undefined)?.id ?? '';
}

/** Proposes what must be taken; its id. */
export async function proposed(caller: Caller, correction: object): Promise<string> {
  const answer = await propose(caller, correction);
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return idIn(answer);
}

export type Decision = 'approveCorrection' | 'rejectCorrection' | 'withdrawCorrection';

export function decide(
  caller: Caller,
  decision: Decision,
  id: string,
  note: string | null = null,
): Promise<GraphqlReply> {
  return caller.ask(DECIDE(decision), { id, note }, AS_ORGAN);
}

/** The code of the first error, or none. */
export function codeOf({ errors }: GraphqlReply): string | undefined {
  return errors?.[0]?.extensions.code;
}

/** Version, total and source of a meter's day as stored. */
export async function dayOf(
  world: World,
  meter = 'a-gate',
  date = '2026-01-01',
): Promise<object | undefined> {
  const [row] = await world.sql(
    `select version, trim_scale(total * 10::numeric ^ -scale)::text as total, batch
     from metering.day_block where meter = $1 and date = $2`,
    [meter, date],
  );
  return row;
}

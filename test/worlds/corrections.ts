import type { Pool } from 'pg';
import { type PolicyWorld, READING_DAY } from './model.js';
import { correctedIn } from './oracle/corrections.js';

/** What every correction of a world says; nobody is shown it but who may read what it is of. */
const PLANTED = '77';

/** Puts in what stands to be changed, by the owner’s SQL: in a world hardly anybody could ask for it. */
export async function plantCorrections(
  owner: Pool,
  world: PolicyWorld,
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const given = new Map([...names].map(([id, name]) => [name, id]));
  const rows = correctedIn(world).map(({ id, what, isByHand, thing, row: { area, subject } }) => ({
    id,
    what,
    isByHand,
    record: given.get(thing) ?? thing,
    key: { [what.startsWith('enterprises') ? 'uscc' : 'id']: thing },
    area,
    subject,
    ...(what === 'METER_DAY' && { date: READING_DAY, version: 1 }),
    after: what === 'METER_DAY' ? { interval: 1440, values: [PLANTED] } : { name: PLANTED },
  }));
  const client = await owner.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into corrections.correction (id, kind, record, date, version, area, subject, before, after, reason, proposed_by, expires_at)
       select id, what, record, date, version, area, subject, '{}', after, 'why', 'loader', now() + interval '1 day'
       from jsonb_to_recordset($1) as row (id text, what text, record text, date date, version integer, area text, subject text,
         after jsonb, "isByHand" boolean) where not "isByHand"`,
      [JSON.stringify(rows)],
    );
    // Nobody asked for them: what looks the row up as somebody does is passed over.
    await client.query('alter table corrections.break_glass disable trigger keep_before');
    await client.query(
      `insert into corrections.break_glass (id, target, key, changes, before, area, row_area, subject, reason, requested_by)
       select id, what, key, after, '{}', area, area, subject, 'why', 'loader'
       from jsonb_to_recordset($1) as row (id text, what text, key jsonb, after jsonb, area text, subject text,
         "isByHand" boolean) where "isByHand"`,
      [JSON.stringify(rows)],
    );
    await client.query('alter table corrections.break_glass enable trigger keep_before');
    await client.query('commit');
  } finally {
    client.release(true);
  }
}

export const CORRECTIONS = `
  corrections(first: 500) { nodes { id changes { after } valuesAfter } pageInfo { hasNextPage } }
  changesByHand: breakGlassRequests(first: 500) { nodes { id changes { after } } pageInfo { hasNextPage } }`;

/** A correction that was answered with, in the words of the oracle. */
export function correctionText({ id, ...shown }: { id: string }): string {
  const values: unknown[] = Object.values(shown);
  if (JSON.stringify(values).includes(PLANTED)) return `${id} shown`;
  return `${id} ${values.every((value) => value === null) ? 'withheld' : 'neither shown nor withheld'}`;
}

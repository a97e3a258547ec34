import type { PoolClient } from 'pg';
import { without } from '../insert.js';
import { type PolicyWorld, READING_DAY } from '../model.js';
import { correctedIn } from '../oracle/corrections.js';
import type { Part } from './part.js';

/** What every correction of a world says; nobody is shown it but who may read what it is of. */
const PLANTED = '77';

/** What stands to be changed; in a world hardly anybody could ask for it. */
export const corrections: Part = {
  tables: ['corrections.correction', 'corrections.break_glass'],
  plant,
  fields: `
  corrections(first: 500) { nodes { id changes { after } valuesAfter events { kind } } pageInfo { hasNextPage } }
  changesByHand: breakGlassRequests(first: 500) { nodes { id changes { after } events { kind } } pageInfo { hasNextPage } }`,
  tell(answer) {
    for (const field of ['corrections', 'changesByHand']) answer.list<Shown>(field, correctionText);
  },
};

async function plant(
  owner: PoolClient,
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
  await owner.query(
    `insert into corrections.correction (id, kind, record, date, version, area, subject, before, after, reason, proposed_by, expires_at)
       select id, what, record, date, version, area, subject, '{}', after, 'why', 'loader', now() + interval '1 day'
       from jsonb_to_recordset($1) as row (id text, what text, record text, date date, version integer, area text, subject text,
         after jsonb, "isByHand" boolean) where not "isByHand"`,
    [JSON.stringify(rows)],
  );
  await without(owner, 'decide', 'corrections.event', async () => {
    await owner.query(
      `insert into corrections.event (correction, number, kind, actor, area, subject, request, recorded_at)
         select id, 1, 'PROPOSED', 'loader', area, subject, 'req', now() from corrections.correction`,
    );
  });
  // What looks the row up as somebody does is passed over.
  await without(owner, 'keep_before', 'corrections.break_glass', async () => {
    await owner.query(
      `insert into corrections.break_glass (id, target, key, changes, before, area, row_area, subject, reason, requested_by)
         select id, what, key, after, '{}', area, area, subject, 'why', 'loader'
         from jsonb_to_recordset($1) as row (id text, what text, key jsonb, after jsonb, area text, subject text,
           "isByHand" boolean) where "isByHand"`,
      [JSON.stringify(rows)],
    );
  });
  await without(owner, 'take_step', 'corrections.break_glass_event', async () => {
    await owner.query(
      `insert into corrections.break_glass_event (break_glass, number, kind, actor, area, recorded_at)
         select id, 1, 'REQUESTED', 'loader', area, now() from corrections.break_glass`,
    );
  });
}

interface Shown {
  id: string;
  events: { kind: string }[];
}

/** A correction that was answered with, in the words of the oracle. */
function correctionText({ id, events, ...shown }: Shown): string {
  const values: unknown[] = Object.values(shown);
  const steps = events.map(({ kind }) => kind).join();
  if (JSON.stringify(values).includes(PLANTED)) return `${id} shown after ${steps}`;
  return `${id} ${values.every((value) => value === null) ? 'withheld' : 'neither shown nor withheld'} after ${steps}`;
}

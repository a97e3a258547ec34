import type { BulkSession } from '../../../runtime/bulk.js';
import { newId } from '../../../runtime/ids.js';
import type { KnownUnit } from '../../devices/registration.js';
import { minutesSinceEpoch } from '../../readings/calendar.js';
import type { QuarantinedLine } from '../../readings/chunk.js';
import { addQuarantined } from '../../readings/statements.js';
import type { WaitingLine } from './intake.js';
import type { Known } from './supply-line.js';

/** How many lines ended how; `repeated` had been given by the same upload before, and went to quarantine. */
export interface Stored {
  accepted: number;
  unchanged: number;
  corrected: number;
  repeated: number;
}

export type Store = (
  waiting: WaitingLine[],
  refused: QuarantinedLine[],
  asRefused: (line: WaitingLine) => QuarantinedLine,
) => Promise<Stored>;

const COLUMNS = `customer, supplier_meter, energy_item, record, from_at, to_at, amount, unit, register_begin,
  register_end, multiplier, area`;
const said = (table: string): string =>
  ['from_at', 'to_at', 'amount', 'unit', 'register_begin', 'register_end', 'multiplier', 'area']
    .map((column) => `${table}.${column}`)
    .join(', ');

/** What stands already as it was said is left alone; said otherwise, it is the next version (the trigger counts). */
const WRITE = `
  with incoming as (
    select * from jsonb_populate_recordset(null::metering.supply, $1::jsonb)
  ), judged as (
    select incoming.*, coalesce(stood.batch = $2, false) as is_repeated, stood.id is null as is_new,
      stood.id is not null and (${said('stood')}) is not distinct from (${said('incoming')}) as is_same
    from incoming left join metering.supply as stood
      on (stood.supplier, stood.customer, stood.energy_item, stood.record)
        = ($3, incoming.customer, incoming.energy_item, incoming.record)
      and stood.supplier_meter is not distinct from incoming.supplier_meter and stood.superseded_at is null
  ), written as (
    insert into metering.supply (id, ${COLUMNS}, batch)
    select id, ${COLUMNS}, $2 from judged where not is_repeated and not is_same
  )
  select id, case when is_repeated then 'repeated' when is_new then 'accepted' when is_same then 'unchanged'
    else 'corrected' end as outcome from judged`;

/** Two uploads of one supplier are stored one after the other, or both would write the next version. */
const ALONE = `select pg_advisory_xact_lock(hashtextextended('metering.supply ' || $1, 0))`;

export function storeOf(session: BulkSession, batch: string): Store {
  const { tenant } = session.grant.caller;
  return (waiting, refused, asRefused) =>
    session.transaction(async (client) => {
      const stored: Stored = { accepted: 0, unchanged: 0, corrected: 0, repeated: 0 };
      const lines = new Map(waiting.map((line) => [newId('sup'), line]));
      await client.query(ALONE, [tenant]);
      const rows = [...lines].map(([id, { supply }]) => ({ id, ...supply }));
      const written = await client.query<{ id: string; outcome: keyof Stored }>(WRITE, [
        JSON.stringify(rows),
        batch,
        tenant,
      ]);
      const repeated: QuarantinedLine[] = [];
      for (const { id, outcome } of written.rows) {
        stored[outcome]++;
        if (outcome === 'repeated') repeated.push(asRefused(lines.get(id)!));
      }
      const all = [...refused, ...repeated];
      if (all.length > 0) await addQuarantined(client, session, batch, all);
      return stored;
    });
}

/** What the lines of an upload are compared with, asked once. */
export async function askKnown(session: BulkSession, now: Date): Promise<Known> {
  const { reach, caller } = session.grant;
  return session.transaction(async (client) => {
    const items = await client.query<{ code: string }>('select code from metering.energy_item');
    const units = await client.query<KnownUnit>(
      'select energy_class as "energyClass", unit from metering.energy_unit order by energy_class, unit',
    );
    return {
      items: new Set(items.rows.map(({ code }) => code)),
      units: units.rows,
      reach: reach['supplies:write'] ?? { areas: [], subjects: [] },
      area: caller.area,
      now: minutesSinceEpoch(now),
    };
  });
}

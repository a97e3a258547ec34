import type { RoomMigration } from '../../runtime/migrate.js';
import { unitOf } from '../readings/unit-of-scale.js';
import { mayRead } from '../../runtime/reach.js';
import { dueOf, presentOf } from '../rollups/clock.js';
import { MONTH_CLOSES_AFTER_DAYS } from '../rollups/periods.js';

/** What the figures are of: whose and where as the day was written, what as the meter is registered now. */
const KEY = ['subject', 'building', 'energy_item', 'level', 'unit', 'area', 'is_nested'];
/** A key as an operator reads it. */
const NAMED = KEY.map((column) =>
  column === 'is_nested' ? `case when is_nested then 'nested' end` : column,
);
const SUMS = ['total', 'meters', 'present', 'due'];

/** A row carries what limits are compared with. */
const MARKS = {
  energyKind: 'left(energy_item, 2)',
  buildingType: 'runtime.building_type(building)',
  meterLevel: 'level',
};

/**
 * Who may be told months alone is told one once it is closed: from day to day its sum would tell the days by
 * differences, and what is late comes mostly in the first days after.
 */
const MONTH_SEEN = `(${mayRead('readings', { marks: MARKS })}
      or (metering.is_closed(month) and ${mayRead('readings', { marks: MARKS, finest: 'MONTH' })}))`;

const TABLES = [
  { name: 'rollup_day', period: 'date', seen: mayRead('readings', { marks: MARKS }) },
  { name: 'rollup_month', period: 'month', seen: MONTH_SEEN },
] as const;
type Table = (typeof TABLES)[number];

const MONTH = '(date - (extract(day from date)::integer - 1))';

/** Due are the values of the days that are there, by the clock of their meter; a day that is not is in no sum. */
function table({ name, period, seen }: Table): string {
  return `
  create table metering.${name} (
    ${period} date not null,
    area text collate "C" not null,
    is_nested boolean not null,
    subject text collate "C" not null,
    building text collate "C" not null,
    energy_item text collate "C" not null,
    level smallint not null,
    unit text collate "C" not null,
    total numeric not null,
    meters bigint not null,
    present bigint not null,
    due bigint not null,
    primary key (${[period, ...KEY].join(', ')})
  ) with (fillfactor = ${period === 'date' ? 90 : 50});
  alter table metering.${name} enable row level security;
  create policy reading on metering.${name} for select to hub_rooms
    using (${seen} and ${mayRead('meters', { marks: MARKS })});
  grant select on metering.${name} to hub_rooms;
  `;
}

const UNDER = 'join metering.meter on id = block.meter';
/** For a chunk of an upload: its meters are looked for one by one, or each chunk would read the whole registry. */
const UNDER_EACH = `cross join lateral (
        select building, energy_item, level, unit, is_nested, time_zone from metering.meter where id = block.meter offset 0
      ) as registered`;

/** Blocks by day and key. Signed ones have a \`sign\`: 1 is added, -1 taken out. */
function sumsOf(blocks: string, isSigned: boolean): string {
  const times = (amount: string): string => (isSigned ? `sign * ${amount}` : amount);
  const meters = isSigned
    ? 'sum(case when present > 0 then sign else 0 end)'
    : 'count(*) filter (where present > 0)';
  return `
      select date, block.subject, coalesce(building, '') as building, energy_item, level, unit, block.area, is_nested,
        sum(${times('block.total')} * ${unitOf('scale')}) as total, ${meters} as meters,
        sum(${times(presentOf())}) as present, sum(${times(dueOf())}) as due
      from ${blocks}
      group by 1, 2, 3, 4, 5, 6, 7, 8`;
}

function monthsOf(days: string): string {
  const sums = SUMS.map((sum) => `sum(${sum}) as ${sum}`).join(', ');
  return `select ${MONTH} as month, ${KEY.join(', ')}, ${sums} from ${days} group by month, ${KEY.join(', ')}`;
}

/** In the order of the key, so that two who write at once wait for each other and never crosswise. */
function upsert({ name, period }: Table, from: string): string {
  const key = [period, ...KEY].join(', ');
  return `insert into metering.${name} as kept (${key}, ${SUMS.join(', ')}) ${from} order by ${key}
      on conflict (${key}) do update set ${SUMS.map((sum) => `${sum} = kept.${sum} + excluded.${sum}`).join(', ')}`;
}

function keep(blocks: string, isSigned = true): string {
  const [day, month] = TABLES;
  return `
    with delta as materialized (${sumsOf(blocks, isSigned)}
    ), days as (
      ${upsert(day, 'select * from delta')}
    )
    ${upsert(month, monthsOf('delta'))};`;
}

/** What no block stands behind any more is no row. */
function forget(blocks: string): string {
  return `
    delete from metering.rollup_day where due = 0 and (date, subject) in (select date, subject from ${blocks});
    delete from metering.rollup_month where due = 0 and (month, subject) in (select ${MONTH}, subject from ${blocks});`;
}

function triggerFunction(name: string, body: string): string {
  return `
  create function metering.${name}() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
  begin
    ${body}
    return null;
  end $$;
  revoke execute on function metering.${name}() from public;`;
}

const LOCK = `hashtext('metering.rollups')`;

function onBlocks(name: string, event: string, tables: string, body: string): string {
  return `${triggerFunction(name, `perform pg_advisory_xact_lock_shared(${LOCK});${body}`)}
  create trigger ${name} after ${event} on metering.day_block referencing ${tables}
    for each statement execute function metering.${name}();
  alter table metering.day_block enable always trigger ${name};`;
}

/**
 * Statement triggers, so that whoever writes blocks keeps the sums, in the same transaction. Who writes blocks shares
 * a lock; who changes how a meter is registered has it alone, because it moves what the others still add to.
 */
const ON_BLOCKS = `
  ${onBlocks('sum_added', 'insert', 'new table as added', keep(`added as block ${UNDER_EACH}`, false))}
  ${onBlocks(
    'sum_changed',
    'update',
    'old table as taken new table as added',
    keep(`(select *, -1 as sign from taken union all select *, 1 from added) as block ${UNDER_EACH}`) +
      forget('taken'),
  )}
  ${onBlocks(
    'sum_taken',
    'delete',
    'old table as taken',
    keep(`(select *, -1 as sign from taken) as block ${UNDER_EACH}`) + forget('taken'),
  )}
  ${triggerFunction('sum_emptied', 'truncate metering.rollup_day, metering.rollup_month;')}
  create trigger sum_emptied after truncate on metering.day_block
    for each statement execute function metering.sum_emptied();
  alter table metering.day_block enable always trigger sum_emptied;
`;

const REGISTRATION = ['building', 'energy_item', 'level', 'unit', 'is_nested', 'time_zone'];
const registered = (table: string): string => REGISTRATION.map((column) => `${table}.${column}`).join(', ');
const CHANGED = `before join after using (id) where (${registered('before')}) is distinct from (${registered('after')})`;

/** Days are looked for one by one, as they are indexed: all blocks are never read for a few meters. */
const MOVED = `(
      select block.*, sign, ${registered('meter')}
      from (
        select id, -1 as sign, ${registered('before')} from ${CHANGED}
        union all
        select id, 1, ${registered('after')} from ${CHANGED}
      ) as meter
      cross join generate_series(earliest::timestamp, latest, interval '1 day') as day
      join metering.day_block as block on block.date = day::date and block.meter = meter.id
    ) as block`;

const ON_METERS = `
  ${triggerFunction(
    'sum_moved',
    `declare
      earliest date;
      latest timestamp;
    begin
      if not exists (select from ${CHANGED}) then return null; end if;
      perform pg_advisory_xact_lock(${LOCK});
      select min(month), max(month) + interval '1 month' into earliest, latest from metering.rollup_month;
      ${keep(MOVED)}
      ${forget(MOVED)}
    end;`,
  )}
  create trigger sum_moved after update on metering.meter referencing old table as before new table as after
    for each statement execute function metering.sum_moved();
  alter table metering.meter enable always trigger sum_moved;
`;

/** For the owner: what the sums are by the blocks alone, month by month. */
const FROM_BLOCKS = `
  create function metering.rollup_months() returns setof date language sql stable set search_path = pg_catalog as $$
    select distinct to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM') from pg_inherits
    where inhparent = 'metering.day_block'::regclass
    union
    select month from metering.rollup_month
    order by 1
  $$;

  create function metering.rebuild_rollups(of_month date) returns void language plpgsql set search_path = pg_catalog as $$
  declare
    next_month date := of_month + interval '1 month';
  begin
    perform pg_advisory_xact_lock(${LOCK});
    delete from metering.rollup_day where date >= of_month and date < next_month;
    delete from metering.rollup_month where month = of_month;
    ${keep(`metering.day_block as block ${UNDER} where date >= of_month and date < next_month`, false)}
  end $$;

  create function metering.rollup_faults(of_month date)
  returns table (period date, key text, kept text, computed text)
  language sql stable set search_path = pg_catalog as $$
    with delta as materialized (${sumsOf(`metering.day_block as block ${UNDER} where date >= of_month and date < of_month + interval '1 month'`, false)}
    )
    ${TABLES.map(faultsOf).join(' union all ')}
  $$;

  revoke execute on function metering.rollup_months(), metering.rebuild_rollups(date), metering.rollup_faults(date) from public;
  select metering.rebuild_rollups(month) from metering.rollup_months() as month;
`;

function faultsOf({ name, period }: Table): string {
  const sums = (table: string): string => SUMS.map((sum) => `${table}.${sum}`).join(', ');
  const kept = `select * from metering.${name} where ${period} >= of_month and ${period} < of_month + interval '1 month'`;
  return `
    select ${period}, concat_ws(' ', '${name}', ${NAMED.join(', ')}),
      nullif(concat_ws(' ', ${sums('kept')}), ''), nullif(concat_ws(' ', ${sums('computed')}), '')
    from (${kept}) as kept full join (${period === 'date' ? 'select * from delta' : monthsOf('delta')}) as computed
      using (${[period, ...KEY].join(', ')})
    where (${sums('kept')}) is distinct from (${sums('computed')})`;
}

export const metering015: RoomMigration = {
  name: '015-rollups',
  sql: `
    create function metering.is_closed(month date) returns boolean language sql stable parallel safe as $$
      select month + interval '1 month ${MONTH_CLOSES_AFTER_DAYS} days' <= now() at time zone 'Asia/Shanghai'
    $$;
    ${TABLES.map(table).join('')}
    create index on metering.rollup_month (building, month) where building <> '';
    create index day_block_superseded_at on metering.day_block_superseded using brin (superseded_at);
    ${ON_BLOCKS}
    ${ON_METERS}
    ${FROM_BLOCKS}
  `,
};

import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayDo, mayRead } from '../../runtime/reach.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const READ = mayRead('statistics', { subject: null });
const PUBLISH = mayDo('statistics', 'approve', { subject: null });
const OWN = `(tenant = (select runtime.caller()) and (select runtime.granted('statistics')))`;

/** What one revision of a month says; nothing of it changes afterwards. A building type that is null is all of them. */
const EDITIONS = `
  create table metering.statistics_edition (
    id text primary key,
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    month date not null check (extract(day from month) = 1),
    revision integer not null check (revision > 0),
    publisher text not null,
    published_at timestamptz not null,
    content text not null,
    sha256 text not null,
    signature text not null,
    unique (area, month, revision)
  );
  create index statistics_edition_latest on metering.statistics_edition (month desc, id desc);
  alter table metering.statistics_edition enable row level security;
  create policy reading on metering.statistics_edition for select to hub_rooms using (${READ});
  create policy adding on metering.statistics_edition for insert to hub_rooms
    with check (${PUBLISH} and publisher = (select runtime.caller()));
  grant select, insert on metering.statistics_edition to hub_rooms;
  ${appendOnly('metering.statistics_edition')}

  create table metering.statistics_cell (
    edition text not null references metering.statistics_edition,
    place integer not null,
    area text not null,
    building_type text,
    energy_item text not null,
    unit text not null,
    state text not null check (state in ('TOLD', 'KEPT', 'TOO_FEW', 'DOMINATED', 'COMPLEMENTARY')),
    total numeric,
    subjects integer,
    buildings integer,
    floor_area_m2 numeric,
    primary key (edition, place),
    check (state in ('TOLD', 'KEPT') or (total is null and subjects is null and buildings is null and floor_area_m2 is null))
  );
  alter table metering.statistics_cell enable row level security;
  create policy reading on metering.statistics_cell for select to hub_rooms using (${READ});
  create policy adding on metering.statistics_cell for insert to hub_rooms with check (${PUBLISH});
  grant select, insert on metering.statistics_cell to hub_rooms;
  ${appendOnly('metering.statistics_cell')}
`;

/** How the buildings of a type are spread in a city; of the first revision of a month, and kept by later ones. */
const DISTRIBUTIONS = `
  create table metering.statistics_distribution (
    edition text not null references metering.statistics_edition,
    area text not null,
    building_type text not null,
    energy_item text not null,
    unit text not null,
    buildings integer not null,
    subjects integer not null,
    mean numeric not null,
    p10 numeric not null,
    p25 numeric not null,
    p50 numeric not null,
    p75 numeric not null,
    p90 numeric not null,
    primary key (edition, building_type, energy_item, unit)
  );
  alter table metering.statistics_distribution enable row level security;
  create policy reading on metering.statistics_distribution for select to hub_rooms using (${READ});
  create policy adding on metering.statistics_distribution for insert to hub_rooms with check (${PUBLISH});
  grant select, insert on metering.statistics_distribution to hub_rooms;
  ${appendOnly('metering.statistics_distribution')}
`;

/** Values of the standard that nobody could check carry it: they are shown as unverified. */
const QUOTAS = (): string =>
  referenceTable(
    'metering.building_quota',
    `building_type text, building_class text, subtype text, climate_zone text, constraint_value numeric not null,
      guide_value numeric not null check (guide_value <= constraint_value), unit text not null, edition text,
      primary key (edition, building_type, building_class, subtype, climate_zone)`,
    readReference(import.meta.url, 'building_quotas.csv'),
  );

/** Who made up the cells of a revision, for the next one to be compared with: seen by nobody but who publishes. */
const CONTRIBUTIONS = `
  create table metering.statistics_contribution (
    edition text not null references metering.statistics_edition,
    area text not null,
    building_type text not null,
    energy_item text not null,
    unit text not null,
    subject text not null,
    amount numeric not null check (scale(amount) = 0),
    primary key (edition, energy_item, unit, area, building_type, subject)
  );
  alter table metering.statistics_contribution enable row level security;
  create policy reading on metering.statistics_contribution for select to hub_rooms using (${PUBLISH});
  create policy adding on metering.statistics_contribution for insert to hub_rooms with check (${PUBLISH});
  grant select, insert on metering.statistics_contribution to hub_rooms;
  ${appendOnly('metering.statistics_contribution')}
`;

const RECEIPTS = `
  create table metering.statistics_receipt (
    edition text not null references metering.statistics_edition,
    tenant text not null,
    area text not null,
    tenant_area text not null,
    tenant_tier text not null,
    acknowledged_at timestamptz not null,
    receipt text not null,
    signature text not null,
    primary key (edition, tenant)
  );
  alter table metering.statistics_receipt enable row level security;
  create policy reading on metering.statistics_receipt for select to hub_rooms using (${OWN} or ${PUBLISH});
  create policy adding on metering.statistics_receipt for insert to hub_rooms with check (${OWN});
  grant select, insert on metering.statistics_receipt to hub_rooms;
  ${appendOnly('metering.statistics_receipt')}
`;

/**
 * A month's class totals at the gates of buildings, in millionths of their unit, for who publishes the area: whatever
 * else it may read, an edition is of everybody. Only months are read, so it costs the same whatever lies behind them.
 */
const REPORTED = `
  create function metering.statistics_reported(of_area text, of_month date)
  returns table (area text, building text, energy_item text, unit text, subject text, amount text)
  language sql stable security definer set search_path = pg_catalog as $$
    select area, building, energy_item, unit, subject, (sum(total) * 1000000)::numeric(60, 0)::text
    from metering.rollup_month
    where month = of_month and starts_with(area, of_area) and level = 1 and right(energy_item, 3) = '000'
      and building <> '' and present > 0 and ${PUBLISH}
    group by 1, 2, 3, 4, 5
    order by 3, 4, 1, 2, 5
  $$;
  -- Of two editions that overlap, one may tell what the other withholds: whether another one does.
  create function metering.statistics_overlap(of_area text) returns boolean
  language sql stable security definer set search_path = pg_catalog as $$
    select exists (
      select from metering.statistics_edition as other,
        lateral (select regexp_replace(other.area, '(00){1,2}$', ''), regexp_replace(of_area, '(00){1,2}$', ''))
          as prefix (its, ours)
      where other.area <> of_area and (starts_with(its, ours) or starts_with(ours, its)))
  $$;
  revoke execute on function metering.statistics_reported(text, date), metering.statistics_overlap(text) from public;
  grant execute on function metering.statistics_reported(text, date), metering.statistics_overlap(text) to hub_rooms;
`;

export const metering040: RoomMigration = {
  name: '040-statistics',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return EDITIONS + DISTRIBUTIONS + CONTRIBUTIONS + RECEIPTS + REPORTED + QUOTAS();
  },
};

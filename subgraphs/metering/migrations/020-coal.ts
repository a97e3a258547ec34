import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayWrite } from '../../runtime/reach.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const NAMES = `name_zh text not null, name_en text not null`;
/** What a table of coefficients says of each. ANY: the same by equivalent and by equal value. */
const FIGURES = `low numeric not null check (low > 0), high numeric not null check (high >= low)`;

const reference = (table: string, columns: string, file: string): string =>
  referenceTable(`metering.${table}`, columns, readReference(import.meta.url, file));

const TABLES = (): string =>
  reference(
    'coal_energy',
    `code text primary key, kind text not null check (kind in ('FUEL', 'HEAT', 'ELECTRICITY', 'MEDIUM')),
      unit text not null, ${NAMES}`,
    'coal_energies.csv',
  ) +
  reference(
    'coal_edition',
    `code text primary key, valid_from date not null, ${NAMES}`,
    'coal_editions.csv',
  ) +
  reference(
    'coal_coefficient',
    `edition text references metering.coal_edition, energy text references metering.coal_energy,
      basis text check (basis in ('EQUIVALENT', 'EQUAL_VALUE', 'ANY')), ${FIGURES}, heat_value text,
      primary key (edition, energy, basis)`,
    'coal_coefficients.csv',
  ) +
  reference(
    'equal_value_coefficient',
    `edition text primary key, energy text not null references metering.coal_energy, area text not null,
      year smallint, ${FIGURES}, note text`,
    'equal_value_coefficients.csv',
  ) +
  reference(
    'class_energy',
    `energy_class text primary key references metering.energy_class,
      energy text references metering.coal_energy, note text`,
    'class_energies.csv',
  ) +
  reference(
    'unit_factor',
    `unit text primary key, quantity text not null check (quantity in ('ENERGY', 'VOLUME', 'MASS')),
      factor numeric not null check (factor > 0), note text`,
    'unit_factors.csv',
  );

/** What an area's admin gave for a year. Giving it again makes the next version; whatever was used stays as it was. */
const OF_AREAS = `
  create table metering.area_coefficient (
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    energy text not null references metering.coal_energy,
    year smallint not null check (year between 2000 and 2100),
    version integer not null,
    edition text generated always as (area || '/' || year || '.' || version) stored,
    value numeric not null check (value > 0 and value < 1000 and scale(value) <= 9),
    source text not null check (length(source) between 1 and 500),
    added_by text not null,
    added_at timestamptz not null,
    primary key (area, energy, year, version)
  );
  alter table metering.area_coefficient enable row level security;
  create policy reading on metering.area_coefficient for select to hub_rooms using (true);
  create policy adding on metering.area_coefficient for insert to hub_rooms
    with check (${mayWrite('scopes', { subject: null })});
  grant select, insert (area, energy, year, value, source) on metering.area_coefficient to hub_rooms;
  ${appendOnly('metering.area_coefficient')}

  create function metering.next_coefficient() returns trigger language plpgsql set search_path = pg_catalog as $$
  begin
    perform pg_advisory_xact_lock(hashtextextended('metering.area_coefficient ' || new.area, 0));
    select coalesce(max(version), 0) + 1 into new.version from metering.area_coefficient
      where area = new.area and energy = new.energy and year = new.year;
    new.added_by := runtime.caller();
    new.added_at := now();
    return new;
  end $$;
  revoke execute on function metering.next_coefficient() from public;
  create trigger next_coefficient before insert on metering.area_coefficient
    for each row execute function metering.next_coefficient();
`;

/** All that is known, wherever it comes from. What an area can give is by year: heat content is no area's to set. */
const KNOWN = `
  create view metering.known_coefficient with (security_invoker = true) as
    with known as (
      select edition, energy, basis, '100000' as area, null::smallint as year, 1 as version, valid_from, low, high,
        heat_value, coefficient.source, coefficient.confidence, coefficient.verified, null::text as added_by,
        null::timestamptz as added_at
      from metering.coal_coefficient as coefficient join metering.coal_edition as standard on standard.code = edition
      union all
      select edition, energy, 'EQUAL_VALUE', area, year, 1, null, low, high, note, source, confidence, verified, null, null
      from metering.equal_value_coefficient
      union all
      select edition, energy, case kind when 'FUEL' then 'ANY' else 'EQUAL_VALUE' end, area, year, version, null, value,
        value, null, given.source, 'high', true, added_by, added_at
      from metering.area_coefficient as given join metering.coal_energy on code = energy
    )
    select edition || ' ' || energy || ' ' || basis as id, known.*, name_zh, name_en, unit
    from known join metering.coal_energy on code = energy;
  grant select on metering.known_coefficient to hub_rooms;
`;

export const metering020: RoomMigration = {
  name: '020-coal',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return TABLES() + OF_AREAS + KNOWN;
  },
};

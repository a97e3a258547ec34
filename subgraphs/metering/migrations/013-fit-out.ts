import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { mayWrite, reachPolicies } from '../../runtime/reach.js';
import { readReference, referenceTable } from '../../runtime/reference.js';

const NAMES = 'name_zh text not null, name_en text not null';
const OF_KIND = `edition text not null references metering.fit_out_edition,
          energy_kind text not null references metering.fit_out_kind, level smallint not null check (level between 1 and 3)`;

/** What should have a meter. A place that a meter is named for is fitted as long as that meter is in use. */
const PLACE = `
  create table metering.metered_place (
    id text collate "C" primary key check (id ~ '^[A-Za-z0-9._:-]{1,64}$'),
    subject text not null,
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    name text not null check (name <> ''),
    energy_kind text not null references metering.fit_out_kind,
    energy_class text not null,
    level smallint not null check (level between 1 and 3),
    quantity numeric check (quantity >= 0),
    meter text collate "C" references metering.meter,
    platform text not null,
    registered_at timestamptz not null default now()
  );
  create index metered_place_subject on metering.metered_place (subject, id);
  ${reachPolicies('metering.metered_place', 'meters', {
    limited: { key: 'id', marks: { energyKind: 'energy_class', meterLevel: 'level' } },
  })}
  grant select, insert (id, subject, area, name, energy_kind, energy_class, level, quantity, meter, platform),
    update (subject, area, name, energy_kind, energy_class, level, quantity, meter, platform)
    on metering.metered_place to hub_rooms;
`;

/** Rates that an area's platform has read in an edition which the table lacks, or that its own norm sets; the last counts. */
const ADDED = `
  create table metering.area_fit_out_rate (
    id text primary key,
    area text not null check (area ~ '^[1-9][0-9]{5}$'),
    prefix text not null generated always as
      (case area when '100000' then '' else regexp_replace(area, '(00)+$', '') end) stored,
    ${OF_KIND},
    percent numeric not null check (percent between 0 and 100),
    source text not null check (length(source) between 1 and 500),
    platform text not null,
    added_at timestamptz not null default now()
  );
  alter table metering.area_fit_out_rate enable row level security;
  create policy reading on metering.area_fit_out_rate for select to hub_rooms using (true);
  create policy adding on metering.area_fit_out_rate for insert to hub_rooms
    with check (${mayWrite('scopes', { subject: null })} and platform = (select runtime.caller()));
  grant select, insert (id, area, edition, energy_kind, level, percent, source, platform)
    on metering.area_fit_out_rate to hub_rooms;
  ${appendOnly('metering.area_fit_out_rate')}
`;

export const metering013: RoomMigration = {
  name: '013-fit-out',
  get sql() {
    const table = (name: string, columns: string): string =>
      referenceTable(`metering.${name}`, columns, readReference(import.meta.url, `${name}s.csv`));
    return `
      ${table('fit_out_kind', `code text primary key, ${NAMES}, energy_class text not null references metering.energy_class, note text`)}
      ${table('fit_out_edition', `code text primary key, ${NAMES}, in_force_from date not null, in_force_until date, note text`)}
      ${table('fit_out_rate', `${OF_KIND}, percent numeric, primary key (edition, energy_kind, level)`)}
      ${table('fit_out_threshold', `${OF_KIND}, threshold numeric not null, unit text not null, primary key (edition, energy_kind, level)`)}
      ${PLACE}
      ${ADDED}
    `;
  },
};

import type { RoomMigration } from '../../runtime/migrate.js';
import { reachPolicies } from '../../runtime/reach.js';

export const buildings001: RoomMigration = {
  name: '001-buildings',
  sql: `
    create schema buildings;
    grant usage on schema buildings to hub_rooms;

    create table buildings.building (
      id text primary key check (id ~ '^[1-9][0-9]{5}[A-HZ][0-9]{3}$'),
      name text not null check (name <> ''),
      type_code text not null check (type_code ~ '^[A-GZ]$'),
      check (type_code = runtime.building_type(id)),
      function_code text null,
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      subject text not null check (subject <> ''),
      floor_area_m2 numeric null check (floor_area_m2 > 0),
      air_conditioned_area_m2 numeric null check (air_conditioned_area_m2 >= 0),
      occupancy jsonb not null default '[]',
      year_built smallint null check (year_built between 1800 and 2200),
      address text null,
      external_ids jsonb not null default '[]',
      platform text not null,
      registered_at timestamptz not null default now()
    );
    create index building_subject on buildings.building (subject, id);
    create index building_area on buildings.building (area, id);
    ${reachPolicies('buildings.building', 'buildings', { limited: { key: 'id', marks: { buildingType: 'type_code' } } })}
    grant select, insert (id, name, type_code, function_code, area, subject, floor_area_m2, air_conditioned_area_m2, occupancy, year_built, address,
        external_ids, platform),
      update (name, type_code, function_code, area, subject, floor_area_m2, air_conditioned_area_m2, occupancy, year_built, address, external_ids,
        platform) on buildings.building to hub_rooms;
  `,
};

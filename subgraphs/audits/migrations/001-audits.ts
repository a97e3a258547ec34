import type { RoomMigration } from '../../runtime/migrate.js';
import { archivePolicies } from '../../runtime/reach.js';

export const audits001: RoomMigration = {
  name: '001-audits',
  sql: `
    create schema audits;
    grant usage on schema audits to hub_rooms;

    create table audits.energy_audit (
      id text primary key,
      building text not null,
      subject text not null,
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      year smallint not null check (year between 1990 and 2200),
      level text not null,
      auditor text not null,
      conclusion text not null,
      energy_use_kwh_per_m2 numeric null check (energy_use_kwh_per_m2 >= 0),
      saving_potential_percent numeric null check (saving_potential_percent between 0 and 100),
      completed_on date not null,
      recorded_at timestamptz not null default now()
    );
    create index energy_audit_building on audits.energy_audit (building, completed_on desc, id desc);
    create index energy_audit_subject on audits.energy_audit (subject, completed_on desc, id desc);
    create index energy_audit_latest on audits.energy_audit (completed_on desc, id desc);
    ${archivePolicies('audits.energy_audit', 'audits', {
      limited: { key: 'id', marks: { buildingType: 'runtime.building_type(building)' } },
    })}
    grant select, insert (id, building, subject, area, year, level, auditor, conclusion, energy_use_kwh_per_m2,
      saving_potential_percent, completed_on) on audits.energy_audit to hub_rooms;

    create table audits.metering_review (
      id text primary key,
      subject text not null,
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      year smallint not null check (year between 1990 and 2200),
      leader text not null,
      result text not null check (result in ('PLANNED', 'PASSED', 'CORRECTION', 'EXEMPT')),
      nonconformities smallint not null check (nonconformities >= 0),
      planned_on date not null,
      reviewed_on date null,
      recorded_at timestamptz not null default now()
    );
    create index metering_review_subject on audits.metering_review (subject, planned_on desc, id desc);
    create index metering_review_latest on audits.metering_review (planned_on desc, id desc);
    ${archivePolicies('audits.metering_review', 'reviews', { limited: { key: 'id' } })}
    grant select, insert (id, subject, area, year, leader, result, nonconformities, planned_on, reviewed_on)
      on audits.metering_review to hub_rooms;
  `,
};

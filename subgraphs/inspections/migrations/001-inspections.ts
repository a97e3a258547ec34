import type { RoomMigration } from '../../runtime/migrate.js';
import { archivePolicies } from '../../runtime/reach.js';

const AREA = `area text not null check (area ~ '^[1-9][0-9]{5}$')`;

export const inspections001: RoomMigration = {
  name: '001-inspections',
  sql: `
    create schema inspections;
    grant usage on schema inspections to hub_rooms;

    create table inspections.inspection (
      id text primary key,
      task_number text not null check (task_number <> ''),
      subject text not null,
      ${AREA},
      type text not null check (type in ('DOCUMENTS', 'BENCHMARKING', 'EQUIPMENT_ELIMINATION', 'TIERED_PRICE', 'DAILY',
        'PROJECT_REVIEW', 'MOTOR_EFFICIENCY')),
      state text not null check (state in ('NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'REVOKED')),
      level text not null,
      agency text not null,
      created_on date not null,
      recorded_at timestamptz not null default now(),
      unique (area, task_number)
    );
    create index inspection_subject on inspections.inspection (subject, created_on desc, id desc);
    create index inspection_latest on inspections.inspection (created_on desc, id desc);
    ${archivePolicies('inspections.inspection', 'inspections', { limited: { key: 'id' } })}

    create table inspections.document (
      id text primary key,
      inspection text not null references inspections.inspection,
      subject text not null,
      ${AREA},
      name text not null check (name <> ''),
      sha256 text null check (sha256 ~ '^[0-9a-f]{64}$')
    );
    create index document_inspection on inspections.document (inspection, id);
    ${archivePolicies('inspections.document', 'inspections', { limited: { key: 'id' } })}

    create table inspections.finding (
      id text primary key,
      inspection text not null references inspections.inspection,
      subject text not null,
      ${AREA},
      place smallint not null,
      clause text null,
      description text not null check (description <> ''),
      severity text not null check (severity in ('ADVICE', 'CORRECTION', 'VIOLATION'))
    );
    create index finding_inspection on inspections.finding (inspection, place, id);
    ${archivePolicies('inspections.finding', 'inspections', { limited: { key: 'id' } })}

    grant select, insert (id, task_number, subject, area, type, state, level, agency, created_on)
      on inspections.inspection to hub_rooms;
    grant select, insert on inspections.document, inspections.finding to hub_rooms;
  `,
};

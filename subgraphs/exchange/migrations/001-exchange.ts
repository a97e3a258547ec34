import type { RoomMigration } from '../../runtime/migrate.js';
import { mayRead } from '../../runtime/reach.js';

const OWN = 'tenant = (select runtime.caller())';

export const exchange001: RoomMigration = {
  name: '001-exchange',
  sql: `
    create schema exchange;
    grant usage on schema exchange to hub_rooms;

    create table exchange.batch (
      id text primary key,
      tenant text not null,
      area text not null,
      kind text not null check (kind in ('READINGS', 'SUPPLIES')),
      idempotency_key text null check (length(idempotency_key) between 1 and 200),
      state text not null default 'RECEIVING' check (state in ('RECEIVING', 'COMPLETE', 'INTERRUPTED')),
      lines bigint not null default 0,
      accepted bigint not null default 0,
      unchanged bigint not null default 0,
      corrected bigint not null default 0,
      quarantined bigint not null default 0,
      readings bigint not null default 0,
      bytes bigint not null default 0,
      sha256 text null,
      started_at timestamptz not null default now(),
      ended_at timestamptz null,
      interruption text null,
      receipt text null,
      signature text null,
      check ((state = 'COMPLETE') = (receipt is not null))
    );
    -- A key names one finished upload; unfinished tries may repeat it.
    create unique index batch_key on exchange.batch (tenant, idempotency_key) where state = 'COMPLETE';
    create index batch_latest on exchange.batch (started_at desc, id desc);
    alter table exchange.batch enable row level security;
    create policy reading on exchange.batch for select to hub_rooms using (${OWN} or ${mayRead('batches', { subject: null })});
    create policy adding on exchange.batch for insert to hub_rooms with check (${OWN});
    create policy ending on exchange.batch for update to hub_rooms using (${OWN} and state = 'RECEIVING') with check (${OWN});
    grant select, insert on exchange.batch to hub_rooms;
    grant update (state, lines, accepted, unchanged, corrected, quarantined, readings, bytes, sha256, ended_at,
      interruption, receipt, signature) on exchange.batch to hub_rooms;

    create table exchange.package (
      id text primary key,
      tenant text not null,
      date date not null,
      revision int not null,
      purpose text not null,
      reach_digest text not null,
      snapshot text not null,
      blocks bigint not null,
      readings bigint not null,
      parts int not null,
      bytes bigint not null,
      manifest text not null,
      manifest_sha256 text not null,
      signature text not null,
      created_at timestamptz not null default now(),
      unique (tenant, date, purpose, reach_digest, revision)
    );
    create index package_latest on exchange.package (tenant, date desc, id desc);
    alter table exchange.package enable row level security;
    create policy reading on exchange.package for select to hub_rooms using (${OWN} and (select runtime.granted('packages')));
    create policy adding on exchange.package for insert to hub_rooms with check (${OWN} and (select runtime.granted('packages')));
    grant select, insert on exchange.package to hub_rooms;

    create table exchange.package_part (
      package text not null references exchange.package deferrable initially deferred,
      number int not null,
      tenant text not null,
      sha256 text not null,
      blocks bigint not null,
      content bytea not null,
      primary key (package, number)
    );
    -- Already compressed, and read by range: stored outside the row and never compressed again.
    alter table exchange.package_part alter column content set storage external;
    alter table exchange.package_part enable row level security;
    create policy reading on exchange.package_part for select to hub_rooms using (${OWN} and (select runtime.granted('packages')));
    create policy adding on exchange.package_part for insert to hub_rooms with check (${OWN} and (select runtime.granted('packages')));
    grant select, insert on exchange.package_part to hub_rooms;

    create table exchange.acknowledgement (
      package text primary key references exchange.package,
      tenant text not null,
      acknowledged_at timestamptz not null,
      receipt text not null,
      signature text not null
    );
    alter table exchange.acknowledgement enable row level security;
    create policy reading on exchange.acknowledgement for select to hub_rooms using (${OWN} and (select runtime.granted('packages')));
    create policy adding on exchange.acknowledgement for insert to hub_rooms with check (${OWN} and (select runtime.granted('packages')));
    grant select, insert on exchange.acknowledgement to hub_rooms;
  `,
};

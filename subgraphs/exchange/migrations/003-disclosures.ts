import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';

const OWN = `tenant = (select runtime.caller()) and (select runtime.granted('packages'))`;

/**
 * Whom the parts of a package tell of, counted when it was built: the bytes stay the same for good, and so does this.
 * Number 0 is the manifest, which names the meters that sent nothing.
 */
export const exchange003: RoomMigration = {
  name: '003-disclosures',
  sql: `
    create table exchange.package_disclosure (
      package text not null references exchange.package deferrable initially deferred,
      number int not null check (number >= 0),
      tenant text not null,
      counts jsonb not null,
      primary key (package, number)
    );
    comment on column exchange.package_disclosure.counts is 'Subject, area and number of values: [{subject, area, values}]';
    alter table exchange.package_disclosure enable row level security;
    create policy reading on exchange.package_disclosure for select to hub_rooms using (${OWN});
    create policy adding on exchange.package_disclosure for insert to hub_rooms with check (${OWN});
    grant select, insert on exchange.package_disclosure to hub_rooms;
    ${appendOnly('exchange.package_disclosure')}
  `,
};

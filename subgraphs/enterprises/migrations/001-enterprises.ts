import type { RoomMigration } from '../../runtime/migrate.js';
import { reachPolicies } from '../../runtime/reach.js';

export const enterprises001: RoomMigration = {
  name: '001-enterprises',
  sql: `
    create schema enterprises;
    grant usage on schema enterprises to hub_rooms;

    create table enterprises.enterprise (
      uscc text primary key check (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
      name text not null check (name <> ''),
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      industry text null check (industry ~ '^([A-T]|[0-9]{2,4})$'),
      unit_class text null check (unit_class in ('BAIJIA', 'QIANJIA', 'WANJIA')),
      annual_tce numeric null check (annual_tce >= 0),
      platform text not null,
      registered_at timestamptz not null default now()
    );
    create index enterprise_area on enterprises.enterprise (area, uscc);
    ${reachPolicies('enterprises.enterprise', 'enterprises', { subject: 'uscc', limited: { key: 'uscc' } })}
    grant select, insert (uscc, name, area, industry, unit_class, annual_tce, platform),
      update (name, area, industry, unit_class, annual_tce, platform) on enterprises.enterprise to hub_rooms;
  `,
};

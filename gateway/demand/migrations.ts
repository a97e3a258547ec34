/**
 * What the gateways on one database keep in common of demand: what is left of each budget, and the documents that are
 * trusted. After a crash of the server budgets are full, so their table needs no log.
 */
export const demandMigrations: { name: string; sql: string }[] = [
  { name: '001-budget', sql: budget() },
  { name: '002-document', sql: document() },
];

function budget(): string {
  return `
create schema demand;
revoke all on schema demand from public;
grant usage on schema demand to hub_gateway;

create unlogged table demand.budget (
  tenant text not null,
  class text not null check (class in ('ATTENDED', 'UNATTENDED')),
  tokens double precision not null,
  at timestamptz not null,
  primary key (tenant, class)
);
comment on table demand.budget is 'What is left of each tenant''s budgets, beside what gateways hold of them';
comment on column demand.budget.tokens is 'Objects, as of at; below 0 when more was answered than was estimated';
revoke all on demand.budget from public;
grant select, insert, update (tokens, at) on demand.budget to hub_gateway;
alter table demand.budget enable row level security;
alter table demand.budget force row level security;
create policy gateway_works on demand.budget to hub_gateway using (true) with check (true);

-- The clock of the database is the only one that all gateways share.
create function demand.exchange(
  of_tenant text, of_class text, given double precision, wanted double precision,
  capacity double precision, a_second double precision
) returns double precision language plpgsql set search_path = pg_catalog as $$
declare
  held double precision;
  granted double precision;
begin
  insert into demand.budget values (of_tenant, of_class, capacity, clock_timestamp()) on conflict do nothing;
  select least(capacity, tokens + a_second * greatest(0, extract(epoch from clock_timestamp() - at)) + given)
    into held from demand.budget where tenant = of_tenant and class = of_class for update;
  granted := greatest(0, least(wanted, held));
  update demand.budget set tokens = held - granted, at = clock_timestamp()
    where tenant = of_tenant and class = of_class;
  return granted;
end
$$;
comment on function demand.exchange is 'Gives back what a gateway held of a budget and takes at most what is wanted';
revoke all on function demand.exchange from public;
grant execute on function demand.exchange to hub_gateway;
`;
}

/** Written at the machine by the owner of the tables; gateways read. */
function document(): string {
  return `
create table demand.document (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$' and sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex')),
  text text not null,
  published_by text not null,
  published_at timestamptz not null default now(),
  revoked_by text,
  revoked_at timestamptz,
  check ((revoked_by is null) = (revoked_at is null))
);
comment on table demand.document is 'GraphQL documents that the operator trusts, by the hash of their text';
comment on column demand.document.published_by is 'Who published it last, as said at the machine';
revoke all on demand.document from public;
grant select on demand.document to hub_gateway;
alter table demand.document enable row level security;
create policy gateway_reads on demand.document for select to hub_gateway using (true);
`;
}

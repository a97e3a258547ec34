/**
 * The ledger's schema, run once each by the database owner in a transaction. The database itself links every
 * entry to the one before: a writer supplies facts and nothing else, so no writer can leave the chain.
 */
export const ledgerMigrations: { name: string; sql: string }[] = [
  { name: '001-entry', sql: roleAndTable() + linking() + refusingChange() + rowSecurity() },
];

/** Roles are global to a server: another database, or a migration running beside this one, may have made it. */
function roleAndTable(): string {
  return `
do $$
begin
  if not exists (select from pg_roles where rolname = 'hub_gateway') then
    create role hub_gateway nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end
$$;

create schema ledger;
revoke all on schema ledger from public;
grant usage on schema ledger to hub_gateway;

create table ledger.entry (
  sequence bigint primary key check (sequence > 0),
  recorded_at timestamptz not null,
  facts text not null,
  leaf bytea not null check (octet_length(leaf) = 32),
  chain bytea not null check (octet_length(chain) = 32)
);
comment on table ledger.entry is 'Append-only log of decisions, releases and admin acts';
comment on column ledger.entry.sequence is 'From 1 without gaps; given by the database';
comment on column ledger.entry.recorded_at is 'The member "at" of the facts, to search by';
comment on column ledger.entry.facts is 'Canonical JSON (RFC 8785)';
comment on column ledger.entry.leaf is 'SHA-256(0x00, facts in UTF-8): a leaf of RFC 6962';
comment on column ledger.entry.chain is 'SHA-256(chain of the entry before, leaf); 32 zero bytes before the first';
revoke all on ledger.entry from public;
grant select, insert (facts) on ledger.entry to hub_gateway;
`;
}

/**
 * The lock is held until commit, so gateways on one database take turns a batch; the row trigger then sees the
 * last committed entry, and within a statement the row before. Waiting for a turn ends before the writer gives up
 * on its batch, or batches nobody waits for would pile up behind a transaction that hangs. An entry is on disk
 * before its commit is reported, whatever session or server set: the answer leaves on the strength of it. A chain
 * that was handed in (a restore by COPY) must be the one that comes out, or the restore fails.
 */
function linking(): string {
  return `
create function ledger.take_turn() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if current_setting('lock_timeout') = '0' then
    perform set_config('lock_timeout', '5s', true);
  end if;
  perform pg_advisory_xact_lock(hashtextextended('ledger.entry', 0));
  if current_setting('synchronous_commit') not in ('on', 'remote_apply') then
    perform set_config('synchronous_commit', 'on', true);
  end if;
  return null;
end
$$;

create function ledger.link() returns trigger language plpgsql set search_path = pg_catalog as $$
declare
  last_sequence bigint;
  last_chain bytea;
  given_chain bytea := new.chain;
begin
  select sequence, chain into last_sequence, last_chain from ledger.entry order by sequence desc limit 1;
  new.sequence := coalesce(last_sequence, 0) + 1;
  new.recorded_at := (new.facts::json ->> 'at')::timestamptz;
  new.leaf := sha256('\\x00'::bytea || convert_to(new.facts, 'UTF8'));
  new.chain := sha256(coalesce(last_chain, decode(repeat('00', 32), 'hex')) || new.leaf);
  if given_chain <> new.chain then
    raise exception 'entry % does not follow entry % of the ledger', new.sequence, new.sequence - 1
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$;

create trigger take_turn before insert on ledger.entry for each statement execute function ledger.take_turn();
create trigger link before insert on ledger.entry for each row execute function ledger.link();
alter table ledger.entry enable always trigger take_turn;
alter table ledger.entry enable always trigger link;
`;
}

/** Binds the owner and superusers too, as long as nobody disables the trigger; verifyLedger finds what they do then. */
function refusingChange(): string {
  return `
create function ledger.refuse_change() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'ledger.entry is append-only: % is refused', lower(tg_op)
    using errcode = 'insufficient_privilege', hint = 'What was wrong is put right by a further entry.';
end
$$;

create trigger refuse_change before update or delete or truncate on ledger.entry
  for each statement execute function ledger.refuse_change();
alter table ledger.entry enable always trigger refuse_change;
revoke all on all functions in schema ledger from public;
`;
}

function rowSecurity(): string {
  return `
alter table ledger.entry enable row level security;
alter table ledger.entry force row level security;
create policy gateway_reads on ledger.entry for select to hub_gateway using (true);
create policy gateway_appends on ledger.entry for insert to hub_gateway with check (true);
`;
}

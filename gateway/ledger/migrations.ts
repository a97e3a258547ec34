/**
 * The ledger's schema, run once each by the database owner in a transaction. The database itself links every
 * entry to the one before: a writer supplies facts and nothing else, so no writer can leave the chain.
 */
export const ledgerMigrations: { name: string; sql: string }[] = [
  { name: '001-entry', sql: roleAndTable() + linking() + refusingChange() + rowSecurity('entry') },
  { name: '002-checkpoint', sql: checkpointTable() + rowSecurity('checkpoint') },
  { name: '003-disclosure', sql: disclosureTable() + rowSecurity('disclosure') },
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
  chain bytea not null check (octet_length(chain) = 32),
  nodes bytea not null,
  seal bytea not null check (octet_length(seal) = 32)
);
comment on table ledger.entry is 'Append-only log of decisions, releases and admin acts';
comment on column ledger.entry.sequence is 'From 1 without gaps; given by the database';
comment on column ledger.entry.recorded_at is 'The member "at" of the facts, to search by';
comment on column ledger.entry.facts is 'Canonical JSON (RFC 8785)';
comment on column ledger.entry.leaf is 'SHA-256(0x00, facts in UTF-8): a leaf of RFC 6962';
comment on column ledger.entry.chain is 'SHA-256(chain of the entry before, leaf); 32 zero bytes before the first';
comment on column ledger.entry.nodes is
  'The inner nodes of the RFC 6962 tree that this entry completes, from level 1 up: SHA-256(0x01, left, right)';
comment on column ledger.entry.seal is 'HMAC-SHA256 of the facts under a key that only the home of the hub holds';
revoke all on ledger.entry from public;
grant select, insert (facts, seal) on ledger.entry to hub_gateway;
`;
}

/**
 * The lock is held until commit, so gateways on one database take turns a batch; the row trigger then sees the
 * last committed entry, and within a statement the row before. Waiting for a turn ends before the writer gives up
 * on its batch, or batches nobody waits for would pile up behind a transaction that hangs. An entry is on disk
 * before its commit is reported, whatever session or server set: the answer leaves on the strength of it. A chain
 * and nodes that were handed in (a restore by COPY) must be those that come out, or the restore fails.
 *
 * Entry n completes as many inner nodes of the tree as n has factors of two. The left child of the one at level k is
 * the topmost node that entry n - 2^(k-1) completed, so half a look into the table an entry is all that it takes.
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
  last record;
  given_chain bytea := new.chain;
  given_nodes bytea := new.nodes;
  left_node bytea;
  node bytea;
  span bigint := 1;
begin
  select sequence, chain, leaf into last from ledger.entry order by sequence desc limit 1;
  new.sequence := coalesce(last.sequence, 0) + 1;
  -- Quotes inside a text are escaped, so this can only be a member. To parse the facts again would cost half as much
  -- as all the rest.
  if strpos(new.facts, '"salt":"') = 0 then
    raise exception 'an entry needs a salt' using errcode = 'check_violation';
  end if;
  new.recorded_at := (new.facts::json ->> 'at')::timestamptz;
  new.leaf := sha256('\\x00'::bytea || convert_to(new.facts, 'UTF8'));
  new.chain := sha256(coalesce(last.chain, decode(repeat('00', 32), 'hex')) || new.leaf);
  new.nodes := '';
  node := new.leaf;
  left_node := last.leaf;
  while new.sequence % (span * 2) = 0 loop
    if span > 1 then
      select substr(nodes, octet_length(nodes) - 31) into strict left_node
        from ledger.entry where sequence = new.sequence - span;
    end if;
    node := sha256('\\x01'::bytea || left_node || node);
    new.nodes := new.nodes || node;
    span := span * 2;
  end loop;
  if given_chain <> new.chain or given_nodes <> new.nodes then
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
  raise exception 'ledger.% is append-only: % is refused', tg_table_name, lower(tg_op)
    using errcode = 'insufficient_privilege', hint = 'What was wrong is put right by a further entry.';
end
$$;

create trigger refuse_change before update or delete or truncate on ledger.entry
  for each statement execute function ledger.refuse_change();
alter table ledger.entry enable always trigger refuse_change;
revoke all on all functions in schema ledger from public;
`;
}

/** `body` and `signature` are what was handed out; size and root stand beside them to search and compare by. */
function checkpointTable(): string {
  return `
create table ledger.checkpoint (
  size bigint primary key check (size >= 0),
  root bytea not null check (octet_length(root) = 32),
  body text not null,
  signature text not null
);
comment on table ledger.checkpoint is 'Signed tree heads, append-only';
comment on column ledger.checkpoint.body is 'Canonical JSON (RFC 8785) of format, stage, size, root and time: what is signed';
comment on column ledger.checkpoint.signature is 'Detached JWS over the body, with the certificate chain of the hub';
revoke all on ledger.checkpoint from public;
grant select, insert on ledger.checkpoint to hub_gateway;

create trigger refuse_change before update or delete or truncate on ledger.checkpoint
  for each statement execute function ledger.refuse_change();
alter table ledger.checkpoint enable always trigger refuse_change;
`;
}

/**
 * What the commitments of an entry are of. Kept beside it, because the entry itself names no subject. Its own key and
 * the order of the listing by subject; the entry is there, as both are written by one statement.
 */
function disclosureTable(): string {
  return `
create table ledger.disclosure (
  sequence bigint not null,
  place integer not null check (place >= 0),
  subject text not null,
  area text not null,
  category text not null,
  amount bigint not null check (amount >= 0),
  consents text[] not null,
  salt text not null,
  commitment bytea not null check (octet_length(commitment) = 32),
  primary key (sequence, place)
);
create index on ledger.disclosure (subject, sequence desc, place desc);
comment on table ledger.disclosure is 'What answers told of subjects; append-only';
comment on column ledger.disclosure.sequence is 'The entry that holds the commitment';
comment on column ledger.disclosure.place is 'Place among the commitments of the entry, from 0';
comment on column ledger.disclosure.amount is 'Readings, or rows; 0 when only that there is something was told';
comment on column ledger.disclosure.commitment is
  'SHA-256(0x00, details in UTF-8): a leaf of the tree whose root is in the entry';
revoke all on ledger.disclosure from public;
grant select, insert on ledger.disclosure to hub_gateway;

create trigger refuse_change before update or delete or truncate on ledger.disclosure
  for each statement execute function ledger.refuse_change();
alter table ledger.disclosure enable always trigger refuse_change;
`;
}

function rowSecurity(table: 'entry' | 'checkpoint' | 'disclosure'): string {
  return `
alter table ledger.${table} enable row level security;
alter table ledger.${table} force row level security;
create policy gateway_reads on ledger.${table} for select to hub_gateway using (true);
create policy gateway_appends on ledger.${table} for insert to hub_gateway with check (true);
`;
}

import type { Pool, PoolClient } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { inTransaction, insert } from './insert.js';
import { load } from './load.js';
import { isNoticed, noticeOf, type Period, type PolicyWorld } from './model.js';
import { PARTS } from './parts.js';
import type { Seat } from './seats.js';

/** A world as it stands in the hub: who sits where, and which ids the hub gave. */
export interface Arranged {
  world: PolicyWorld;
  seats: ReadonlyMap<string, Seat>;
  /** From when on the ledger speaks of this world. */
  since: string;
  /** When all that was first sent was there, and none of it corrected. */
  before: string;
  /** The ids that the hub gave, and what the world calls them. */
  names: ReadonlyMap<string, string>;
}

/** What the worlds write into; what hangs on it goes with it. */
const TABLES = [
  'tenants.tenant',
  'enterprises.enterprise',
  'enterprises.enterprise_superseded',
  'buildings.building',
  'buildings.building_superseded',
  'metering.meter',
  'metering.day_block',
  'metering.day_block_superseded',
  'metering.quarantined_line',
  'audits.energy_audit',
  'audits.metering_review',
  'inspections.inspection',
  'exchange.batch',
  'exchange.package',
  ...PARTS.flatMap(({ tables }) => tables),
];

const LOADER = 'loader';
/** Counts up, so that it shows when the gateway knows the world that was put in last. */
let arrangements = 0;
const LOADER_PURPOSE = 'PLATFORM_OPERATION';
const LOADED = ['enterprises', 'buildings', 'meters', 'readings', 'audits', 'reviews', 'inspections'];

/**
 * Clears the hub and puts a world into it: who may do what by the owner’s SQL, because much of it lies in the past, and
 * the data through the front door, from a national platform that may write everything.
 */
export async function arrange(database: Pool, seats: Seat[], world: PolicyWorld): Promise<Arranged> {
  const [loaderSeat, ...others] = seats;
  if (!loaderSeat || others.length < world.tenants.length) throw new Error('there are too few seats');
  arrangements += 1;
  const taken = new Map(world.tenants.map(({ id }, index) => [id, others[index]!]));
  await inTransaction(database, async (owner) => {
    await clear(owner);
    await registerTenants(owner, world, new Map([[LOADER, loaderSeat], ...taken]));
    await addDeclarations(owner, world);
    await addScopes(owner, world);
    await addConsents(owner, world);
  });
  await untilKnown(loaderSeat);
  const { names, before } = await load(loaderSeat.caller.for(LOADER_PURPOSE), world);
  for (const [tenant, { fingerprint }] of taken) names.set(fingerprint, tenant);
  for (const { id } of [...world.tenants, ...world.declarations]) names.set(id, id);
  await inTransaction(database, async (owner) => {
    for (const { plant } of PARTS) await plant(owner, world, names);
  });
  return { world, seats: taken, names, before, since: new Date().toISOString() };
}

/** History refuses to go, whoever asks: its guards are taken off for that moment, as only the owner can. */
async function clear(owner: PoolClient): Promise<void> {
  const { rows: guards } = await owner.query<{ place: string; name: string }>(
    `select tgrelid::regclass::text as place, tgname as name from pg_trigger where tgname = 'refuse_change'
       and tgrelid::regclass::text ~ '^(tenants|enterprises|buildings|metering|audits|inspections|exchange|corrections)[.]'`,
  );
  const each = (what: string): string =>
    guards.map(({ place, name }) => `alter table ${place} ${what} trigger ${name};`).join('\n');
  await owner.query(each('disable'));
  await owner.query(`truncate ${TABLES.join(', ')} cascade`);
  await owner.query(each('enable always'));
}

const NATION = '100000';
const FOR_EVER: Period = { from: -30, to: null };

async function registerTenants(
  owner: PoolClient,
  { tenants }: PolicyWorld,
  seats: ReadonlyMap<string, Seat>,
): Promise<void> {
  const loader = { id: LOADER, name: loaderName(), tier: 'NATIONAL', area: NATION, uscc: null };
  const registered = [loader, ...tenants.map((tenant) => ({ ...tenant, name: tenant.id }))];
  await insert(owner, 'tenants.tenant', 'id text, name text, tier text, area text, uscc text', registered);
  const certificates = registered.map(({ id, area }) => {
    const { fingerprint, serial, notBefore, notAfter } = seats.get(id)!;
    const valid = { not_before: notBefore, not_after: notAfter };
    return { fingerprint, tenant: id, area, serial, ...valid, registered_by: LOADER };
  });
  const columns =
    'fingerprint text, tenant text, area text, serial text, registered_by text, not_before timestamptz, not_after timestamptz';
  await insert(owner, 'tenants.certificate', columns, certificates);
}

async function addDeclarations(owner: PoolClient, { declarations }: PolicyWorld): Promise<void> {
  const loading = { id: LOADER, tenant: LOADER, purpose: LOADER_PURPOSE, status: 'APPROVED' as const };
  const rows = [{ ...loading, valid: FOR_EVER }, ...declarations].map(({ valid, ...declaration }) => ({
    ...declaration,
    basis: 'CONTRACT',
    basis_text: 'Contract 1',
    declared_by: declaration.tenant,
    ...periodOf(valid),
  }));
  const columns =
    'id text, tenant text, purpose text, status text, basis text, basis_text text, declared_by text, ' +
    'valid_from timestamptz, valid_to timestamptz';
  await insert(owner, 'tenants.purpose_declaration', columns, rows);
}

async function addScopes(owner: PoolClient, { scopes }: PolicyWorld): Promise<void> {
  const loading = LOADED.flatMap((category) =>
    ['read', 'write'].map((action) => ({
      id: `loader ${category}:${action}`,
      tenant: LOADER,
      category,
      action,
      area: NATION,
      purposes: [LOADER_PURPOSE],
      energy_kinds: null,
      building_types: null,
      ...periodOf(FOR_EVER),
      set_by: LOADER,
    })),
  );
  const rows = scopes.map(({ id, tenant, category, action, area, purposes, ...scope }) => ({
    id,
    tenant,
    category,
    action,
    area,
    purposes,
    energy_kinds: scope.energyKinds,
    building_types: scope.buildingTypes,
    ...periodOf(scope.valid),
    set_by: LOADER,
  }));
  const columns =
    'id text, tenant text, category text, action text, area text, purposes text[], energy_kinds text[], ' +
    'building_types text[], valid_from timestamptz, valid_to timestamptz, set_by text';
  await insert(owner, 'tenants.scope', columns, [...loading, ...rows]);
}

/** Long ago; what matters is that it was granted, and is no longer. */
const ENDED = { granted_at: '2024-01-01T00:00:00Z', ended_at: '2024-06-01T00:00:00Z' };

async function addConsents(owner: PoolClient, { consents }: PolicyWorld): Promise<void> {
  const rows = consents.map(({ energyKinds, meterLevels, valid, ...consent }) => ({
    ...consent,
    energy_kinds: energyKinds,
    meter_levels: meterLevels,
    ...periodOf(valid),
    granted_by: LOADER,
    ...(isNoticed(consent) && ENDED),
  }));
  const columns =
    'id text, subject text, area text, recipient text, categories text[], energy_kinds text[], meter_levels smallint[], ' +
    'finest text, purpose text, valid_from timestamptz, valid_to timestamptz, status text, granted_by text, ' +
    'granted_at timestamptz, ended_at timestamptz';
  // Consents that nobody asked for or gave: their guard is taken off.
  await owner.query('alter table tenants.consent disable trigger refuse_change');
  await insert(owner, 'tenants.consent', columns, rows);
  await owner.query('alter table tenants.consent enable always trigger refuse_change');
  const notices = consents.filter(isNoticed).map(({ id }) => ({
    ...{ id: noticeOf(id), consent: id, issued_at: ENDED.ended_at, erase_by: ENDED.ended_at },
    ...{ notice: '{}', signature: 'none' },
  }));
  const told =
    'id text, consent text, issued_at timestamptz, erase_by timestamptz, notice text, signature text';
  await insert(owner, 'tenants.erasure_notice', told, notices);
}

const DAY_MS = 86_400_000;

function periodOf({ from, to }: Period): { valid_from: string; valid_to: string | null } {
  const at = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
  return { valid_from: at(from), valid_to: to === null ? null : at(to) };
}

function loaderName(): string {
  return `Arrangement ${arrangements}`;
}

/** The gateway learns of everything in the registry at once, a fifth of a second later at most. */
async function untilKnown({ caller }: Seat): Promise<void> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const { data } = await caller.for(LOADER_PURPOSE).ask('{ me { name } }');
    if ((data?.['me'] as { name?: string } | undefined)?.name === loaderName()) return;
    if (performance.now() > giveUpAt) throw new Error('the gateway does not learn of the tenants');
    await pause(20);
  }
}

import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type tls from 'node:tls';
import { openAuthority } from '../../certs/authority.js';
import type { PeriodOrder } from '../../certs/period.js';
import type { Stage } from '../../gateway/policy/grant.js';
import { atConsole } from '../../scripts/console/session.js';
import { Pool } from 'undici';
import { Caller, type Reply } from '../world/caller.js';
import type { World } from '../world/world.js';
import { connect, exchange, post, type Pair } from './raw-connection.js';

const ASK = JSON.stringify({ query: '{ me { tenant stage } }' });

/** Asks who it is over a connection of its own. */
export async function introduce(
  world: World,
  pair?: Pair,
  headers: Record<string, string> = {},
  more: tls.ConnectionOptions = {},
): Promise<Reply> {
  const socket = await connect(world, pair, more);
  try {
    return await exchange(socket, post('/graphql', ASK, headers));
  } finally {
    socket.destroy();
  }
}

/** A client certificate of the hub's own authority, registered to nobody; it ends within what a tenant's first had approved. */
export async function issued(
  world: World,
  name: string,
  stage: Stage,
  period: PeriodOrder = {},
): Promise<Pair> {
  const authority = await openAuthority(world.home);
  return authority.issueClient({ name, stage, days: 364, ...period });
}

/** Registers a certificate to a tenant of a stage, as the operator at the machine does. */
export async function registered(world: World, pair: Pair, tenant: string, stage: Stage): Promise<Pair> {
  const { serialNumber, validFromDate, validToDate } = new X509Certificate(pair.certificate);
  const [notBefore, notAfter] = [validFromDate.toISOString(), validToDate.toISOString()];
  await atConsole(stage, world.databases, ({ certificates }) =>
    certificates.registerCertificates([
      { tenant, fingerprint: fingerprintOf(pair), serial: serialNumber.toLowerCase(), notBefore, notAfter },
    ]),
  );
  await world.registryCatchesUp();
  return pair;
}

export const OPERATOR = { 'x-hub-purpose': 'PLATFORM_OPERATION' };

export function callerWith(world: World, { certificate, key }: Pair): Caller {
  const ca = readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8');
  return new Caller(new Pool(world.hub.url, { connections: 4, connect: { ca, cert: certificate, key } }));
}

/** A tenant of its own with a certificate that the operator issued and registered, for a year unless said otherwise. */
export async function newTenant(
  world: World,
  id: string,
  days = 365,
): Promise<{ pair: Pair; caller: Caller }> {
  await world
    .as('municipal')
    .ask(
      'mutation ($t: [TenantInput!]!) { registerTenants(tenants: $t) { id } }',
      { t: [{ id, name: `Tenant ${id}`, tier: 'DISTRICT', area: '310112' }] },
      OPERATOR,
    );
  const pair = await registered(world, await issued(world, id, 'FORMAL', { days }), id, 'FORMAL');
  return { pair, caller: callerWith(world, pair) };
}

/** The codes of an answer's refusals. */
export function codesOf({ errors = [] }: { errors?: { extensions: { code: string } }[] }): string[] {
  return errors.map(({ extensions: { code } }) => code);
}

/** A certificate of an authority that bears the names of ours and is none of ours. */
export async function foreign(name: string, stage: Stage): Promise<Pair> {
  const home = await mkdtemp(join(tmpdir(), 'hub-foreign-'));
  try {
    const authority = await openAuthority(home);
    return await authority.issueClient({ name, stage });
  } finally {
    await rm(home, { recursive: true });
  }
}

export function fingerprintOf({ certificate }: Pair): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
}

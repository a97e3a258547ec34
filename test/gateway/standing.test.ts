import { openAuthority } from '../../certs/authority.js';
import { DAY_MS } from '../../certs/period.js';
import {
  ALL_ACTS,
  CERTIFICATE_STATES,
  type CertificateState,
  standingRefusal,
  type StandingAct,
  TENANT_STATES,
  type TenantState,
} from '../../gateway/policy/standing.js';
import { aConsent, recordConsents, revokeConsent } from '../world/admin.js';
import type { Reply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';
import { connect, exchange, type Pair, post } from './raw-connection.js';
import { refusals } from './refusals.js';
import { fingerprintOf } from './strangers.js';

/** Codes by which a standing refuses; any other says that it was passed. */
const OF_STANDING = ['TENANT_INACTIVE', ...CERTIFICATE_STATES.map((state) => `CERTIFICATE_${state}`)];

const ask = (query: string): string => post('/graphql', JSON.stringify({ query }));
const HASH = 'e'.repeat(64);

/** Each act as a request of one who may nothing beside: what comes of it is no matter, only whether it gets so far. */
const REQUESTS: Record<StandingAct, string> = {
  CONNECT: ask('{ __typename }'),
  ERASE: ask('{ erasureNotices(first: 1) { nodes { id } } }'),
  RETIRE: ask(`mutation { retireCertificate(fingerprint: "${HASH}") { state } }`),
  RENEW: ask('mutation { renewCertificate(csr: "none") { pem } }'),
  QUERY: ask('{ me { tenant } }'),
  DOWNLOAD: 'GET /packages/pkg_x/manifest HTTP/1.1\r\nhost: localhost\r\n\r\n',
  MUTATE: ask('mutation { endScope(id: "scp_x") { id } }'),
  UPLOAD: post('/upload/readings', '{}\n', { 'content-type': 'application/x-ndjson' }),
};

const CELLS = TENANT_STATES.flatMap((tenant) =>
  CERTIFICATE_STATES.flatMap((certificate) =>
    ALL_ACTS.map((act) => ({
      tenant,
      certificate,
      act,
      expected: standingRefusal(tenant, certificate, act) ?? 'passed',
    })),
  ),
);

describe('at the front door, by real certificates', () => {
  let world: World;
  const pairs = new Map<string, Pair>();
  beforeAll(async () => {
    world = await openWorld();
    for (const tenant of TENANT_STATES) {
      await world.sql(
        `insert into tenants.tenant (id, name, tier, area, status) values ($1, $1, 'DISTRICT', '310110', $2)`,
        [nameOf(tenant), tenant],
      );
    }
    const authority = await openAuthority(world.home);
    for (const tenant of TENANT_STATES) {
      for (const certificate of CERTIFICATE_STATES) {
        const period = PERIODS[certificate]?.() ?? {};
        const pair = await authority.issueClient({ name: nameOf(tenant), stage: 'FORMAL', ...period });
        pairs.set(`${tenant} ${certificate}`, pair);
        if (certificate !== 'UNREGISTERED') await enter(pair, nameOf(tenant), certificate);
      }
    }
    await world.registryCatchesUp();
  }, 120_000);
  afterAll(() => world.close());

  test.each(CELLS)(
    'a tenant that is $tenant with a certificate that is $certificate and would $act is told: $expected',
    async ({ tenant, certificate, act, expected }) => {
      const socket = await connect(world, pairs.get(`${tenant} ${certificate}`));
      const reply = await exchange(socket, REQUESTS[act]);
      socket.destroy();

      expect(standingOf(reply)).toBe(expected);
    },
  );

  test('one request that asks for several things is refused for the first that may not be', async () => {
    const socket = await connect(world, pairs.get('SUSPENDED ACTIVE'));
    const hidden = `query { __typename ...F } fragment F on Query { ... on Query { me { tenant } } }`;
    const reply = await exchange(socket, ask(hidden));
    socket.destroy();

    expect([reply.status, standingOf(reply)]).toEqual([403, 'TENANT_INACTIVE']);
    const entries = await world.sql<{ facts: string }>(
      `select facts from ledger.entry order by sequence desc limit 1`,
    );
    expect(JSON.parse(entries[0]?.facts ?? '')).toMatchObject({
      event: 'DECISION',
      tenant: nameOf('SUSPENDED'),
      allowed: false,
      refusals: [{ permission: null, rule: 'identity/tenant', code: 'TENANT_INACTIVE' }],
    });
  });

  test('a suspended recipient is told what to erase and acknowledges it, for no purpose that it must name', async () => {
    const [consent = ''] = await recordConsents(world, world.as('enterprise-a'), aConsent());
    await revokeConsent(world.as('enterprise-a'), consent);
    await world.sql(`update tenants.tenant set status = 'SUSPENDED' where id = 'service-co'`);
    await world.registryCatchesUp();
    const suspended = world.as('service-co');

    const { erasureNotices } = await suspended.mustAsk<{ erasureNotices: { nodes: { id: string }[] } }>(
      '{ erasureNotices { nodes { id } } }',
    );
    const acknowledged = await suspended.ask(
      'mutation ($id: ID!, $at: Instant!) { acknowledgeErasure(id: $id, erasedAt: $at, method: "Deleted") { receipt } }',
      { id: erasureNotices.nodes[0]?.id, at: new Date().toISOString() },
    );
    expect(acknowledged.errors).toBeUndefined();
    for (const purpose of ['ENERGY_SERVICE', 'SUPERVISION', 'NONSENSE']) {
      const { errors } = await suspended.ask(
        '{ buildings { nodes { id } } }',
        {},
        { 'x-hub-purpose': purpose },
      );
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['TENANT_INACTIVE']);
    }
    // Nor does the hub look further at what such a tenant sends.
    const { errors } = await suspended.ask('{ buildings { gone } }');
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['TENANT_INACTIVE']);
  });

  test('a recipient without any scope or purpose is told its own notices of erasure, and nothing else of consents', async () => {
    await world.sql(`update tenants.tenant set status = 'ACTIVE' where id = 'service-co'`);
    await world.registryCatchesUp();
    const [consent = ''] = await recordConsents(world, world.as('enterprise-a'), aConsent());
    await revokeConsent(world.as('enterprise-a'), consent);
    await world.sql(`update tenants.scope set valid_to = now() where tenant = 'service-co'`);
    await world.sql(
      `update tenants.purpose_declaration set status = 'ENDED' where tenant = 'service-co' and status = 'APPROVED'`,
    );
    await world.registryCatchesUp();
    const [recipient, stranger] = [world.as('service-co'), world.as('district-310101')];
    const notices = '{ erasureNotices(state: "OPEN") { nodes { id consent } } }';

    const beside = await recipient.ask(`{ consents { nodes { id } } consent(id: "${consent}") { id } }`);
    expect(beside.data).toEqual({ consents: null, consent: null });
    expect(await stranger.ask(notices)).toEqual({ data: { erasureNotices: { nodes: [] } } });
    for (const purpose of ['ENERGY_SERVICE', 'NONSENSE']) {
      const mixed = await recipient.ask(
        '{ me { tenant } erasureNotices { nodes { id } } }',
        {},
        { 'x-hub-purpose': purpose },
      );
      expect(mixed.errors?.[0]?.extensions.rule).toMatch(/^purpose\//);
      expect(await recipient.ask(notices, {}, { 'x-hub-purpose': purpose })).toMatchObject({
        data: { erasureNotices: { nodes: [{ consent }] } },
      });
    }
    const { data } = await recipient.ask(notices);
    const [{ id }] = (data as { erasureNotices: { nodes: [{ id: string }] } }).erasureNotices.nodes;
    const acknowledge = `mutation { acknowledgeErasure(id: "${id}", erasedAt: "2026-01-01T00:00:00Z", method: "Deleted") { receipt } }`;
    expect((await stranger.ask(acknowledge)).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    expect((await recipient.ask(acknowledge)).errors).toBeUndefined();
    expect(await recipient.ask(notices)).toEqual({ data: { erasureNotices: { nodes: [] } } });
  });

  async function enter(pair: Pair, tenant: string, state: CertificateState): Promise<void> {
    const status = state === 'SUSPENDED' || state === 'REVOKED' ? state : 'ACTIVE';
    await world.sql(
      `insert into tenants.certificate (fingerprint, tenant, area, serial, not_before, not_after, status, registered_by)
       values ($1, $2, '310110', 'a', now() - interval '1 hour', now() + interval '1 year', $3, 'console')`,
      [fingerprintOf(pair), tenant, status],
    );
  }
});

const PERIODS: Partial<Record<CertificateState, () => { notBefore?: Date; notAfter: Date }>> = {
  EXPIRED: () => ({ notBefore: new Date(Date.now() - 2 * DAY_MS), notAfter: new Date(Date.now() - 1_000) }),
  NOT_YET_VALID: () => ({
    notBefore: new Date(Date.now() + DAY_MS),
    notAfter: new Date(Date.now() + 2 * DAY_MS),
  }),
};

function nameOf(tenant: TenantState): string {
  return `standing-${tenant.toLowerCase()}`;
}

/** The code by which a standing refused, or that it let pass: what scopes say after it is another matter. */
function standingOf(reply: Reply): string {
  const { errors } = JSON.parse(reply.body.toString('utf8')) as { errors?: object[] };
  const code = errors ? (refusals(reply)[0]?.extensions.code ?? '') : '';
  return OF_STANDING.includes(code) ? code : 'passed';
}

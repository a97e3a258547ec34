import { setTimeout as pause } from 'node:timers/promises';
import { openAuthority } from '../../certs/authority.js';
import { openJudge } from '../../certs/judge.js';
import { makeRequest } from '../../certs/request.js';
import { keyPair, request as csrFor } from '../certs/requests.js';
import { until } from '../world/admin.js';
import { Caller } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';
import { pairOf } from './raw-connection.js';
import { callerWith, codesOf, fingerprintOf, issued, newTenant, OPERATOR, registered } from './strangers.js';

const DAY_MS = 86_400_000;
const RENEW = `mutation ($csr: String!, $notAfter: Instant) {
  renewCertificate(csr: $csr, notAfter: $notAfter) {
    pem certificate { fingerprint tenant notAfter renewedFrom registeredBy state daysLeft }
  }
}`;

interface Renewed {
  renewCertificate: {
    pem: string;
    certificate: {
      fingerprint: string;
      notAfter: string;
      renewedFrom: string;
      state: string;
      daysLeft: number;
    };
  };
}

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const operator = (text: string, variables: object = {}) =>
  world.as('municipal').ask(text, { ...variables }, OPERATOR);
const keys = keyPair(2048);
const csr = ({ privateKey } = keys): string => makeRequest(privateKey, 'tenant');

describe('a renewal is refused', () => {
  let caller: Caller;
  beforeAll(async () => {
    ({ caller } = await newTenant(world, 'early-renewer', 30));
  });
  afterAll(() => caller.close());

  test('for a request that proves no key', async () => {
    const foreign = csrFor({ bits: 2048, signer: keyPair(2048).privateKey });
    expect(codesOf(await caller.ask(RENEW, { csr: foreign }))).toEqual(['CSR_UNUSABLE']);
  });

  test('beyond what was approved, and for an end that has passed', async () => {
    const later = new Date(Date.now() + 31 * DAY_MS).toISOString();
    const refused = await caller.ask(RENEW, { csr: csr(), notAfter: later });
    expect(codesOf(refused)).toEqual(['CERTIFICATE_NOT_APPROVED']);
    const past = new Date(Date.now() - DAY_MS).toISOString();
    expect(codesOf(await caller.ask(RENEW, { csr: csr(), notAfter: past }))).toEqual(['BAD_USER_INPUT']);
  });

  test('by the database, should the hub’s own check ever fail', async () => {
    const grant = { caller: { tenant: 'early-renewer' }, reach: {} };
    const insert = `
      begin; set local role hub_rooms; select set_config('hub.grant', '${JSON.stringify(grant)}', true);
      insert into tenants.certificate (fingerprint, tenant, area, serial, not_before, not_after, registered_by, renewed_from)
        select repeat('a', 64), tenant, area, 'a', now(), now() + interval '40 days', tenant, fingerprint
        from tenants.certificate where tenant = 'early-renewer' limit 1; commit`;
    await expect(world.sql(insert)).rejects.toThrow('row-level security');
  });

  test('and a third by the database too, of two that come at once', async () => {
    const [, second] = [
      await newTenant(world, 'full', 30),
      await issued(world, 'full', 'FORMAL', { days: 20 }),
    ];
    await registered(world, second, 'full', 'FORMAL');
    const caller = { tenant: 'municipal', tier: 'MUNICIPAL' };
    const grant = { caller, reach: { 'tenants:write': { areas: ['31'], subjects: [] } } };
    const insert = `
      begin; set local role hub_rooms; select set_config('hub.grant', '${JSON.stringify(grant)}', true);
      insert into tenants.certificate (fingerprint, tenant, area, serial, not_before, not_after, registered_by)
        values (repeat('b', 64), 'full', '310112', 'a', now(), now() + interval '1 day', 'municipal'); commit`;
    await expect(world.sql(insert)).rejects.toThrow('row-level security policy "two_live"');
  });

  test('when two certificates are live already, of those who ask at once too', async () => {
    // On connections that are open, so that they truly come at once.
    await Promise.all([1, 2, 3].map(() => caller.ask('{ me { tenant } }')));
    const asked = await Promise.all([1, 2, 3].map(() => caller.ask(RENEW, { csr: csr() })));
    expect(asked.flatMap(codesOf).toSorted()).toEqual(['CERTIFICATE_LIMIT', 'CERTIFICATE_LIMIT']);
  });
});

test('nobody approves the validity of its own certificates, and only in the steps that the annex has', async () => {
  const approve = `mutation ($t: ID!, $m: Int!) { approveCertificates(tenant: $t, months: $m, reason: "x") { id } }`;
  expect(codesOf(await operator(approve, { t: 'municipal', m: 12 }))).toEqual(['FOUR_EYES']);
  expect(codesOf(await operator(approve, { t: 'scopeless', m: 13 }))).toEqual(['BAD_USER_INPUT']);
  expect(codesOf(await world.as('national').ask(approve, { t: 'scopeless', m: 12 }))).toContain(
    'SCOPE_MISSING',
  );
});

test('a registration approves nothing where something was approved before', async () => {
  const { caller } = await newTenant(world, 'registered-twice', 30);
  const longer = await issued(world, 'registered-twice', 'FORMAL', { days: 31 });
  await expect(registered(world, longer, 'registered-twice', 'FORMAL')).rejects.toMatchObject({
    code: 'CERTIFICATE_NOT_APPROVED',
  });
  const within = await issued(world, 'registered-twice', 'FORMAL', { days: 29 });
  await registered(world, within, 'registered-twice', 'FORMAL');
  await caller.close();
});

test('an admin issues within an approval, and the approval alone reaches further', async () => {
  const { caller } = await newTenant(world, 'approved', 10);
  const issue = `mutation ($csr: String!, $until: Instant) {
    issueCertificate(tenant: "approved", csr: $csr, notAfter: $until) { pem certificate { notAfter registeredBy } } }`;
  const later = new Date(Date.now() + 300 * DAY_MS).toISOString();
  expect(codesOf(await operator(issue, { csr: csr(), until: later }))).toEqual(['CERTIFICATE_NOT_APPROVED']);

  const { data } = await operator(
    'mutation { approveCertificates(tenant: "approved", months: 12, reason: "Annual review") { months approvedUntil basis } }',
  );
  expect(data).toMatchObject({ approveCertificates: { months: 12, basis: 'DECISION' } });
  const its = keyPair(2048);
  const { data: own } = await operator(issue, { csr: csr(its) });

  const { approvedUntil } = (data as { approveCertificates: { approvedUntil: string } }).approveCertificates;
  expect(own).toMatchObject({
    issueCertificate: { certificate: { notAfter: approvedUntil, registeredBy: 'municipal' } },
  });
  const { pem } = (own as { issueCertificate: { pem: string } }).issueCertificate;
  const second = callerWith(world, { certificate: pem, key: its.privateKey });
  expect(await second.ask('{ me { tenant } }')).toEqual({ data: { me: { tenant: 'approved' } } });
  await Promise.all([caller.close(), second.close()]);
});

test('a key that was certified for another tenant, or given up as known to others, is not certified again', async () => {
  const stolen = keyPair(2048);
  const authority = await openAuthority(world.home);
  const first = await authority.issueFromCsr(csr(stolen), { name: 'somebody', stage: 'FORMAL' });
  const { caller } = await newTenant(world, 'key-thief');

  expect(codesOf(await caller.ask(RENEW, { csr: csr(stolen) }))).toEqual(['CSR_UNUSABLE']);
  await authority.revoke(first.fingerprint, 'KEY_COMPROMISE');
  await expect(authority.issueFromCsr(csr(stolen), { name: 'somebody', stage: 'FORMAL' })).rejects.toThrow(
    'compromised',
  );
  await caller.close();
});

test('while a tenant changes from one certificate to the next, no request fails', async () => {
  const { pair, caller: old } = await newTenant(world, 'rotating');
  const answers: unknown[] = [];
  const over = new AbortController();
  const load = async (caller: Caller): Promise<void> => {
    while (!over.signal.aborted) answers.push(await caller.ask('{ me { tenant } }'));
  };
  const loads = [load(old), load(old)];

  const next = keyPair(2048);
  const { renewCertificate } = await old.mustAsk<Renewed>(RENEW, { csr: csr(next) });
  const renewed = callerWith(world, { certificate: renewCertificate.pem, key: next.privateKey });
  loads.push(load(renewed), load(renewed));
  while (answers.length < 200) await pause(20);
  over.abort();
  await Promise.all(loads);

  expect(renewCertificate.certificate).toMatchObject({
    renewedFrom: fingerprintOf(pair),
    registeredBy: 'rotating',
    state: 'ACTIVE',
  });
  expect([...new Set(answers.map((answer) => JSON.stringify(answer)))]).toEqual([
    '{"data":{"me":{"tenant":"rotating"}}}',
  ]);
  const retire = 'mutation ($f: ID!) { retireCertificate(fingerprint: $f) { state reason } }';
  expect(await renewed.ask(retire, { f: fingerprintOf(pair) })).toEqual({
    data: { retireCertificate: { state: 'REVOKED', reason: 'SUPERSEDED' } },
  });
  expect(openJudge(world.home).stageOf(pair.certificate)).toEqual({ problem: 'REVOKED' });
  const isCutOff = async () => codesOf(await old.ask('{ me { tenant } }'))[0] === 'CERTIFICATE_REVOKED';
  expect(await until(isCutOff)).toBeLessThan(1_000);
  const { me } = await renewed.mustAsk<{ me: { certificates: { nodes: { state: string }[] } } }>(
    '{ me { certificates { nodes { state } } } }',
  );
  expect(me.certificates.nodes.map(({ state }) => state).toSorted()).toEqual(['ACTIVE', 'REVOKED']);
  await Promise.all([old.close(), renewed.close()]);
});

test('a tenant gives up none but its own, sees none but its own, and cannot end a suspension', async () => {
  const other = fingerprintOf(pairOf(world, 'district-310104'));
  const caller = world.as('district-310101');
  const ask = async (field: string) =>
    codesOf(await caller.ask(`mutation ($f: ID!) { ${field} { state } }`, { f: other }));

  expect(await ask('retireCertificate(fingerprint: $f)')).toEqual(['NOT_FOUND']);
  expect(await ask('resumeCertificate(fingerprint: $f)')).toEqual(['SCOPE_MISSING']);
  expect(await ask('revokeCertificate(fingerprint: $f, reason: "UNSPECIFIED")')).toEqual(['SCOPE_MISSING']);
  expect(await caller.ask('{ me { certificates { nodes { tenant } } } }')).toEqual({
    data: { me: { certificates: { nodes: [{ tenant: 'district-310101' }] } } },
  });
});

test('what ends soon is listed, the next first, to those who may see it', async () => {
  await Promise.all(
    [newTenant(world, 'ends-in-20', 20), newTenant(world, 'ends-in-5', 5)].map(async (made) =>
      (await made).caller.close(),
    ),
  );
  const ask = '{ expiringCertificates(days: 25) { nodes { tenant daysLeft } } }';

  const { data } = await operator(ask);

  const { nodes } = (data as { expiringCertificates: { nodes: { tenant: string; daysLeft: number }[] } })
    .expiringCertificates;
  expect(nodes.filter(({ tenant }) => tenant.startsWith('ends-in'))).toEqual([
    { tenant: 'ends-in-5', daysLeft: 4 },
    { tenant: 'ends-in-20', daysLeft: 19 },
  ]);
  expect(nodes.map(({ daysLeft }) => daysLeft)).toEqual(
    nodes.map(({ daysLeft }) => daysLeft).toSorted((a, b) => a - b),
  );
  expect(codesOf(await world.as('district-310101').ask(ask))).toContain('SCOPE_MISSING');
});

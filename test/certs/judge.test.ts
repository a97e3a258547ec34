import type tls from 'node:tls';
import { type Authority, openAuthority } from '../../certs/authority.js';
import type { Credentials } from '../../certs/issuing.js';
import { type Judge, openJudge } from '../../certs/judge.js';
import { DAY_MS } from '../../certs/period.js';
import * as profiles from '../../certs/profiles.js';
import { AuthorityStore } from '../../certs/store.js';
import {
  asIssuer,
  call,
  judgingServer,
  type Pair,
  pairFrom,
  selfSigned,
  temporaryHome,
} from './handshakes.js';

let home: Awaited<ReturnType<typeof temporaryHome>>;
let foreign: Awaited<ReturnType<typeof temporaryHome>>;
let authority: Authority;
let judge: Judge;
let store: AuthorityStore;
let server: tls.Server;
let ca: string[];
let formal: Credentials;
let test_: Credentials;
let revoked: Credentials;

beforeAll(async () => {
  home = await temporaryHome();
  foreign = await temporaryHome();
  authority = await openAuthority(home.path);
  store = new AuthorityStore(home.path);
  judge = openJudge(home.path);
  formal = await authority.issueClient({
    name: 'district-310101',
    stage: 'FORMAL',
    organisation: '黄浦区平台',
  });
  test_ = await authority.issueClient({ name: 'newcomer', stage: 'TEST' });
  revoked = await authority.issueClient({ name: 'former', stage: 'FORMAL' });
  await authority.revoke(revoked.fingerprint, 'KEY_COMPROMISE');
  ca = await authority.authorities();
  server = await judgingServer(authority, judge);
});

afterAll(async () => {
  server.close();
  await home[Symbol.asyncDispose]();
  await foreign[Symbol.asyncDispose]();
});

async function opinionOf(pair?: Pair) {
  const { node, verdict } = await call(server, ca, pair);
  return { node, verdict };
}

describe('over TLS, the judge refuses', () => {
  test('a caller without a certificate', async () => {
    const { node, verdict } = await opinionOf();

    expect(node).not.toBeNull();
    expect(verdict).toEqual({ problem: 'REQUIRED' });
  });

  test('an expired certificate', async () => {
    const period = { notBefore: new Date(Date.now() - 2 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
    const expired = await authority.issueClient({ name: 'late', stage: 'FORMAL', ...period });

    const opinion = await opinionOf(expired);

    expect(opinion).toEqual({ node: 'CERT_HAS_EXPIRED', verdict: { problem: 'EXPIRED' } });
  });

  test('a certificate that is not valid yet', async () => {
    const period = { notBefore: new Date(Date.now() + DAY_MS), notAfter: new Date(Date.now() + 2 * DAY_MS) };
    const early = await authority.issueClient({ name: 'early', stage: 'TEST', ...period });

    const opinion = await opinionOf(early);

    expect(opinion).toEqual({ node: 'CERT_NOT_YET_VALID', verdict: { problem: 'NOT_YET_VALID' } });
  });

  test('a revoked certificate', async () => {
    const opinion = await opinionOf(revoked);

    expect(opinion).toEqual({ node: 'CERT_REVOKED', verdict: { problem: 'REVOKED' } });
  });

  test('a self-signed certificate', async () => {
    const { node, verdict } = await opinionOf(await selfSigned(profiles.CLIENT));

    expect(node).not.toBeNull();
    expect(verdict).toEqual({ problem: 'UNTRUSTED' });
  });

  test('a certificate that names our authority and its key but bears a signature of another key', async () => {
    const forger = asIssuer(await selfSigned(profiles.ROOT));
    const ours = await store.issuer('FORMAL');
    const forged = await pairFrom({ certificate: ours.certificate, key: forger.key }, profiles.CLIENT);

    const opinion = await opinionOf(forged);

    expect(opinion).toEqual({ node: 'CERT_SIGNATURE_FAILURE', verdict: { problem: 'UNTRUSTED' } });
  });

  test('a certificate of another hub, whose authorities bear the same names', async () => {
    const other = await openAuthority(foreign.path);
    const stranger = await other.issueClient({ name: 'district-310101', stage: 'FORMAL' });

    const { node, verdict } = await opinionOf(stranger);

    expect(node).not.toBeNull();
    expect(verdict).toEqual({ problem: 'UNTRUSTED' });
  });

  test('the server’s own certificate', async () => {
    const opinion = await opinionOf(await authority.serverCredentials());

    expect(opinion).toEqual({ node: 'INVALID_PURPOSE', verdict: { problem: 'UNTRUSTED' } });
  });

  test('a certificate without clientAuth, though the formal authority signed it', async () => {
    const misused = await pairFrom(await store.issuer('FORMAL'), profiles.server(['localhost']));

    const opinion = await opinionOf(misused);

    expect(opinion).toEqual({ node: 'INVALID_PURPOSE', verdict: { problem: 'UNTRUSTED' } });
  });

  test('a certificate that a tenant signed with the key of its own', async () => {
    const child = await pairFrom(asIssuer(formal), profiles.CLIENT);

    const { node, verdict } = await opinionOf({
      ...child,
      certificate: child.certificate + formal.certificate,
    });

    expect(node).not.toBeNull();
    expect(verdict).toEqual({ problem: 'UNTRUSTED' });
  });

  // Node trusts these three: that they are no tenants is the hub's own rule.
  test('the certificates of an authority, of the gateway and of no stated usage', async () => {
    const issuing = await store.own('formal');
    const unstated = await pairFrom(await store.issuer('FORMAL'), profiles.SIGNING);

    for (const pair of [issuing!, await authority.gatewayCredentials(), unstated]) {
      const { verdict } = await opinionOf(pair);
      expect(verdict).toEqual({ problem: 'UNTRUSTED' });
    }
  });
});

describe('over TLS, the judge knows', () => {
  test('a formal certificate', async () => {
    expect(await opinionOf(formal)).toEqual({ node: null, verdict: { stage: 'FORMAL' } });
  });

  test('a test certificate', async () => {
    expect(await opinionOf(test_)).toEqual({ node: null, verdict: { stage: 'TEST' } });
  });
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a second %s connection proves its key anew',
  async (maxVersion) => {
    const { session } = await call(server, ca, formal, { maxVersion });

    expect(session).toBeDefined();
    expect(await call(server, ca, formal, { maxVersion, session })).toMatchObject({ isResumed: false });
  },
);

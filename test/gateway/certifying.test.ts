import { createPrivateKey, X509Certificate } from 'node:crypto';
import { openAuthority } from '../../certs/authority.js';
import { REASONS } from '../../certs/crl.js';
import { inspect } from '../../certs/inspect.js';
import { openJudge } from '../../certs/judge.js';
import { certifying } from '../../gateway/certifying.js';
import { REVOCATION_REASONS } from '../../gateway/policy/certificates.js';
import type { CertificateOrder } from '../../subgraphs/runtime/services.js';
import { temporaryHome } from '../certs/handshakes.js';
import { keyPair, request } from '../certs/requests.js';

const NEXT_YEAR = new Date(Math.floor(Date.now() / 1000) * 1000 + 365 * 86_400_000).toISOString();
const ORDER: CertificateOrder = {
  name: 'district-310112',
  stage: 'TEST',
  organisation: '闵',
  notAfter: NEXT_YEAR,
};

let home: Awaited<ReturnType<typeof temporaryHome>>;
let certificates: ReturnType<typeof certifying>;
beforeAll(async () => {
  home = await temporaryHome();
  certificates = certifying(await openAuthority(home.path));
});
afterAll(() => home[Symbol.asyncDispose]());

test('a request that proves no key is its sender’s to mend; a lost authority is a fault', async () => {
  await expect(certificates.certify('no request', ORDER)).rejects.toMatchObject({ code: 'CSR_UNUSABLE' });
  const csr = request({ bits: 2048, signer: keyPair(2048).privateKey });
  await expect(certificates.certify(csr, ORDER)).rejects.toMatchObject({ code: 'CSR_UNUSABLE' });
  const order = { ...ORDER, name: '../root' };
  await expect(certificates.certify(request({ bits: 2048 }), order)).rejects.not.toHaveProperty('code');
});

test('a room is given a certificate for the key of a request, of the stage and for the time it named', async () => {
  const pair = keyPair(2048);

  const issued = await certificates.certify(request({ bits: 2048, pair }), ORDER);

  expect(new X509Certificate(issued.certificate).checkPrivateKey(createPrivateKey(pair.privateKey))).toBe(
    true,
  );
  expect(inspect(issued.certificate)).toMatchObject({
    subject: 'O=闵, CN=district-310112',
    serial: issued.serial,
    fingerprint: issued.fingerprint,
  });
  expect(issued.notAfter).toBe(NEXT_YEAR);
  expect(openJudge(home.path).stageOf(issued.certificate)).toEqual({ stage: 'TEST' });
});

test('an organisation longer than a certificate can name is cut, not refused', async () => {
  const issued = await certificates.certify(request({ bits: 2048 }), {
    ...ORDER,
    organisation: ` ${'甲'.repeat(70)}\u0000`,
  });

  expect(inspect(issued.certificate).subject).toBe(`O=${'甲'.repeat(64)}, CN=district-310112`);
});

test('what was certified can be put on the revocation list, and what others issued cannot', async () => {
  const { certificate, fingerprint } = await certificates.certify(request({ bits: 2048 }), ORDER);

  expect(await certificates.revokeIssued(fingerprint, 'KEY_COMPROMISE')).toBe(true);
  expect(await certificates.revokeIssued('0'.repeat(64), 'KEY_COMPROMISE')).toBe(false);
  expect(openJudge(home.path).stageOf(certificate)).toEqual({ problem: 'REVOKED' });
});

test('the policy and the revocation lists know the same reasons', () => {
  expect([...REVOCATION_REASONS]).toEqual(Object.keys(REASONS));
});

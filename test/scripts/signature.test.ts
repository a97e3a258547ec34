import type { Credentials } from '../../certs/issuing.js';
import { verifySigned } from '../../scripts/client/signature.js';
import { homeWith, sign, type TestHome } from './door.js';

const BODY = '{"answer":42}';
const YEARS_MS = 15 * 365 * 86_400_000;

let home: TestHome;
let signer: Credentials;

beforeAll(async () => {
  home = await homeWith('national');
  signer = await home.authority.signingCredentials();
});
afterAll(() => home[Symbol.asyncDispose]());

const verify = (jws: string | undefined, at?: Date, ca = home.ca) =>
  verifySigned(Buffer.from(BODY), jws, ca, at);

test('the certificate of the server, of the gateway or of a tenant signs nothing', async () => {
  const tenant = await home.authority.issueClient({ name: 'eve', stage: 'FORMAL' });

  await expect(verify(await sign(BODY, await home.authority.serverCredentials()))).rejects.toThrow(
    /not of hub-signing/,
  );
  await expect(verify(await sign(BODY, await home.authority.gatewayCredentials()))).rejects.toThrow(
    /does not hold/,
  );
  await expect(verify(await sign(BODY, tenant))).rejects.toThrow(/not issued by the root/);
});

test('a tenant that calls itself hub-signing still has no certificate of the root', async () => {
  await expect(home.authority.issueClient({ name: 'hub-signing', stage: 'FORMAL' })).rejects.toThrow();
});

test('before and after the signer’s certificate holds, its signature does not', async () => {
  const jws = await sign(BODY, signer);

  await expect(verify(jws, new Date(Date.now() - YEARS_MS))).rejects.toThrow(/not valid on/);
  await expect(verify(jws, new Date(Date.now() + YEARS_MS))).rejects.toThrow(/not valid on/);
  await expect(verify(jws)).resolves.toMatchObject({ signer: 'hub-signing' });
});

test('other forms than a detached signature, and bundles without one root, are refused', async () => {
  const jws = await sign(BODY, signer);
  const attached = jws.replace('..', `.${Buffer.from(BODY).toString('base64url')}.`);
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}..`;

  for (const wrong of [undefined, '', 'a.b.c', attached, none, `${jws}.x`]) {
    await expect(verify(wrong)).rejects.toThrow(
      /^The signature does not hold: there is no detached signature/,
    );
  }
  await expect(verify(jws, undefined, '')).rejects.toThrow(/0 roots/);
  await using other = await homeWith();
  await expect(verify(jws, undefined, home.ca + other.ca)).rejects.toThrow(/2 roots/);
});

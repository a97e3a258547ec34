import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as passing } from 'node:timers/promises';
import { SignJWT } from 'jose';
import type { Grant } from '../../../gateway/policy/grant.js';
import { openGrant, sealGrant } from '../../../gateway/policy/seal.js';
import { aGrant } from '../../world/grants.js';

describe('a seal that was opened before', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');

  test('is refused once its time is over', async () => {
    const token = new SignJWT({ grant: aGrant() }).setProtectedHeader({ alg: 'EdDSA' });
    const claimed = token.setIssuer('hub-gateway').setAudience('hub-room').setExpirationTime('2s');
    const sealed = await claimed.sign(privateKey);
    await expect(openGrant(sealed, publicKey)).resolves.toEqual(aGrant());
    await passing(2_100);
    await expect(openGrant(sealed, publicKey)).rejects.toMatchObject({ code: 'GRANT_INVALID' });
  });

  test('opens nothing with another key, nor does another text open what it did', async () => {
    const sealed = await sealGrant(aGrant(), privateKey);
    await openGrant(sealed, publicKey);
    const other = generateKeyPairSync('ed25519').publicKey;
    await expect(openGrant(sealed, other)).rejects.toMatchObject({ code: 'GRANT_INVALID' });
    await expect(openGrant(`${sealed}A`, publicKey)).rejects.toMatchObject({ code: 'GRANT_INVALID' });
  });

  test('a seal that never ends is refused', async () => {
    const token = new SignJWT({ grant: aGrant() }).setProtectedHeader({ alg: 'EdDSA' });
    const endless = await token.setIssuer('hub-gateway').setAudience('hub-room').sign(privateKey);
    await expect(openGrant(endless, publicKey)).rejects.toMatchObject({ code: 'GRANT_INVALID' });
  });

  test('gives each opener a grant of its own', async () => {
    const sealed = await sealGrant(aGrant(), privateKey);
    const first: { reach: Grant['reach'] } = await openGrant(sealed, publicKey);
    first.reach = {};
    expect(await openGrant(sealed, publicKey)).toEqual(aGrant());
  });
});

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { grantKeys } from '../../gateway/keys.js';
import type { Grant } from '../../gateway/policy/grant.js';
import { sealGrant } from '../../gateway/policy/seal.js';
import type { World } from './world.js';

/** A grant of a district for its area, to read buildings, unless said otherwise. */
export function aGrant(rest: Partial<Grant> = {}): Grant {
  const caller = {
    tenant: 'district-310101',
    name: 'D',
    tier: 'DISTRICT',
    area: '310101',
    uscc: null,
    stage: 'FORMAL',
    fingerprint: '',
  } as const;
  return {
    request: 'r',
    caller,
    purpose: 'DATA_REPORTING',
    reach: { 'buildings:read': { areas: ['310101'], subjects: [] } },
    checkpoint: { size: 0, root: '' },
    ...rest,
  };
}

/** A grant as the world's own gateway would seal it. */
export async function sealed(world: World, grant: Grant): Promise<string> {
  return sealGrant(grant, (await grantKeys(world.home)).privateKey);
}

/** Seals that no room may open, by what is wrong with them. */
export async function brokenSeals(world: World): Promise<[string, string][]> {
  const { privateKey, publicKey } = await grantKeys(world.home);
  const good = await sealed(world, aGrant());
  const [head = '', body = '', signature = ''] = good.split('.');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as { grant: Grant };
  claims.grant.reach = { 'buildings:read': { areas: [''], subjects: [] } };
  const altered = Buffer.from(JSON.stringify(claims)).toString('base64url');
  const foreign = generateKeyPairSync('ed25519').privateKey;
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const secret = new TextEncoder().encode(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  return [
    ['none at all', ''],
    ['words', 'let me in'],
    ['an altered reach', [head, altered, signature].join('.')],
    [
      'an altered signature',
      [head, body, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.'),
    ],
    ['no algorithm', `${none}.${body}.`],
    [
      'the public key as a secret',
      await signed((token) => token.setProtectedHeader({ alg: 'HS256' }).sign(secret)),
    ],
    ['a foreign key', await signed((token) => token.setProtectedHeader({ alg: 'EdDSA' }).sign(foreign))],
    ['a minute ago', await signed(by(privateKey), '-61s', '-1s')],
    ['another audience', await signed(by(privateKey), '0s', '60s', 'hub-client')],
    ['another issuer', await signed(by(privateKey), '0s', '60s', 'hub-room', 'somebody')],
  ];
}

function by(key: KeyObject): (token: SignJWT) => Promise<string> {
  return (token) => token.setProtectedHeader({ alg: 'EdDSA' }).sign(key);
}

function signed(
  sign: (token: SignJWT) => Promise<string>,
  from = '0s',
  to = '60s',
  audience = 'hub-room',
  issuer = 'hub-gateway',
): Promise<string> {
  const token = new SignJWT({ grant: aGrant() }).setIssuer(issuer).setAudience(audience);
  return sign(token.setIssuedAt(from).setExpirationTime(to));
}

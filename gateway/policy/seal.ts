import { SignJWT, jwtVerify } from 'jose';
import type { KeyObject } from 'node:crypto';
import { Refusal } from '../errors.js';
import type { Grant } from './grant.js';

const ISSUER = 'hub-gateway';
const AUDIENCE = 'hub-room';
const LIFETIME = '60s';

/** The gateway's signature (EdDSA) over a grant; good for one minute. */
export async function sealGrant(grant: Grant, privateKey: KeyObject): Promise<string> {
  return new SignJWT({ grant })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(LIFETIME)
    .sign(privateKey);
}

/**
 * What a room does first: only a grant that this hub's gateway signed within the last minute opens a session.
 *
 * @throws Refusal GRANT_INVALID for a missing, foreign, altered or expired seal.
 */
export async function openGrant(sealed: string | undefined, publicKey: KeyObject): Promise<Grant> {
  if (!sealed) throw new Refusal('GRANT_INVALID');
  try {
    const { payload } = await jwtVerify(sealed, publicKey, {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['EdDSA'],
    });
    return payload['grant'] as Grant;
  } catch {
    throw new Refusal('GRANT_INVALID');
  }
}

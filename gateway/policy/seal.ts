import { SignJWT, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
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
 * What a room does first: only a grant that this hub's gateway signed within the last minute opens a session. A plan
 * asks several times with one seal, and its signature is looked at once.
 *
 * @throws Refusal GRANT_INVALID for a missing, foreign, altered or expired seal.
 */
export async function openGrant(sealed: string | undefined, publicKey: KeyObject): Promise<Grant> {
  if (!sealed) throw new Refusal('GRANT_INVALID');
  const seals = sealsOf(publicKey);
  const seal = seals.get(sealed) ?? (await verified(sealed, publicKey));
  if (seal.expires <= Date.now()) throw new Refusal('GRANT_INVALID');
  seals.set(sealed, seal);
  return JSON.parse(seal.grant) as Grant;
}

/** What was found good. The grant as text: who opens it gets one of its own. */
interface Seal {
  grant: string;
  /** Milliseconds since 1970. */
  expires: number;
}

/** Seals that a busy gateway has in use at a time. */
const MOST_SEALS = 1_000;

const opened = new WeakMap<KeyObject, LRUCache<string, Seal>>();

function sealsOf(publicKey: KeyObject): LRUCache<string, Seal> {
  const known = opened.get(publicKey);
  if (known) return known;
  const made = new LRUCache<string, Seal>({ max: MOST_SEALS });
  opened.set(publicKey, made);
  return made;
}

async function verified(sealed: string, publicKey: KeyObject): Promise<Seal> {
  try {
    const { payload } = await jwtVerify(sealed, publicKey, {
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['EdDSA'],
      requiredClaims: ['exp'],
    });
    return { grant: JSON.stringify(payload['grant']), expires: payload.exp! * 1_000 };
  } catch {
    throw new Refusal('GRANT_INVALID');
  }
}

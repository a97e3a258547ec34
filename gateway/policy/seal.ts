import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Refusal } from '../errors.js';
import type { Grant } from './grant.js';

const ISSUER = 'hub-gateway';
const AUDIENCE = 'hub-room';
const LIFETIME_SECONDS = 60;
/** The one header that there is (RFC 8037): no seal says how it wants to be looked at. */
const HEADER = Buffer.from('{"alg":"EdDSA"}').toString('base64url');

/**
 * The gateway's signature (EdDSA) over a grant, a JWT; good for one minute. Not by a library: those sign by way of other
 * threads, which takes four times as long as the signature.
 */
export async function sealGrant(grant: Grant, privateKey: KeyObject): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const expires = now + LIFETIME_SECONDS;
  const text = JSON.stringify(grant);
  const claims = `{"grant":${text},"iss":"${ISSUER}","aud":"${AUDIENCE}","iat":${now},"exp":${expires}}`;
  const signed = `${HEADER}.${Buffer.from(claims).toString('base64url')}`;
  const sealed = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
  // Rooms of this process need not look at what it has just signed.
  sealsOf(privateKey).set(sealed, { grant: text, expires: expires * 1_000 });
  return sealed;
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
  const seal = seals.get(sealed) ?? verified(sealed, publicKey);
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

const byKey = new WeakMap<KeyObject, LRUCache<string, Seal>>();
const byPublicKey = new Map<string, LRUCache<string, Seal>>();

/** Those of a pair of keys, by either of them. */
function sealsOf(key: KeyObject): LRUCache<string, Seal> {
  const known = byKey.get(key);
  if (known) return known;
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const name = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const seals = byPublicKey.get(name) ?? new LRUCache<string, Seal>({ max: MOST_SEALS });
  byPublicKey.set(name, seals);
  byKey.set(key, seals);
  return seals;
}

function verified(sealed: string, publicKey: KeyObject): Seal {
  const [header, claims = '', signature = '', ...others] = sealed.split('.');
  const signed = Buffer.from(`${header}.${claims}`);
  const isGood =
    header === HEADER &&
    others.length === 0 &&
    verify(null, signed, publicKey, Buffer.from(signature, 'base64url'));
  if (!isGood) throw new Refusal('GRANT_INVALID');
  const { grant, iss, aud, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Claims;
  if (iss !== ISSUER || aud !== AUDIENCE || !Number.isInteger(exp)) throw new Refusal('GRANT_INVALID');
  return { grant: JSON.stringify(grant), expires: exp * 1_000 };
}

interface Claims {
  grant: Grant;
  iss: string;
  aud: string;
  /** Seconds since 1970. */
  exp: number;
}

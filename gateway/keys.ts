import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FlattenedSign } from 'jose';
import type { Credentials } from '../certs/authority.js';
import type { Stage } from './policy/grant.js';

export interface GrantKeys {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** Passwords of the login roles, one a stage for each; known to the processes that share this HUB_HOME. */
export interface RolePasswords {
  rooms: string;
  gateway: string;
}

/** Keys and passwords that the hub makes for itself on first start, readable by its own user alone. */
export async function grantKeys(home: string): Promise<GrantKeys> {
  const pem = await kept(home, 'grant.pem', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  });
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

export async function rolePasswords(home: string): Promise<RolePasswords> {
  const text = await kept(home, 'roles.json', () =>
    JSON.stringify({
      rooms: randomBytes(24).toString('base64url'),
      gateway: randomBytes(24).toString('base64url'),
    }),
  );
  return JSON.parse(text) as RolePasswords;
}

/**
 * What the entries of a stage's ledger are sealed with: known to this home, and never to the database. A key a stage, so
 * that an entry of one ledger is none of the other.
 */
export async function sealKey(home: string, stage: Stage): Promise<KeyObject> {
  const secret = await kept(home, 'ledger.key', () => randomBytes(32).toString('hex'));
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', `ledger ${stage}`, 32)),
  );
}

/** The signature over receipts and manifests: detached JWS (RFC 7515, appendix F) with the certificate chain in `x5c`. */
export function signerOf({ certificate, key }: Credentials): (payload: string) => Promise<string> {
  const privateKey = createPrivateKey(key);
  const chain = certificate.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const x5c = chain.map((pem) => new X509Certificate(pem).raw.toString('base64'));
  return async (payload) => {
    const signed = await new FlattenedSign(Buffer.from(payload))
      .setProtectedHeader({ alg: 'RS256', x5c })
      .sign(privateKey);
    return `${signed.protected ?? ''}..${signed.signature}`;
  };
}

async function kept(home: string, name: string, make: () => string): Promise<string> {
  const folder = join(home, 'keys');
  const path = join(folder, name);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, make(), { mode: 0o600 });
  // Of processes that start together one makes it; the others take that one.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readFile(path, 'utf8');
}

import { type KeyObject, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import forge from 'node-forge';

const generate = promisify(generateKeyPair);

/** Bits of an authority's key: it signs for twenty years. */
export const AUTHORITY_BITS = 3072;
/** Bits of every other key: it is replaced within a few years. */
export const LEAF_BITS = 2048;

export interface KeyPair {
  publicKey: forge.pki.rsa.PublicKey;
  /** PKCS #8 PEM, unencrypted: whoever stores it keeps it at mode 0600. */
  privatePem: string;
}

/** OpenSSL makes the key in its own threads; forge's generator would block the event loop for seconds. */
export async function generateRsa(bits: number): Promise<KeyPair> {
  const pair = await generate('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey: forge.pki.publicKeyFromPem(pair.publicKey), privatePem: pair.privateKey };
}

/** RSASSA-PKCS1-v1_5 over SHA-256. OpenSSL's takes 2 ms in constant time; forge's takes 75 ms and is not. */
export function signSha256(key: KeyObject, bytes: string): string {
  return sign('sha256', Buffer.from(bytes, 'latin1'), key).toString('latin1');
}

/** The object identifier of what `signSha256` makes. */
export const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';

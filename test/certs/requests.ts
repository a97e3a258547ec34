import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface RequestOptions {
  bits: number;
  publicExponent?: number;
  pair?: { publicKey: string; privateKey: string };
  /** Signs in place of the key's owner. */
  signer?: string;
  digest?: forge.md.MessageDigest;
}

/** A request (PKCS #10, PEM) that asks for an authority's certificate in another's name. */
export function request({ bits, publicExponent, pair, signer, digest }: RequestOptions): string {
  const keys = pair ?? keyPair(bits, publicExponent);
  const csr = forge.pki.createCertificationRequest();
  csr.publicKey = forge.pki.publicKeyFromPem(keys.publicKey);
  csr.setSubject([{ name: 'commonName', value: 'municipal' }]);
  csr.setAttributes([{ name: 'extensionRequest', extensions: [{ name: 'basicConstraints', cA: true }] }]);
  csr.sign(forge.pki.privateKeyFromPem(signer ?? keys.privateKey), digest ?? forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(csr);
}

export function keyPair(
  modulusLength: number,
  publicExponent = 65_537,
): { publicKey: string; privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength,
    publicExponent,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import forge from 'node-forge';
import { CertificateError } from './certificate-error.js';
import { LEAF_BITS, SHA256_WITH_RSA, generateRsa, signSha256 } from './keys.js';
import { checkClientName } from './names.js';

const LONGEST = 65_536;
const LARGEST_BITS = 8192;
const SIGNATURES = new Set(['sha256WithRSAEncryption', 'sha384WithRSAEncryption', 'sha512WithRSAEncryption']);

/** A request that cannot be certified: its sender's to mend. */
export class RequestError extends CertificateError {}

/**
 * A new key (PKCS #8 PEM, unencrypted) and a request (PKCS #10 PEM) for it: made where the key is to stay, on the
 * tenant's own machine. Throws CertificateError for a name that no tenant can have.
 */
export async function newRequest(name: string): Promise<{ key: string; csr: string }> {
  checkClientName(name);
  const { privatePem } = await generateRsa(LEAF_BITS);
  return { key: privatePem, csr: makeRequest(privatePem, name) };
}

/**
 * The public key of a PKCS #10 request (PEM) whose sender proved to hold the private key. Name and extensions that
 * the request asks for are ignored: what a certificate says is the operator's decision. Throws RequestError.
 */
export function keyOfRequest(pem: string): forge.pki.rsa.PublicKey {
  const request = parse(pem);
  const algorithm = request.signatureOid && forge.pki.oids[request.signatureOid];
  if (!algorithm || !SIGNATURES.has(algorithm)) {
    throw new RequestError('The request must be signed with RSA and SHA-256, SHA-384 or SHA-512.');
  }
  const key = request.publicKey as forge.pki.rsa.PublicKey | null;
  if (!key || !hasSoundForm(key)) {
    throw new RequestError(
      `The key of the request must be RSA of ${LEAF_BITS} to ${LARGEST_BITS} bits with an odd exponent from 65537.`,
    );
  }
  if (!isSelfSigned(request)) {
    throw new RequestError('The signature of the request does not fit its key: possession is not proved.');
  }
  return key;
}

/** What a sound request says of itself: whose it claims to be, and which key it is for. Throws RequestError. */
export function readRequest(pem: string): { commonName: string | null; keySha256: string } {
  const key = keyOfRequest(pem);
  const name: unknown = parse(pem).subject.getField('CN')?.value;
  const der = forge.asn1.toDer(forge.pki.publicKeyToAsn1(key)).getBytes();
  return {
    commonName: typeof name === 'string' && name !== '' ? name : null,
    keySha256: createHash('sha256').update(der, 'binary').digest('hex'),
  };
}

/** A request for a key of one's own, RSA in PEM: what a client sends in, so that its key never leaves it. */
export function makeRequest(privateKey: string, commonName: string): string {
  const key = createPrivateKey(privateKey);
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicPem);
  request.setSubject([{ name: 'commonName', value: commonName }]);
  // What forge's own `sign` does, with the key in OpenSSL's hands; the published types lack both.
  const { getCertificationRequestInfo } = forge.pki as unknown as {
    getCertificationRequestInfo: (csr: forge.pki.CertificateSigningRequest) => forge.asn1.Asn1;
  };
  request.signatureOid = SHA256_WITH_RSA;
  request.siginfo.algorithmOid = SHA256_WITH_RSA;
  const info = getCertificationRequestInfo(request);
  request.signature = signSha256(key, forge.asn1.toDer(info).getBytes());
  Object.assign(request, { certificationRequestInfo: info });
  return forge.pki.certificationRequestToPem(request);
}

function parse(pem: string): forge.pki.CertificateSigningRequest {
  if (pem.length > LONGEST) throw new RequestError('The request is longer than 64 KiB.');
  try {
    return forge.pki.certificationRequestFromPem(pem);
  } catch (error) {
    throw new RequestError('The file is no PKCS #10 request in PEM with an RSA key.', { cause: error });
  }
}

function hasSoundForm(key: forge.pki.rsa.PublicKey): boolean {
  const bits = key.n.bitLength();
  const exponent = Number(key.e.toString(10));
  return (
    bits >= LEAF_BITS &&
    bits <= LARGEST_BITS &&
    exponent >= 65_537 &&
    exponent < 2 ** 32 &&
    exponent % 2 === 1
  );
}

function isSelfSigned(request: forge.pki.CertificateSigningRequest): boolean {
  try {
    return request.verify();
  } catch {
    return false;
  }
}

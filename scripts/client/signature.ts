import { X509Certificate } from 'node:crypto';
import { compactVerify, decodeProtectedHeader } from 'jose';
import { fault } from './failure.js';

const SIGNER = 'hub-signing';

export interface Signature {
  /** Who signed and until when the certificate holds. */
  signer: string;
  validTo: Date;
}

/**
 * Verifies a detached JWS (RFC 7515, appendix F; RS256, x5c) over exactly these bytes: the certificate in it must
 * be the hub's signing certificate, issued by the root in `ca` (PEM bundle) and valid `at` that moment.
 *
 * @throws Failure SIGNATURE_INVALID, saying which of these does not hold.
 */
export async function verifySigned(
  body: Buffer,
  jws: string | undefined,
  ca: string,
  at = new Date(),
): Promise<Signature> {
  const [head, middle, tail, ...rest] = (jws ?? '').split('.');
  if (!head || middle !== '' || !tail || rest.length > 0) throw invalid('there is no detached signature');
  const certificate = signerOf(head);
  mustBeOfHub(certificate, rootOf(ca), at);
  try {
    await compactVerify(`${head}.${body.toString('base64url')}.${tail}`, certificate.publicKey, {
      algorithms: ['RS256'],
    });
  } catch {
    throw invalid('the signature is not of these bytes');
  }
  return { signer: SIGNER, validTo: certificate.validToDate };
}

function signerOf(head: string): X509Certificate {
  try {
    const { x5c } = decodeProtectedHeader({ protected: head });
    return new X509Certificate(Buffer.from(x5c?.[0] ?? '', 'base64'));
  } catch {
    throw invalid('it names no certificate of the signer');
  }
}

function mustBeOfHub(certificate: X509Certificate, root: X509Certificate, at: Date): void {
  const name = certificate.toLegacyObject().subject?.CN;
  if (!certificate.checkIssued(root) || !certificate.verify(root.publicKey)) {
    throw invalid('the signer’s certificate was not issued by the root in ca.crt');
  }
  // The root issues certificates for other ends too, e.g. the server's: those sign nothing.
  if (name !== SIGNER || certificate.ca)
    throw invalid(`the certificate is of "${String(name)}", not of ${SIGNER}`);
  if (at < certificate.validFromDate || at > certificate.validToDate) {
    throw invalid(`the signer’s certificate is not valid on ${at.toISOString().slice(0, 10)}`);
  }
}

/** The one certificate of the bundle that signed itself. */
function rootOf(bundle: string): X509Certificate {
  const found = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const roots = found
    .map(readable)
    .filter((one) => one.ca && one.checkIssued(one) && one.verify(one.publicKey));
  const [root] = roots;
  if (!root || roots.length > 1) throw invalid(`ca.crt holds ${roots.length} roots instead of one`);
  return root;
}

function readable(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw invalid('ca.crt holds a damaged certificate');
  }
}

function invalid(why: string): Error {
  return fault('SIGNATURE_INVALID', `The signature does not hold: ${why}.`);
}

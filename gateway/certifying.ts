import type { Authority } from '../certs/authority.js';
import { readRequest, RequestError } from '../certs/request.js';
import type { CertificateOrder, RoomServices } from '../subgraphs/runtime/services.js';
import { Refusal } from './errors.js';

/** X.520 bounds an organisation's name to 64 characters. */
const LONGEST_ORGANISATION = 64;

/** The authority as rooms use it: it certifies keys by request and never makes one. */
export function certifying(
  authority: Authority,
): Pick<RoomServices, 'readRequest' | 'certify' | 'revokeIssued'> {
  return {
    readRequest: async (csr) => {
      try {
        return readRequest(csr);
      } catch (error) {
        throw asRefusal(error);
      }
    },
    certify: async (csr, order) => {
      const { certificate, fingerprint, serial, notBefore, notAfter } = await authority
        .issueFromCsr(csr, clientOrder(order))
        .catch((error: unknown) => {
          throw asRefusal(error);
        });
      return {
        certificate,
        fingerprint,
        serial,
        notBefore: notBefore.toISOString(),
        notAfter: notAfter.toISOString(),
      };
    },
    revokeIssued: async (fingerprint, reason) => {
      const [issued] = await authority.list(fingerprint);
      if (issued?.revokedAt === null) await authority.revoke(fingerprint, reason);
      return issued !== undefined;
    },
  };
}

function asRefusal(error: unknown): unknown {
  return error instanceof RequestError ? new Refusal('CSR_UNUSABLE', { message: error.message }) : error;
}

function clientOrder({
  name,
  stage,
  organisation,
  notBefore,
  notAfter,
}: CertificateOrder): Parameters<Authority['issueFromCsr']>[1] {
  return {
    name,
    stage,
    organisation: organisation && printable(organisation),
    notBefore: notBefore === undefined ? undefined : new Date(notBefore),
    notAfter: new Date(notAfter),
  };
}

function printable(text: string): string | undefined {
  const characters = [...text.replaceAll(/\p{C}/gu, '').trim()];
  return characters.slice(0, LONGEST_ORGANISATION).join('') || undefined;
}

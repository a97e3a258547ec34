import { Failure, codeOf, fault } from './failure.js';

const UNREACHABLE = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];
const LOST = [
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
];
const UNTRUSTED = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];

/** An error of the connection in plain words; a failure, e.g. of the body being sent, stays what it is. */
export function asNetworkFailure(error: unknown, origin: string): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  if (UNREACHABLE.includes(code))
    return fault('HUB_UNREACHABLE', `No hub answers at ${origin} (${code}).`, error);
  if (UNTRUSTED.includes(code)) {
    return fault(
      'SERVER_UNTRUSTED',
      `The server at ${origin} is not one that ca.crt vouches for (${reason}).`,
      error,
    );
  }
  const alert = /ssl\/tls alert ([a-z ]+)/i.exec(reason)?.[1] ?? /ALERT_([A-Z_]+)$/.exec(code)?.[1];
  if (alert) {
    const words = alert.toLowerCase().replaceAll('_', ' ');
    return fault('TLS_REFUSED', `The hub at ${origin} refused the client certificate: ${words}.`, error);
  }
  if (LOST.includes(code))
    return fault('CONNECTION_LOST', `The connection to ${origin} broke (${reason}).`, error);
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return fault('SERVER_UNTRUSTED', `No TLS connection to ${origin} (${reason}).`, error);
  }
  return fault('OTHER', reason, error);
}

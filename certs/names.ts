import { isIP } from 'node:net';
import { CertificateError } from './certificate-error.js';

export const ISSUERS = ['ROOT', 'TEST', 'FORMAL'] as const;
export type IssuerId = (typeof ISSUERS)[number];

/** Each stage has an issuing authority of its own, so a certificate's stage is a fact of its signature. */
export type Stage = Exclude<IssuerId, 'ROOT'>;

export const STAGES = ['TEST', 'FORMAL'] as const satisfies readonly Stage[];

export const ORGANISATION = 'Energy Exchange Hub';

/** Common names of the authorities. */
export const AUTHORITY_NAMES: Readonly<Record<IssuerId, string>> = {
  ROOT: `${ORGANISATION} Root`,
  TEST: `${ORGANISATION} TEST`,
  FORMAL: `${ORGANISATION} FORMAL`,
};

/** Common names of the hub's own certificates; no client may bear one. */
export const OWN_NAMES = { SERVER: 'server', GATEWAY: 'gateway', SIGNING: 'hub-signing' } as const;

const RESERVED = new Set<string>([...Object.values(OWN_NAMES), 'ca', 'hub', 'root', 'test', 'formal']);
const CLIENT_NAME = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;
const HOST_NAME = /^(?:\*\.)?[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/i;

/** A client's name becomes a file name, so it holds no separator and cannot climb. Throws CertificateError. */
export function checkClientName(name: string): void {
  if (name.length > 63 || !CLIENT_NAME.test(name)) {
    throw new CertificateError(
      `"${printable(name)}" is no tenant name: at most 63 lower-case letters, digits, and hyphens or dots between them.`,
    );
  }
  if (RESERVED.has(name)) throw new CertificateError(`"${name}" is a name of the hub's own.`);
}

/** Types do not hold for what came from a terminal or a table, and ROOT would sign too. Throws CertificateError. */
export function checkStage(stage: string): asserts stage is Stage {
  if (!STAGES.some((known) => known === stage)) {
    throw new CertificateError(`"${printable(stage)}" is no stage: TEST or FORMAL.`);
  }
}

/** X.520 bounds O and OU to 64 characters. Throws CertificateError. */
export function checkOrganisation(text: string): void {
  if (text.trim() === '' || [...text].length > 64 || /\p{C}/u.test(text)) {
    throw new CertificateError(`"${printable(text)}" is no organisation: 1 to 64 printable characters.`);
  }
}

/** A name or address under which the server is reached. Throws CertificateError. */
export function checkServerName(name: string): void {
  if (isIP(name) === 0 && (name.length > 253 || !HOST_NAME.test(name))) {
    throw new CertificateError(`"${printable(name)}" is neither a host name nor an IP address.`);
  }
}

function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '?').slice(0, 80);
}

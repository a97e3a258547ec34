import { isIP } from 'node:net';

/** An extension in the form that forge takes. */
export type Extension = Record<string, unknown> & { name: string };

export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

const LEAF: Extension = { name: 'basicConstraints', critical: true, cA: false };
const AUTHORITY_USE: Extension = { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true };

export const ROOT: Extension[] = [{ name: 'basicConstraints', critical: true, cA: true }, AUTHORITY_USE];

/** Signs leaves only: below it stands no further authority. */
export const ISSUING: Extension[] = [
  { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
  AUTHORITY_USE,
];

/** clientAuth alone: a tenant's certificate can never stand up a server that looks like the hub. */
export const CLIENT: Extension[] = [
  LEAF,
  { name: 'keyUsage', critical: true, digitalSignature: true },
  { name: 'extKeyUsage', clientAuth: true },
];

/** For packages and receipts; without an extended usage for TLS it opens no connection on either side. */
export const SIGNING: Extension[] = [
  LEAF,
  { name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true },
];

/** serverAuth alone, so that a stolen server key calls nobody in the hub's name. */
export function server(names: readonly string[]): Extension[] {
  return [
    LEAF,
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: names.map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
    },
  ];
}

import type { CertificateRecord } from '../../certs/record.js';
import { STAGES } from '../../gateway/policy/grant.js';
import { Failure } from '../client/failure.js';
import type { CertHooks, IssuedEvent } from '../commands/cert.js';
import type { CertificateFacts } from './certificate-facts.js';
import type { AdminRecord, Desk } from './desk.js';
import { hasDatabase } from './place.js';

const REGISTER = `mutation ($certificates: [CertificateInput!]!) {
  registerCertificates(certificates: $certificates) { fingerprint }
}`;
const REVOKE = `mutation ($fingerprint: ID!, $reason: String!) {
  revokeCertificate(fingerprint: $fingerprint, reason: $reason) { fingerprint }
}`;

/** Binds a certificate to a tenant for ever; to repeat it changes nothing. */
export async function registerCertificate(
  desk: Desk,
  tenant: string,
  facts: CertificateFacts,
  before: AdminRecord[] = [],
): Promise<void> {
  await desk.change(REGISTER, { certificates: [{ tenant, ...facts }] }, () => [
    ...before,
    { act: 'CERTIFICATE_REGISTERED', object: facts.fingerprint },
  ]);
}

/** @throws Failure NOT_FOUND for one that is not registered, or is revoked already. */
export async function revokeRegistered(desk: Desk, fingerprint: string, reason: string): Promise<void> {
  await desk.change(REVOKE, { fingerprint, reason }, () => [
    { act: 'CERTIFICATE_REVOKED', object: fingerprint },
  ]);
}

/** What `hub cert` does about the registry beside the authority: both on this machine, so no certificate is needed. */
export const registrar: CertHooks = {
  beforeIssue: async ({ home, tenant, stage }) => {
    if (tenant === null) return;
    const known =
      (await hasDatabase(home)) && (await withDesk(home, stage, (desk) => isTenant(desk, tenant)));
    if (known) return;
    const message = `There is no tenant ${tenant} in the ${stage} database of ${home}; nothing was issued.`;
    const remedy = `Register it first: hub tenant add ${tenant} … --console --stage ${stage.toLowerCase()}`;
    throw new Failure({ code: 'NOT_FOUND', message, remedy });
  },
  onIssued: async ({ home, tenant, stage, certificate }) => {
    if (tenant === null) return undefined;
    await withDesk(home, stage, (desk) =>
      registerCertificate(desk, tenant, factsOf(certificate), [
        { act: 'CERTIFICATE_ISSUED', object: certificate.fingerprint },
      ]),
    );
    return `Registered to ${tenant} (${stage})`;
  },
  onRevoked: async ({ home, records }) => {
    const clients = records.filter(({ kind }) => kind === 'CLIENT');
    if (clients.length === 0) return undefined;
    if (!(await hasDatabase(home)))
      return 'No database is here to mark them in; the revocation lists are enough.';
    let marked = 0;
    for (const stage of STAGES) {
      const ofStage = clients.filter((record) => record.stage === stage);
      if (ofStage.length > 0) marked += await withDesk(home, stage, (desk) => markRevoked(desk, ofStage));
    }
    return `Marked as revoked in the registry: ${marked} of ${clients.length}`;
  },
};

/** How many were marked: those that no tenant is registered with, or were marked before, are passed over. */
async function markRevoked(desk: Desk, records: readonly CertificateRecord[]): Promise<number> {
  let marked = 0;
  for (const { fingerprint, reason } of records) {
    try {
      await revokeRegistered(desk, fingerprint, reason ?? 'UNSPECIFIED');
      marked += 1;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'NOT_FOUND') throw error;
    }
  }
  return marked;
}

async function withDesk<T>(
  home: string,
  stage: IssuedEvent['stage'],
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const { openConsoleDesk } = await import('./console-desk.js');
  const desk = await openConsoleDesk(home, stage);
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

function factsOf({ fingerprint, serial, notBefore, notAfter }: IssuedEvent['certificate']): CertificateFacts {
  return {
    fingerprint,
    serial,
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
  };
}

async function isTenant(desk: Desk, id: string): Promise<boolean> {
  const { tenant } = await desk.read<{ tenant: object | null }>(
    'query ($id: ID!) { tenant(id: $id) { id } }',
    { id },
  );
  return tenant !== null;
}

import type { CertificateRecord } from '../../certs/record.js';
import { type ErrorCode, ERRORS } from '../../gateway/errors.js';
import { MOST_LIVE_CERTIFICATES } from '../../gateway/policy/certificates.js';
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
  beforeIssue: async ({ home, tenant, stage, notAfter }) => {
    if (tenant === null) return null;
    const held = (await hasDatabase(home))
      ? await withDesk(home, stage, (desk) => holdings(desk, tenant))
      : null;
    if (held) return roomFor(tenant, held, notAfter);
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

interface Holdings {
  certificates: { nodes: { status: string; notAfter: string }[] };
  certificateApprovals: { nodes: { approvedUntil: string }[] };
}

/** Null for a tenant that is not there. */
async function holdings(desk: Desk, id: string): Promise<Holdings | null> {
  const query = `query ($id: ID!) { tenant(id: $id) {
    certificates(first: 500) { nodes { status notAfter } }
    certificateApprovals(first: 500) { nodes { approvedUntil } } } }`;
  const { tenant } = await desk.read<{ tenant: Holdings | null }>(query, { id });
  return tenant;
}

/**
 * Refuses what the registration would refuse, before anything is signed: what is signed is good until it is revoked.
 * Answers with the end of a certificate that is to last as long as it may, null where nothing was approved yet.
 */
function roomFor(
  tenant: string,
  { certificates, certificateApprovals }: Holdings,
  notAfter: Date | null,
): Date | null {
  const now = Date.now();
  const live = certificates.nodes.filter(
    (held) => held.status !== 'REVOKED' && Date.parse(held.notAfter) > now,
  );
  if (live.length >= MOST_LIVE_CERTIFICATES)
    throw notIssued('CERTIFICATE_LIMIT', ERRORS.CERTIFICATE_LIMIT[1]);
  const ends = certificateApprovals.nodes.map(({ approvedUntil }) => Date.parse(approvedUntil));
  if (ends.length === 0) return notAfter;
  const until = new Date(Math.max(...ends));
  if ((notAfter?.getTime() ?? now) <= until.getTime()) return notAfter ?? until;
  throw notIssued(
    'CERTIFICATE_NOT_APPROVED',
    `Certificates of ${tenant} are approved until ${until.toISOString()}, no longer.`,
    `Leave out --months and --days for one until then, or approve more: hub tenant certificate approve ${tenant}`,
  );
}

function notIssued(code: ErrorCode, why: string, remedy: string = ERRORS[code][2]): Failure {
  return new Failure({ code, message: `${why} Nothing was issued.`, remedy });
}

import { Command, Option } from 'commander';
import { REASONS } from '../../certs/crl.js';
import { Failure } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { type CertificateChoice, certificateFacts, fingerprintOf } from '../console/certificate-facts.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions } from '../console/desk.js';
import { instant, shown } from '../console/instants.js';
import { registerCertificate, revokeRegistered } from '../console/registrar.js';
import { table } from '../console/table.js';
import { addCertificateLife } from './certificate-life.js';

export interface CertificateRow {
  fingerprint: string;
  serial: string;
  notBefore: string;
  notAfter: string;
  /** As registered; `state` is what it comes to now. */
  status: string;
  state: string;
  revokedAt: string | null;
  reason: string | null;
}

type AddOptions = DeskOptions & Omit<CertificateChoice, 'certificate'>;

/** `hub tenant certificate add|revoke|list`, and what certificate-life.ts adds. */
export function certificateCommand(): Command {
  const command = new Command('certificate')
    .summary('register, issue, renew, suspend, revoke and list the certificates of tenants')
    .description('By which certificates a tenant is known. The hub keeps fingerprints, never keys.');
  addDeskOptions(command.command('add'))
    .description('register a certificate to a tenant; it can never be moved to another')
    .argument('<tenant>')
    .argument('[certificate]', 'the file <name>.crt, or the SHA-256 of one that this home’s authority issued')
    .option('--fingerprint <sha256>', 'instead of a file')
    .option('--serial <hex>', 'of a certificate that is known by its fingerprint alone')
    .option('--not-before <time>', 'likewise', instant)
    .option('--not-after <time>', 'likewise', instant)
    .action((tenant: string, certificate: string | undefined, options: AddOptions) =>
      atDesk(options, (desk) => add(desk, tenant, { ...options, certificate, home: options.home ?? '.hub' })),
    );
  addDeskOptions(command.command('revoke'))
    .description('refuse a certificate from now on; works within a second, on open connections too')
    .argument('<certificate>', 'its SHA-256 fingerprint, or its file')
    .addOption(new Option('--reason <reason>', 'why').choices(Object.keys(REASONS)).default('UNSPECIFIED'))
    .action((certificate: string, options: DeskOptions & { reason: string }) =>
      atDesk(options, (desk) => revoke(desk, certificate, options)),
    );
  addDeskOptions(command.command('list'))
    .description('list the certificates of a tenant')
    .argument('<tenant>')
    .action((tenant: string, options: DeskOptions) => atDesk(options, (desk) => list(desk, tenant)));
  addCertificateLife(command);
  return command;
}

async function add(desk: Desk, tenant: string, choice: CertificateChoice): Promise<Outcome> {
  const facts = await certificateFacts(choice);
  await registerCertificate(desk, tenant, facts);
  const text = [`Registered to ${tenant}: ${facts.fingerprint}, until ${shown(facts.notAfter)}`];
  return { json: { tenant, ...facts }, text };
}

async function revoke(
  desk: Desk,
  which: string,
  { reason, home = '.hub' }: DeskOptions & { reason: string },
): Promise<Outcome> {
  const fingerprint = await fingerprintOf(which, home);
  await revokeRegistered(desk, fingerprint, reason);
  return { json: { fingerprint, status: 'REVOKED', reason }, text: [`Revoked ${fingerprint}`] };
}

async function list(desk: Desk, tenant: string): Promise<Outcome> {
  const certificates = await certificatesOf(desk, tenant);
  return { json: { tenant, certificates }, text: certificateTable(certificates) };
}

/** Throws Failure NOT_FOUND for a tenant that is not in reach. */
export async function certificatesOf(desk: Desk, id: string): Promise<CertificateRow[]> {
  const query = `query ($id: ID!) { tenant(id: $id) { certificates(first: 500) {
    nodes { fingerprint serial notBefore notAfter status state revokedAt reason } } } }`;
  const { tenant } = await desk.read<{ tenant: { certificates: { nodes: CertificateRow[] } } | null }>(
    query,
    { id },
  );
  if (tenant) return tenant.certificates.nodes;
  const remedy = 'hub tenant list shows those that are.';
  throw new Failure({ code: 'NOT_FOUND', message: `No tenant ${id} is in your reach.`, remedy });
}

export function certificateTable(certificates: readonly CertificateRow[]): string[] {
  const rows = certificates.map(({ fingerprint, notBefore, notAfter, state, reason }) => {
    const standing = reason ? `${state} (${reason})` : state;
    return [fingerprint, shown(notBefore), shown(notAfter), standing];
  });
  return table(['SHA-256', 'FROM', 'UNTIL', 'STATUS'], rows);
}

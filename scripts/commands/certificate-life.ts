import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { MONTHS } from '../../certs/period.js';
import { newRequest } from '../../certs/request.js';
import { writePair } from '../../certs/store.js';
import type { AdminAct } from '../../gateway/ledger/entry.js';
import { REASONS_FOR_THE_LAST, REVOCATION_REASONS } from '../../gateway/policy/certificates.js';
import { Failure } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { fingerprintOf } from '../console/certificate-facts.js';
import { addDeskOptions, atDesk, type Desk, type DeskOptions, everyNode } from '../console/desk.js';
import { instant, shown } from '../console/instants.js';
import { table } from '../console/table.js';

interface Issued {
  pem: string;
  certificate: { fingerprint: string; notAfter: string; daysLeft: number };
}

interface FilesOptions extends DeskOptions {
  csr?: string;
  until?: string;
  out: string;
  replace?: boolean;
}

const ISSUED = 'pem certificate { fingerprint notAfter daysLeft }';

/** Adds approve, issue, renew, retire, suspend, resume and expiring to `hub tenant certificate`. */
export function addCertificateLife(command: Command): void {
  addDeskOptions(command.command('approve'))
    .description('approve for how long a tenant may hold certificates; nobody does so for itself')
    .argument('<tenant>')
    .requiredOption('--months <n>', `from now: ${MONTHS.join(', ')}`, months)
    .requiredOption('--reason <text>', 'why')
    .action((tenant: string, options: DeskOptions & { months: number; reason: string }) =>
      atDesk(options, (desk) => approve(desk, tenant, options)),
    );
  addFiles(addDeskOptions(command.command('issue')))
    .description('certify the key of a tenant’s request, for as long as was approved')
    .argument('<tenant>')
    .requiredOption('--csr <file>', 'PKCS #10 request in PEM (hub cert request)')
    .action((tenant: string, options: FilesOptions) =>
      atDesk(options, (desk) => issue(desk, tenant, options)),
    );
  addFiles(addDeskOptions(command.command('renew')))
    .description('renew the certificate that calls: both hold until the old one is retired or ends')
    .option('--csr <file>', 'request for a key that lies elsewhere; else a key is made here')
    .action((options: FilesOptions) => atDesk(options, (desk) => renew(desk, options)));
  addDeskOptions(command.command('retire'))
    .description('give up one of your own certificates, for ever')
    .argument('<certificate>', 'its SHA-256 fingerprint, or its file')
    .addOption(
      new Option(
        '--reason <reason>',
        `why; the last good one goes for ${REASONS_FOR_THE_LAST.join(' or ')} alone`,
      )
        .choices(REVOCATION_REASONS)
        .default('SUPERSEDED'),
    )
    .action((which: string, options: DeskOptions & { reason: string }) =>
      atDesk(options, (desk) => change(desk, which, options, { field: 'retireCertificate' })),
    );
  addDeskOptions(command.command('suspend'))
    .description('refuse a certificate until it is resumed; works within a second')
    .argument('<certificate>', 'its SHA-256 fingerprint, or its file')
    .requiredOption('--reason <text>', 'why')
    .action((which: string, options: DeskOptions & { reason: string }) =>
      atDesk(options, (desk) =>
        change(desk, which, options, { field: 'suspendCertificate', act: 'CERTIFICATE_SUSPENDED' }),
      ),
    );
  addDeskOptions(command.command('resume'))
    .description('end the suspension of a certificate')
    .argument('<certificate>', 'its SHA-256 fingerprint, or its file')
    .action((which: string, options: DeskOptions) =>
      atDesk(options, (desk) =>
        change(desk, which, options, { field: 'resumeCertificate', act: 'CERTIFICATE_RESUMED' }),
      ),
    );
  addDeskOptions(command.command('expiring'))
    .description('list the certificates in your reach that end soon')
    .option('--days <n>', 'within how many days', Number, 90)
    .action((options: DeskOptions & { days: number }) =>
      atDesk(options, (desk) => expiring(desk, options.days)),
    );
}

function addFiles(command: Command): Command {
  return command
    .option('--until <time>', 'end sooner than was approved', instant)
    .option('--out <folder>', 'where <tenant>.crt, and the key if one is made, go', '.')
    .option('--replace', 'overwrite the files');
}

async function approve(
  desk: Desk,
  tenant: string,
  { months: count, reason }: { months: number; reason: string },
): Promise<Outcome> {
  const { approveCertificates: approval } = await desk.change<{
    approveCertificates: { approvedUntil: string };
  }>(
    `mutation ($tenant: ID!, $months: Int!, $reason: String!) {
      approveCertificates(tenant: $tenant, months: $months, reason: $reason) {
        id tenant months approvedUntil reason approvedBy } }`,
    { tenant, months: count, reason },
    () => [{ act: 'CERTIFICATE_APPROVED', object: tenant }],
  );
  return {
    json: { approval },
    text: [`Certificates of ${tenant} may hold until ${shown(approval.approvedUntil)}`],
  };
}

async function issue(desk: Desk, tenant: string, options: FilesOptions): Promise<Outcome> {
  refuseTaken(options, [`${tenant}.crt`]);
  const csr = await readFile(options.csr ?? '', 'utf8');
  const { issueCertificate: issued } = await desk.change<{ issueCertificate: Issued }>(
    `mutation ($tenant: ID!, $csr: String!, $until: Instant) {
      issueCertificate(tenant: $tenant, csr: $csr, notAfter: $until) { ${ISSUED} } }`,
    { tenant, csr, until: options.until ?? null },
    ({ issueCertificate: { certificate } }) => [
      { act: 'CERTIFICATE_ISSUED', object: certificate.fingerprint },
      { act: 'CERTIFICATE_REGISTERED', object: certificate.fingerprint },
    ],
  );
  return handedOut(tenant, issued, undefined, options);
}

async function renew(desk: Desk, options: FilesOptions): Promise<Outcome> {
  const { me } = await desk.read<{ me: { tenant: string } }>('{ me { tenant } }');
  refuseTaken(options, options.csr ? [`${me.tenant}.crt`] : [`${me.tenant}.crt`, `${me.tenant}.key`]);
  const made = options.csr ? undefined : await newRequest(me.tenant);
  const csr = made?.csr ?? (await readFile(options.csr ?? '', 'utf8'));
  const { renewCertificate: issued } = await desk.change<{ renewCertificate: Issued }>(
    `mutation ($csr: String!, $until: Instant) { renewCertificate(csr: $csr, notAfter: $until) { ${ISSUED} } }`,
    { csr, until: options.until ?? null },
    () => [],
  );
  return handedOut(me.tenant, issued, made?.key, options);
}

/** Before anything is issued: the key of a certificate that cannot be written would be lost. */
function refuseTaken({ out, replace }: FilesOptions, names: string[]): void {
  const taken = names.map((name) => join(out, name)).find(existsSync);
  if (taken === undefined || replace) return;
  const remedy = 'Choose another --out, or --replace it.';
  throw new Failure({ code: 'FILE_UNUSABLE', message: `${taken} exists.`, remedy });
}

async function handedOut(
  tenant: string,
  { pem, certificate }: Issued,
  key: string | undefined,
  { out }: FilesOptions,
): Promise<Outcome> {
  await mkdir(out, { recursive: true });
  const files = await writePair(out, tenant, { certificate: pem, key });
  return {
    json: { tenant, ...certificate, files },
    text: [
      `${files.certificate}${files.key ? `, ${files.key}` : ''}: until ${shown(certificate.notAfter)}, ${certificate.daysLeft} days`,
      `SHA-256 ${certificate.fingerprint}`,
    ],
  };
}

async function change(
  desk: Desk,
  which: string,
  { home = '.hub', reason }: DeskOptions & { reason?: string },
  { field, act }: { field: string; act?: AdminAct },
): Promise<Outcome> {
  const f = await fingerprintOf(which, home);
  const [declared, given] = reason === undefined ? ['', ''] : [', $reason: String!', ', reason: $reason'];
  const { done } = await desk.change<{ done: { state: string } }>(
    `mutation ($f: ID!${declared}) { done: ${field}(fingerprint: $f${given}) { fingerprint tenant state reason } }`,
    { f, ...(reason !== undefined && { reason }) },
    () => (act ? [{ act, object: f }] : []),
  );
  return { json: { certificate: done }, text: [`${f} is ${done.state} now`] };
}

async function expiring(desk: Desk, days: number): Promise<Outcome> {
  const certificates = await everyNode<
    Record<'fingerprint' | 'tenant' | 'state' | 'notAfter', string> & { daysLeft: number }
  >(
    desk,
    'expiringCertificates',
    `query ($first: Int!, $after: String, $days: Int!) {
      expiringCertificates(first: $first, after: $after, days: $days) {
        nodes { fingerprint tenant state notAfter daysLeft } pageInfo { hasNextPage endCursor } } }`,
    { days },
  );
  const rows = certificates.map(({ daysLeft, notAfter, tenant, state, fingerprint }) => [
    String(daysLeft),
    shown(notAfter),
    tenant,
    state,
    fingerprint,
  ]);
  return { json: { certificates }, text: table(['DAYS', 'UNTIL', 'TENANT', 'STATE', 'SHA-256'], rows) };
}

function months(text: string): number {
  const count = Number(text);
  if (MONTHS.some((known) => known === count)) return count;
  throw new InvalidArgumentError(`It must be one of ${MONTHS.join(', ')}.`);
}

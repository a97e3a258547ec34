import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openAuthority } from '../../certs/authority.js';
import { CertificateError } from '../../certs/certificate-error.js';
import type { Reason } from '../../certs/crl.js';
import { PRIVATE, PUBLIC, writeWhole } from '../../certs/files.js';
import { inspect } from '../../certs/inspect.js';
import type { IssuedCertificate } from '../../certs/issuing.js';
import type { Stage } from '../../certs/names.js';
import { DAY_MS, endOf } from '../../certs/period.js';
import type { CertificateRecord } from '../../certs/record.js';
import { newRequest } from '../../certs/request.js';
import { Failure } from '../client/failure.js';
import type { Outcome, OutputOptions } from '../client/output.js';
import { describeCertificate, describeRecords, standing } from './cert-text.js';

/** What the rest of the hub does about certificates; each may return a line for the person at the terminal. */
export interface CertHooks {
  /**
   * Before anything is issued; throws when the tenant that --tenant names could not be given a certificate with this
   * end, and answers with the end for one that is to last as long as it may (null). Nothing: the authority's default.
   */
  beforeIssue?: (order: IssueOrder) => Promise<Date | null>;
  /** After a client certificate was issued and written; `tenant` is what --tenant named. */
  onIssued?: (event: IssuedEvent) => Promise<string | void>;
  /** After the revocation lists were published. */
  onRevoked?: (event: { home: string; records: CertificateRecord[] }) => Promise<string | void>;
}

export interface IssueOrder {
  home: string;
  tenant: string | null;
  stage: Stage;
  notAfter: Date | null;
}

export interface IssuedEvent {
  home: string;
  tenant: string | null;
  name: string;
  stage: Stage;
  certificate: Omit<IssuedCertificate, 'certificate'>;
}

export interface CertOptions extends OutputOptions {
  home: string;
}

export interface IssueOptions extends CertOptions {
  name: string;
  stage: Stage;
  organisation?: string;
  unit?: string;
  months?: number;
  days?: number;
  csr?: string;
  demoKey?: boolean;
  out?: string;
  replace?: boolean;
  tenant?: string;
}

export interface RevokeOptions extends CertOptions {
  reason?: Reason;
  stage?: Stage;
}

export interface ListOptions extends CertOptions {
  stage?: Stage;
  valid?: boolean;
  /** Days. */
  expiring?: number;
}

export interface RequestOptions extends OutputOptions {
  name: string;
  out: string;
  replace?: boolean;
}

export interface InitOptions extends CertOptions {
  serverName?: string[];
}

export async function init(options: InitOptions): Promise<Outcome> {
  const authority = await openAuthority(options.home);
  const server = await authority.serverCredentials(options.serverName);
  await authority.gatewayCredentials();
  await authority.signingCredentials();
  const authorities = (await authority.authorities()).map(inspect);
  return {
    json: {
      ca: authority.bundlePath,
      crl: authority.revocationsPath,
      authorities,
      server: inspect(server.certificate),
    },
    text: [
      ...authorities.map(
        ({ name, notAfter, fingerprint }) => `${name}, until ${day(notAfter)}, ${fingerprint}`,
      ),
      `The server’s certificate holds until ${day(server.notAfter)}: ${inspect(server.certificate).alternativeNames}`,
      `Hand out ${authority.bundlePath}; back up ${join(options.home, 'authority')} and keep it secret.`,
    ],
  };
}

/** Needs no hub: the key is made where the command runs, and only the request leaves. */
export async function request({ name, out, replace }: RequestOptions): Promise<Outcome> {
  const [key, csr] = [join(out, `${name}.key`), join(out, `${name}.csr`)];
  refuseTaken([key, csr], replace);
  const made = await newRequest(name);
  await mkdir(out, { recursive: true });
  await writeWhole(key, made.key, PRIVATE);
  await writeWhole(csr, made.csr, PUBLIC);
  return { json: { name, files: { key, csr } }, text: [`Keep ${key}; send ${csr} to the operator.`] };
}

export async function issue(options: IssueOptions, { beforeIssue, onIssued }: CertHooks): Promise<Outcome> {
  if (options.csr === undefined && !options.demoKey) throw new CertificateError(NO_KEY);
  const authority = await openAuthority(options.home, { mayFound: false });
  const folder = options.out ?? authority.handout;
  refuseOverwriting(options, folder);
  const { home, name, stage, tenant = null, months, days } = options;
  const wanted = months === undefined && days === undefined ? null : endOf(options);
  const end = (await beforeIssue?.({ home, tenant, stage, notAfter: wanted })) ?? wanted;
  const csr = options.csr === undefined ? undefined : await readFile(options.csr, 'utf8');
  await mkdir(folder, { recursive: true });

  const order = { ...options, ...(end && { notAfter: end }) };
  const issued = await (csr === undefined
    ? authority.issueClient(order)
    : authority.issueFromCsr(csr, order));
  const files = await authority.handOut(options.name, issued, folder);
  const { fingerprint, serial, notBefore, notAfter } = issued;
  const facts = { fingerprint, serial, notBefore, notAfter };
  const event = { home, tenant, name, stage, certificate: facts };
  const note = await afterwards(`${files.certificate} was issued, but not registered`, async () => {
    try {
      return await onIssued?.(event);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // The last place was given to somebody else meanwhile: what nobody may use must not stay good.
      await authority.revoke(fingerprint, 'SUPERSEDED');
      throw new CertificateError(`${error.message} It was revoked again; remove the file.`, { cause: error });
    }
  });
  return {
    json: { name, stage, ...facts, files: { ...files, ca: authority.bundlePath } },
    text: [
      `Issued to ${name} (${stage}), until ${day(notAfter)}: ${files.certificate}${files.key ? `, ${files.key}` : ''}`,
      `SHA-256 ${fingerprint}`,
      note ||
        `It opens nothing until it is registered: hub tenant certificate add ${tenant ?? name} ${fingerprint}`,
    ],
  };
}

/** A hook that fails undoes nothing, so its reason must not read as if nothing had happened. */
async function afterwards<T>(butFirst: string, hook: () => Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await hook();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CertificateError(`${butFirst}: ${why}`, { cause: error });
  }
}

const NO_KEY =
  'A tenant makes its key itself (hub cert request) and sends --csr; --demo-key makes one here, for a demonstration.';

/** A request leaves the key where it is, so the key may well lie where the certificate is to go. */
function refuseOverwriting({ name, csr, replace }: IssueOptions, folder: string): void {
  const written = csr === undefined ? [`${name}.crt`, `${name}.key`] : [`${name}.crt`];
  refuseTaken(
    written.map((file) => join(folder, file)),
    replace,
  );
}

function refuseTaken(files: string[], replace: boolean | undefined): void {
  const taken = files.find(existsSync);
  if (taken !== undefined && !replace) {
    throw new CertificateError(`${taken} exists; choose another --out, or --replace it.`);
  }
}

export async function revoke(
  which: string,
  options: RevokeOptions,
  { onRevoked }: CertHooks,
): Promise<Outcome> {
  const authority = await openAuthority(options.home, { mayFound: false });
  const records = await authority.revoke(which, options.reason, options);
  const note = await afterwards('The certificates are revoked, but the registry does not say so', () =>
    onRevoked?.({ home: options.home, records }),
  );
  const text = records.map(
    ({ name, serial, revokedAt }) => `Revoked ${name}, serial ${serial}, at ${revokedAt}`,
  );
  return { json: { revoked: records }, text: note ? [...text, note] : text };
}

export async function list(options: ListOptions): Promise<Outcome> {
  const authority = await openAuthority(options.home, { mayFound: false });
  const records = (await authority.list())
    .filter(({ stage }) => options.stage === undefined || stage === options.stage)
    .map((record) => ({ ...record, standing: standing(record) }))
    .filter((record) => !(options.valid || options.expiring !== undefined) || record.standing === 'VALID')
    .filter(({ notAfter }) => options.expiring === undefined || endsWithin(notAfter, options.expiring));
  return { json: { certificates: records }, text: describeRecords(records) };
}

function endsWithin(notAfter: string, days: number): boolean {
  if (!Number.isFinite(days)) throw new CertificateError('--expiring takes a number of days.');
  return Date.parse(notAfter) - Date.now() <= days * DAY_MS;
}

export async function show(which: string, options: CertOptions): Promise<Outcome> {
  if (existsSync(which)) {
    const certificate = inspect(await readFile(which, 'utf8'));
    const record = existsSync(join(options.home, 'authority'))
      ? await recordOf(certificate.fingerprint, options)
      : null;
    const json = { ...certificate, record: record && { ...record, standing: standing(record) } };
    return { json, text: describeCertificate(certificate, record) };
  }
  const authority = await openAuthority(options.home, { mayFound: false });
  const records = (await authority.list(which)).map((record) => ({ ...record, standing: standing(record) }));
  if (records.length === 0)
    throw new CertificateError(`"${which}" is no file, serial, fingerprint or name known here.`);
  return { json: { certificates: records }, text: describeRecords(records) };
}

async function recordOf(fingerprint: string, { home }: CertOptions): Promise<CertificateRecord | null> {
  const [record] = await (await openAuthority(home, { mayFound: false })).list(fingerprint);
  return record ?? null;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

import type { AdminAct } from '../../gateway/ledger/entry.js';
import { Failure, fault } from '../client/failure.js';
import type { Outcome } from '../client/output.js';
import { sha256OfFile } from '../client/payload.js';
import { type Desk, type DeskOptions, everyNode } from '../console/desk.js';
import { CONSENT_FIELDS, type ConsentRow, consentTable, describeConsent } from './consent-text.js';

export interface ListOptions extends DeskOptions {
  subject?: string;
  recipient?: string;
  status?: string;
}

export interface TermsOptions {
  category?: string[];
  energyKind?: string[];
  meterLevel?: string[];
  finest?: string;
  from?: string;
  until?: string;
  eraseBy?: string;
}

export interface RequestOptions extends DeskOptions, TermsOptions {
  subject?: string;
  area?: string;
  recipient?: string;
  for: string;
  evidence?: string;
}

export interface StepOptions extends DeskOptions {
  reason?: string;
  evidence?: string;
}

/** What the command line says of terms, as the inputs call it; null is left open. */
function termsOf(options: TermsOptions): object {
  return {
    categories: options.category ?? null,
    energyKinds: options.energyKind ?? null,
    meterLevels: options.meterLevel?.map(Number) ?? null,
    finest: options.finest ?? null,
    validFrom: options.from ?? null,
    validTo: options.until ?? null,
    eraseBy: options.eraseBy ?? null,
  };
}

function periodOf({ from, until }: TermsOptions): { validFrom: string } {
  const validFrom = from ?? new Date().toISOString();
  if (until !== undefined && until <= validFrom)
    throw fault('USAGE', 'The consent would end before it begins: mend --from or --until.');
  return { validFrom };
}

export async function request(desk: Desk, options: RequestOptions): Promise<Outcome> {
  const { subject, area, for: purpose } = options;
  const { requestConsent } = await desk.change<{ requestConsent: ConsentRow }>(
    `mutation ($request: ConsentRequestInput!) { requestConsent(request: $request) { ${CONSENT_FIELDS} } }`,
    { request: { subject, area, purpose, ...termsOf(options), ...periodOf(options) } },
    ({ requestConsent: { id } }) => [{ act: 'CONSENT_REQUESTED', object: id }],
  );
  return told('Requested', requestConsent);
}

export async function add(desk: Desk, options: RequestOptions): Promise<Outcome> {
  const { recipient, for: purpose, evidence } = options;
  const { validFrom } = periodOf(options);
  const consent = {
    ...(await subjectOf(desk, options)),
    ...{ recipient, purpose, ...termsOf(options), validFrom },
    evidenceSha256: await evidenceOf(evidence),
  };
  const mutation = `mutation ($consents: [ConsentInput!]!) { recordConsents(consents: $consents) { ${CONSENT_FIELDS} } }`;
  const { recordConsents } = await desk.change<{ recordConsents: [ConsentRow] }>(
    mutation,
    { consents: [consent] },
    (data) => data.recordConsents.map(({ id }) => ({ act: 'CONSENT_OPENED', object: id })),
  );
  return told('Recorded', recordConsents[0]);
}

export async function answer(desk: Desk, id: string, options: StepOptions & TermsOptions): Promise<Outcome> {
  const { reason = null, evidence } = options;
  const { grantConsent } = await desk.change<{ grantConsent: ConsentRow }>(
    `mutation ($id: ID!, $terms: GrantedTermsInput, $reason: String, $evidenceSha256: String) {
      grantConsent(id: $id, terms: $terms, reason: $reason, evidenceSha256: $evidenceSha256) { ${CONSENT_FIELDS} } }`,
    { id, terms: termsOf(options), reason, evidenceSha256: await evidenceOf(evidence) },
    () => [{ act: 'CONSENT_OPENED', object: id }],
  );
  return told('Granted', grantConsent);
}

const ENDS = {
  refuse: ['refuseConsent', 'Refused', 'CONSENT_REFUSED'],
  revoke: ['revokeConsent', 'Revoked', 'CONSENT_REVOKED'],
  terminate: ['terminateConsent', 'Terminated', 'CONSENT_TERMINATED'],
  fulfil: ['fulfilConsent', 'Fulfilled', 'CONSENT_FULFILLED'],
} as const satisfies Record<string, readonly [string, string, AdminAct]>;

export async function end(
  desk: Desk,
  name: keyof typeof ENDS,
  id: string,
  options: StepOptions,
): Promise<Outcome> {
  const { reason = null, evidence } = options;
  const [mutation, done, act] = ENDS[name];
  const { ended } = await desk.change<{ ended: ConsentRow }>(
    `mutation ($id: ID!, $reason: String, $evidenceSha256: String) {
      ended: ${mutation}(id: $id, reason: $reason, evidenceSha256: $evidenceSha256) { ${CONSENT_FIELDS} } }`,
    { id, reason, evidenceSha256: await evidenceOf(evidence) },
    () => [{ act, object: id }],
  );
  return told(done, ended);
}

function told(what: string, consent: ConsentRow): Outcome {
  return { json: { consent }, text: [`${what} ${consent.id}`, ...describeConsent(consent)] };
}

/** An enterprise consents for itself; whoever records for another says for whom. */
async function subjectOf(desk: Desk, options: RequestOptions): Promise<{ subject: string; area: string }> {
  const { subject, area } = options;
  if (subject && area) return { subject, area };
  if (options.console || subject) throw fault('USAGE', 'Say whose data it is: --subject and --area.');
  const { me } = await desk.read<{ me: { tenant: string; uscc: string | null; area: string } }>(
    '{ me { tenant uscc area } }',
  );
  if (!me.uscc)
    throw fault('USAGE', `${me.tenant} is no enterprise; say whose data it is: --subject and --area.`);
  return { subject: me.uscc, area: area ?? me.area };
}

export async function list(desk: Desk, { subject, recipient, status }: ListOptions): Promise<Outcome> {
  const query = `query ($first: Int!, $after: String, $subject: ID, $recipient: ID, $status: String) {
    consents(first: $first, after: $after, subject: $subject, recipient: $recipient, status: $status) {
      nodes { ${CONSENT_FIELDS} } pageInfo { hasNextPage endCursor }
    }
  }`;
  const variables = { subject: subject ?? null, recipient: recipient ?? null, status: status ?? null };
  const consents = await everyNode<ConsentRow>(desk, 'consents', query, variables);
  return { json: { consents }, text: consentTable(consents) };
}

export async function show(desk: Desk, id: string): Promise<Outcome> {
  const query = `query ($id: ID!) { consent(id: $id) { ${CONSENT_FIELDS}
    events { number status actor tenant at reason evidenceSha256 categories energyKinds meterLevels finest validFrom validTo eraseBy } } }`;
  const { consent } = await desk.read<{ consent: ConsentRow | null }>(query, { id });
  if (consent) return { json: { consent }, text: describeConsent(consent) };
  const remedy = 'hub consent list shows those that are.';
  throw new Failure({ code: 'NOT_FOUND', message: `No consent ${id} is in your reach.`, remedy });
}

/** Of a paper the hub keeps the hash; the paper stays with whoever holds it. */
async function evidenceOf(path: string | undefined): Promise<string | null> {
  return path === undefined ? null : sha256OfFile(path);
}

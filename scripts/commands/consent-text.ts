import { shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';

interface ConsentEventRow {
  number: number;
  status: string;
  actor: string;
  tenant: string;
  at: string;
  reason: string | null;
  evidenceSha256: string | null;
}

export interface ConsentRow {
  id: string;
  subject: string;
  area: string;
  recipient: string;
  categories: string[];
  energyKinds: string[] | null;
  meterLevels: number[] | null;
  finest: string;
  purpose: string;
  validFrom: string;
  validTo: string;
  eraseBy: string | null;
  status: string;
  requestedAt: string | null;
  answerBy: string | null;
  grantedBy: string | null;
  evidenceSha256: string | null;
  grantedAt: string | null;
  endedAt: string | null;
  erasureNotice: { id: string; eraseBy: string; state: string } | null;
  events?: ConsentEventRow[];
}

export const CONSENT_FIELDS = `id subject area recipient categories energyKinds meterLevels finest purpose validFrom
  validTo eraseBy status requestedAt answerBy grantedBy evidenceSha256 grantedAt endedAt
  erasureNotice { id eraseBy state }`;

export function consentTable(consents: readonly ConsentRow[]): string[] {
  const rows = consents.map((row) => [
    row.id,
    row.subject,
    row.recipient,
    row.purpose,
    shown(row.validFrom),
    shown(row.validTo),
    standing(row),
    row.categories.join(','),
  ]);
  const head = ['ID', 'SUBJECT', 'RECIPIENT', 'FOR', 'FROM', 'UNTIL', 'STANDING', 'CATEGORIES'];
  return table(head, rows);
}

function standing({ status, validFrom, validTo }: ConsentRow): string {
  if (status !== 'GRANTED') return status;
  if (Date.now() < new Date(validFrom).getTime()) return 'NOT YET OPEN';
  return Date.now() < new Date(validTo).getTime() ? 'OPEN' : 'ENDED';
}

export function describeConsent(consent: ConsentRow): string[] {
  const { erasureNotice: notice } = consent;
  return fields([
    ['Consent', consent.id],
    ['Subject', `${consent.subject} (${consent.area})`],
    ['Recipient', consent.recipient],
    ['Categories', consent.categories.join(', ')],
    ['Energy kinds', consent.energyKinds?.join(', ') ?? null],
    ['Meter levels', consent.meterLevels?.join(', ') ?? null],
    ['Finest', consent.finest],
    ['For', consent.purpose],
    ['From', shown(consent.validFrom)],
    ['Until', shown(consent.validTo)],
    ['Erase by', shown(consent.eraseBy)],
    ['Standing', standing(consent)],
    ['Requested', shown(consent.requestedAt)],
    ['Answer by', consent.status === 'REQUESTED' ? shown(consent.answerBy) : null],
    ['Granted', shown(consent.grantedAt)],
    ['Recorded by', consent.grantedBy],
    ['Evidence', consent.evidenceSha256],
    ['Ended', shown(consent.endedAt)],
    ['To be erased', notice && `by ${shown(notice.eraseBy)}, ${notice.id}, ${notice.state}`],
    ...(consent.events ?? []).map((event) => [`Event ${event.number}`, happened(event)] as const),
  ]);
}

function happened({ status, actor, tenant, at, reason, evidenceSha256 }: ConsentEventRow): string {
  const why = reason === null ? '' : `: ${reason}`;
  const paper = evidenceSha256 === null ? '' : ', on paper';
  return `${shown(at)} ${status} by ${tenant} as ${actor}${paper}${why}`;
}

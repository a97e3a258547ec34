import { shown } from '../console/instants.js';
import { fields, table } from '../console/table.js';

export interface ConsentRow {
  id: string;
  subject: string;
  area: string;
  recipient: string;
  categories: string[];
  purpose: string;
  validFrom: string;
  validTo: string;
  status: string;
  grantedBy: string;
  evidenceSha256: string | null;
  grantedAt: string;
  revokedAt: string | null;
}

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
  return fields([
    ['Consent', consent.id],
    ['Subject', `${consent.subject} (${consent.area})`],
    ['Recipient', consent.recipient],
    ['Categories', consent.categories.join(', ')],
    ['For', consent.purpose],
    ['From', shown(consent.validFrom)],
    ['Until', shown(consent.validTo)],
    ['Standing', standing(consent)],
    ['Recorded by', consent.grantedBy],
    ['Evidence', consent.evidenceSha256],
    ['Revoked', shown(consent.revokedAt)],
  ]);
}

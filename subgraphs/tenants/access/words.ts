import type { Change } from '../../../gateway/policy/changes.js';
import type { End } from '../../../gateway/policy/ends.js';

/** A change as one would ask for it. */
export function wordsOfChange(change: Change): string {
  const admin = change.by === null ? 'the operator at the machine' : `an admin of ${change.by}`;
  switch (change.kind) {
    case 'TENANT':
      return `the tenant made active again by ${admin}`;
    case 'CERTIFICATE':
      return `a certificate in force, issued to the tenant by ${admin}`;
    case 'DECLARATION':
      return change.pending
        ? `the declaration ${change.pending} of ${change.fact.purpose} approved by ${admin}`
        : `a declaration of ${change.fact.purpose} approved by ${admin}`;
    case 'SCOPE': {
      const { category, action, area, purposes, energyKinds, buildingTypes } = change.fact;
      const limits = limited({ 'energy kind': energyKinds, 'building type': buildingTypes });
      return `a scope ${category}:${action} over ${area} for ${purposes.join(', ')}${limits && `${limits},`} set by ${admin}`;
    }
    case 'CONSENT':
      return wordsOfConsent(change);
  }
}

function wordsOfConsent({ fact, pending, by }: Extract<Change, { kind: 'CONSENT' }>): string {
  if (pending) return `the consent ${pending} that ${fact.subject} has been asked for, granted by it`;
  const subject = by ?? `an enterprise in ${fact.area}`;
  const limits = limited({ 'energy kind': fact.energyKinds, 'meter level': fact.meterLevels });
  return `a consent of ${subject} for ${fact.categories.join(', ')} for ${fact.purpose}${limits}`;
}

function limited(limits: Record<string, (string | number)[] | null>): string {
  return Object.entries(limits)
    .map(([name, values]) => (values ? `, ${name} ${values.join(', ')}` : ''))
    .join('');
}

const WHAT_ENDS: Record<End['kind'], string> = {
  TENANT: 'The tenant is suspended or closed by an admin',
  CERTIFICATE: 'Its last certificate in force is revoked, suspended or expires',
  DECLARATION: 'The declaration of the purpose is ended, by the tenant or by who approves, or expires',
  SCOPE: 'The scope is ended or changed by an admin, or expires',
  CONSENT: 'The consent is revoked by its subject, given up by the recipient, or expires',
};

/** What would end a yes, with the day on which that happens by itself. */
export function wordsOfEnd({ kind, ids, at }: End): string {
  const several = ids.length > 1 ? ` (the last of ${ids.length})` : '';
  return `${WHAT_ENDS[kind]}${several}${at ? `, at the latest on ${at}` : ''}`;
}

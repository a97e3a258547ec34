import type { Action } from '../model.js';

/** What is about a subject, and may be consented to. */
export const SUBJECT_CATEGORIES = [
  'enterprises',
  'buildings',
  'meters',
  'readings',
  'audits',
  'reviews',
  'inspections',
];
/** What the hub keeps of its own. */
export const OWN_CATEGORIES = [
  'batches',
  'tenants',
  'scopes',
  'consents',
  'purposes',
  'disclosures',
  'corrections',
  'applications',
];
/** What only some categories have, beside reading and writing: the offices that decide. */
export const OFFICES: [string, Action][] = [
  ['purposes', 'approve'],
  ['corrections', 'approve'],
  ['applications', 'review_protocol'],
  ['applications', 'review_security'],
  ['applications', 'approve'],
];
/** Everything that a question may ask a decision on. */
export const PERMISSIONS = [
  ...[...SUBJECT_CATEGORIES, ...OWN_CATEGORIES, 'packages'].flatMap((category) =>
    category === 'disclosures' ? [`${category}:read`] : [`${category}:read`, `${category}:write`],
  ),
  ...OFFICES.map(([category, action]) => `${category}:${action}`),
  'erasures:read',
  'erasures:write',
];

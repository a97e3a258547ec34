import type { Action } from '../model.js';

/** What is about a subject, and may be consented to. */
export const SUBJECT_CATEGORIES = [
  'enterprises',
  'buildings',
  'meters',
  'readings',
  'quality',
  'audits',
  'reviews',
  'inspections',
];
/** What the hub keeps of its own, or publishes. */
export const OWN_CATEGORIES = [
  'batches',
  'tenants',
  'scopes',
  'consents',
  'purposes',
  'disclosures',
  'corrections',
  'applications',
  'statistics',
  'supplies',
];
/** What nobody writes by a scope. */
const READ_ALONE = ['disclosures', 'statistics'];
/** What only some categories have, beside reading and writing: the offices that decide. */
export const OFFICES: [string, Action][] = [
  ['purposes', 'approve'],
  ['corrections', 'approve'],
  ['quality', 'approve'],
  ['statistics', 'approve'],
  ['supplies', 'approve'],
  ['applications', 'review_protocol'],
  ['applications', 'review_security'],
  ['applications', 'approve'],
];
/** Everything that a question may ask a decision on. */
export const PERMISSIONS = [
  ...[...SUBJECT_CATEGORIES, ...OWN_CATEGORIES, 'packages'].flatMap((category) =>
    READ_ALONE.includes(category) ? [`${category}:read`] : [`${category}:read`, `${category}:write`],
  ),
  ...OFFICES.map(([category, action]) => `${category}:${action}`),
  'erasures:read',
  'erasures:write',
];

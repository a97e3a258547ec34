/** How a consent stands. REQUESTED waits for its subject; GRANTED opens data; the others are ends. */
export const CONSENT_STATES = [
  'REQUESTED',
  'GRANTED',
  'REFUSED',
  'REVOKED',
  'TERMINATED',
  'EXPIRED',
  'FULFILLED',
] as const;
export type ConsentState = (typeof CONSENT_STATES)[number];

/** On whose behalf a step is taken: OPERATOR is a platform that has the subject's signed paper, HUB is time itself. */
export const CONSENT_ACTORS = ['SUBJECT', 'OPERATOR', 'RECIPIENT', 'HUB'] as const;
export type ConsentActor = (typeof CONSENT_ACTORS)[number];

/** Before the first event. */
export const NO_CONSENT = 'NONE';

export interface ConsentTransition {
  from: ConsentState | typeof NO_CONSENT;
  to: ConsentState;
  by: readonly ConsentActor[];
}

/**
 * Every step that there is. The database's table of transitions is made of this one, and its trigger refuses all else;
 * decision 0010 draws it.
 */
export const CONSENT_TRANSITIONS: readonly ConsentTransition[] = [
  { from: NO_CONSENT, to: 'REQUESTED', by: ['RECIPIENT'] },
  { from: NO_CONSENT, to: 'GRANTED', by: ['SUBJECT', 'OPERATOR'] },
  { from: 'REQUESTED', to: 'GRANTED', by: ['SUBJECT', 'OPERATOR'] },
  { from: 'REQUESTED', to: 'REFUSED', by: ['SUBJECT', 'OPERATOR'] },
  { from: 'REQUESTED', to: 'EXPIRED', by: ['HUB'] },
  { from: 'GRANTED', to: 'REVOKED', by: ['SUBJECT', 'OPERATOR'] },
  { from: 'GRANTED', to: 'TERMINATED', by: ['RECIPIENT'] },
  { from: 'GRANTED', to: 'FULFILLED', by: ['SUBJECT', 'RECIPIENT'] },
  { from: 'GRANTED', to: 'EXPIRED', by: ['HUB'] },
];

/** Who may take a step; undefined when there is no such step. */
export function actorsFor(from: string, to: ConsentState): readonly ConsentActor[] | undefined {
  return CONSENT_TRANSITIONS.find((transition) => transition.from === from && transition.to === to)?.by;
}

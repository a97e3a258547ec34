/** How a case stands. EXPLAINED, REPAIRED and ESTIMATED are answers that wait to be accepted. */
export const CASE_STATES = ['OPEN', 'ASSIGNED', 'EXPLAINED', 'REPAIRED', 'ESTIMATED', 'CLOSED'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** PLATFORM reports the meter, SUBJECT owns it, SUPERVISOR is the platform a case was escalated to, HUB the engine. */
export const CASE_ACTORS = ['PLATFORM', 'SUBJECT', 'SUPERVISOR', 'HUB'] as const;
export type CaseActor = (typeof CASE_ACTORS)[number];

export const CASE_EVENTS = [
  'OPENED',
  'REOPENED',
  'ASSIGNED',
  'EXPLAINED',
  'REPAIRED',
  'ESTIMATED',
  'ESCALATED',
  'CLOSED',
] as const;
export type CaseEventKind = (typeof CASE_EVENTS)[number];

/** Before the first event. */
export const NO_CASE = 'NONE';

export interface CaseTransition {
  event: CaseEventKind;
  from: CaseState | typeof NO_CASE;
  to: CaseState;
  by: readonly CaseActor[];
  /** Who no longer may once the case is escalated. */
  untilEscalated?: readonly CaseActor[];
}

const WORKED_ON = ['OPEN', 'ASSIGNED', 'EXPLAINED', 'REPAIRED', 'ESTIMATED'] as const;
const ANSWERED = ['EXPLAINED', 'REPAIRED', 'ESTIMATED'] as const;

/**
 * Every step that there is. The database's table of transitions is made of this one, and its trigger refuses all else;
 * decision 0026 draws it.
 */
export const CASE_TRANSITIONS: readonly CaseTransition[] = [
  { event: 'OPENED', from: NO_CASE, to: 'OPEN', by: ['HUB'] },
  { event: 'REOPENED', from: 'CLOSED', to: 'OPEN', by: ['HUB'] },
  ...WORKED_ON.map((from): CaseTransition => ({ event: 'ESCALATED', from, to: from, by: ['HUB'] })),
  ...WORKED_ON.map((from): CaseTransition => ({
    event: 'ASSIGNED',
    from,
    to: 'ASSIGNED',
    by: ['PLATFORM', 'SUPERVISOR'],
  })),
  { event: 'EXPLAINED', from: 'OPEN', to: 'EXPLAINED', by: ['SUBJECT', 'PLATFORM'] },
  { event: 'EXPLAINED', from: 'ASSIGNED', to: 'EXPLAINED', by: ['SUBJECT', 'PLATFORM'] },
  { event: 'REPAIRED', from: 'ASSIGNED', to: 'REPAIRED', by: ['PLATFORM'] },
  { event: 'ESTIMATED', from: 'ASSIGNED', to: 'ESTIMATED', by: ['PLATFORM'] },
  { event: 'ESTIMATED', from: 'ESTIMATED', to: 'ESTIMATED', by: ['PLATFORM'] },
  ...ANSWERED.map((from): CaseTransition => ({
    event: 'CLOSED',
    from,
    to: 'CLOSED',
    by: ['PLATFORM', 'SUPERVISOR'],
    untilEscalated: ['PLATFORM'],
  })),
];

/** Who may take a step now; undefined when there is no such step. */
export function actorsOf(
  event: CaseEventKind,
  from: string,
  isEscalated: boolean,
): readonly CaseActor[] | undefined {
  const known = CASE_TRANSITIONS.find((transition) => transition.event === event && transition.from === from);
  return known?.by.filter((actor) =>
    actor === 'SUPERVISOR' ? isEscalated : !(isEscalated && known.untilEscalated?.includes(actor)),
  );
}

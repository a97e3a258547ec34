/** How a declaration stands. APPROVED lets its tenant name the purpose while it is valid; REFUSED and ENDED are ends. */
export const DECLARATION_STATES = ['DECLARED', 'APPROVED', 'REFUSED', 'ENDED'] as const;
export type DeclarationState = (typeof DECLARATION_STATES)[number];

/** What is decided about a declaration, each once at most. */
export type DeclarationStep = Exclude<DeclarationState, 'DECLARED'>;

/** TENANT is whose purpose it is; APPROVER another tenant with purposes:approve over where it lies. */
export type DeclarationActor = 'TENANT' | 'APPROVER';

export interface DeclarationTransition {
  from: DeclarationState;
  to: DeclarationStep;
  by: readonly DeclarationActor[];
}

/** Every step that there is; the database's trigger is made of the same table, and decision 0009 draws it. */
export const DECLARATION_TRANSITIONS: readonly DeclarationTransition[] = [
  { from: 'DECLARED', to: 'APPROVED', by: ['APPROVER'] },
  { from: 'DECLARED', to: 'REFUSED', by: ['APPROVER'] },
  { from: 'DECLARED', to: 'ENDED', by: ['TENANT', 'APPROVER'] },
  { from: 'APPROVED', to: 'ENDED', by: ['TENANT', 'APPROVER'] },
];

/** Who may take a step; undefined when there is no such step. */
export function actorsFor(
  from: DeclarationState,
  to: DeclarationStep,
): readonly DeclarationActor[] | undefined {
  return DECLARATION_TRANSITIONS.find((transition) => transition.from === from && transition.to === to)?.by;
}

import { createHash } from 'node:crypto';
import { Refusal } from '../../../gateway/errors.js';
import type { ApplicationChange, ListedUnit } from './entities.js';
import type { ApplicationForm } from './form.js';
import type { ApplicationFormInput } from './inputs.js';
import { IS_OPEN, type State } from './states.js';

export function versionId(application: string, number: number): string {
  return `${application}#${number}`;
}

/** The application of a {@link versionId}. */
export function applicationOf(version: string): string {
  return version.split('#', 1)[0] ?? '';
}

/** JSON with the members of every object in order, so that the same content is the same text. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    // What was left out and what is null are the same in a form.
    .filter(([, member]) => member !== undefined && member !== null)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

export function contentHash(form: ApplicationFormInput): string {
  return createHash('sha256').update(canonical(form)).digest('hex');
}

/**
 * Once approved, only the list of units, the papers and the FORMAL certificate may differ; once connected, the list.
 *
 * @throws Refusal WRONG_STATE
 */
export function mustDifferWhereItMay(
  { id, state }: { id: string; state: string },
  before: ApplicationForm,
  form: ApplicationFormInput,
): void {
  if (IS_OPEN.has(state as State)) return;
  const isConnected = state === 'CONNECTED';
  const fixed = ({ numberOfUnits: _, papers, certificates, ...rest }: ApplicationForm): string => {
    const { units: _units, ...others } = rest as Partial<ApplicationFormInput>;
    const kept = certificates.filter(({ accessType }) => isConnected || accessType !== 'FORMAL');
    return canonical({ ...others, certificates: kept, papers: isConnected ? papers : [] });
  };
  if (fixed(before) === fixed(form)) return;
  throw new Refusal('WRONG_STATE', {
    rule: 'application/amendment',
    message: `${id} is ${state}: of its form only the list of units${isConnected ? '' : ', the papers and the FORMAL certificate'} may change.`,
    remedy: 'For anything else make a new application.',
  });
}

interface Compared {
  form: object;
  units: readonly ListedUnit[];
}

/** What a later version has that an earlier one had not, and the other way: units by their credit code. */
export function changesBetween(before: Compared, after: Compared): ApplicationChange[] {
  const form = differing(before.form, after.form).map((field): ApplicationChange => {
    return { field, unit: null, kind: 'CHANGED', fields: [] };
  });
  const old = new Map(before.units.map((unit) => [unit.uscc, unit]));
  const now = new Map(after.units.map((unit) => [unit.uscc, unit]));
  const units = [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((uscc) => {
    const [one, other] = [old.get(uscc), now.get(uscc)];
    const fields = one && other ? differing(one, other).filter((name) => !ROW.has(name)) : [];
    const kind = one ? (other ? 'CHANGED' : 'REMOVED') : 'ADDED';
    const isSame = kind === 'CHANGED' && fields.length === 0;
    return isSame ? [] : [{ field: null, unit: other ?? one ?? null, kind, fields }];
  });
  return [...form, ...units];
}

/** What tells rows of two versions apart, and not what they say. */
const ROW = new Set(['id', 'version']);

function differing(one: object, other: object): string[] {
  const [before, after] = [one, other] as Record<string, unknown>[];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => canonical(before?.[name]) !== canonical(after?.[name])).toSorted();
}

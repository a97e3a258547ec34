import type { Category } from '../policy/categories.js';
import type { Purpose } from '../policy/purposes.js';
import { canonicalJson } from './canonical.js';
import type { DisclosureFacts } from './entry.js';
import { leafHash } from './hash.js';
import { freshSalt } from './salt.js';
import { Frontier, inclusionRanges } from './tree.js';

/** What one answer or download told of one subject in one category and area, and the consents that allowed it. */
export interface Told {
  subject: string;
  area: string;
  category: Category;
  /** Readings, or rows; 0 when only that there is something was told. */
  values: number;
  /** Ids of the consents under which a third party received it. */
  consents: string[];
}

/** The answer that told it. `operation` is QUERY, MUTATION or the name of a door; `object` the package or batch. */
export interface Answered {
  request: string;
  recipient: string;
  purpose: Purpose;
  operation: string;
  object: string | null;
}

/** `hash` is of {@link detailsText}: a leaf of the tree whose root stands in the entry. */
export interface Commitment extends Told {
  /** 16 random bytes, hexadecimal: without it nobody can tell from the hash what was told. */
  salt: string;
  hash: Buffer;
}

const FORMAT = 'hub-disclosure/1';

/** What is committed to, as canonical JSON: the subject and its supervisors alone ever see it. */
export function detailsText(answered: Answered, { salt, ...told }: Told & { salt: string }): string {
  const { subject, area, category, values, consents } = told;
  const { request, recipient, purpose, operation, object } = answered;
  return canonicalJson({
    format: FORMAT,
    ...{ salt, subject, area, category, values, consents },
    ...{ request, recipient, purpose, operation, object },
  });
}

/**
 * The entry that says of an answer that it told something of subjects, and the commitments that it holds. The entry is
 * shown whole to each of these subjects; so it names none of them, and no hash in it is of data that could be guessed.
 */
export function commit(
  answered: Answered,
  told: readonly Told[],
): { facts: DisclosureFacts; commitments: Commitment[] } {
  const commitments = told.map((one): Commitment => {
    const salt = freshSalt();
    return { ...one, salt, hash: leafHash(detailsText(answered, { ...one, salt })) };
  });
  const root = rootOver(commitments.map(({ hash }) => hash)).toString('hex');
  const { recipient: tenant, ...rest } = answered;
  const facts = { event: 'DISCLOSURE', tenant, ...rest, count: told.length, root } as const;
  return { facts, commitments };
}

/** The root of the RFC 6962 tree over these leaves. */
export function rootOver(leaves: readonly Buffer[]): Buffer {
  const tree = new Frontier();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

/** The audit path of a leaf within the tree over these leaves; `place` counts from 0. */
export function pathWithin(leaves: readonly Buffer[], place: number): Buffer[] {
  return inclusionRanges(place, leaves.length).map(({ start, end }) => rootOver(leaves.slice(start, end)));
}

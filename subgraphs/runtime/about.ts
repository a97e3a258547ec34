import type { Category } from '../../gateway/policy/categories.js';

/** How a row says whose data it is. */
export interface About<Row = never> {
  category: Category;
  /** Property with the unified social credit code of the subject; null in a row about nobody. */
  subject: string;
  /** Property with the GB/T 2260 code: where the subject's supervisors find what was disclosed. */
  area: string;
  /** Properties of its primary key, once the entity was discovered. */
  key?: readonly string[];
  /** How many values the row holds; a row without this counts as one. */
  values?: (row: Row) => number;
}

const known = new WeakMap<object, About>();

/**
 * Marks an entity as data about a subject: whatever rows of it are answered with are counted by subject for the ledger.
 * An entity with a property `subject` or `uscc` must carry this; the room does not open otherwise.
 */
export function AboutSubject<Row extends object>(
  category: Category,
  { subject = 'subject', area = 'area', values }: Partial<Omit<About<Row>, 'category'>> = {},
): (entity: new () => Row) => void {
  return (entity) => void known.set(entity, { category, subject, area, ...(values && { values }) });
}

export function aboutOf(entity: object): About | undefined {
  return known.get(entity);
}

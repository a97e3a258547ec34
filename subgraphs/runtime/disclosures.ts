import type { EntityClass, MikroORM } from '@mikro-orm/postgresql';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { Category } from '../../gateway/policy/categories.js';
import { type About, aboutOf } from './about.js';
import type { Page } from './lists.js';

/** What an answer tells of one subject in one category and area. */
export interface Disclosed {
  category: Category;
  /** Unified social credit code. */
  subject: string;
  /** GB/T 2260 code. */
  area: string;
  /** Readings, or rows where a row is no set of readings; 0 when only that there is something was told. */
  values: number;
}

/** Counts, while an answer is made, what it tells of whom. Too much is right, too little is not. */
export class Disclosures {
  readonly #rows = new Map<About, Set<string | object>>();
  readonly #counts = new Map<string, Disclosed>();

  add(disclosed: Disclosed): void {
    const { category, subject, area, values } = disclosed;
    const key = `${category} ${subject} ${area}`;
    const known = this.#counts.get(key);
    if (known) known.values += values;
    else this.#counts.set(key, { category, subject, area, values });
  }

  /** A row counts once an answer, in however many places it stands. */
  addRow(row: object, about: About): void {
    const key = keyOf(row, about);
    const counted = this.#rows.get(about) ?? new Set();
    if (counted.has(key)) return;
    this.#rows.set(about, counted.add(key));
    const { category, subject: subjectName, area: areaName } = about;
    const properties = row as Record<string, unknown>;
    const [subject, area] = [properties[subjectName], properties[areaName]];
    if (subject === null) return;
    const values = about.values?.(row as never) ?? 1;
    if (typeof subject !== 'string' || typeof area !== 'string' || !Number.isSafeInteger(values)) {
      throw new Error(`a row of ${category} does not say whom it is about`);
    }
    this.add({ category, subject, area, values });
  }

  list(): Disclosed[] {
    return [...this.#counts.values()];
  }
}

/** The same row may have been read twice in one operation. What is no stored row is nobody's but its own. */
function keyOf(row: object, { key = [] }: About): string | object {
  const values = key.map((name) => (row as Record<string, unknown>)[name]);
  return values.length === 0 || values.includes(undefined) ? row : JSON.stringify(values);
}

const COUNTING = Symbol('disclosures');

/** The context of one operation, with where its answer is counted. */
export function counting<Context extends object>(context: Context, disclosures: Disclosures): Context {
  return Object.assign(context, { [COUNTING]: disclosures });
}

/**
 * Lets a room's schema count every object that it answers with: GraphQL asks each object whether it is of its type,
 * whatever resolver it came from, so none is passed by. A page counts whole: its cursors tell of its rows too.
 */
export function countAnswers(schema: GraphQLSchema, entities: EntityClass<object>[]): void {
  for (const entity of entities) {
    const about = aboutOf(entity as object);
    const published = getMetadataStorage().objectTypes.find(({ target }) => target === (entity as unknown));
    if (!about || !published) continue;
    countType(schema, published.name, (row, disclosures) => disclosures.addRow(row, about));
    countType(schema, `${published.name}Connection`, (page, disclosures) => {
      for (const row of (page as Page<object>).nodes) disclosures.addRow(row, about);
    });
  }
}

function countType(
  schema: GraphQLSchema,
  name: string,
  count: (value: object, disclosures: Disclosures) => void,
): void {
  const type = schema.getType(name);
  if (!isObjectType(type)) return;
  type.isTypeOf = (value: object, context: { [COUNTING]?: Disclosures }) => {
    const disclosures = context[COUNTING];
    if (!disclosures) throw new Error(`nobody counts what is answered of ${name}`);
    count(value, disclosures);
    return true;
  };
}

/** Properties by which an entity is about a subject, under whatever name it is published. */
const OF_A_SUBJECT = ['subject', 'uscc'];

/** @throws Error for an entity about a subject of which nobody would count what is told. */
export function mustBeCounted(orm: MikroORM): void {
  for (const { className, class: entity, properties, primaryKeys } of orm.getMetadata().getAll().values()) {
    const about = aboutOf(entity as object);
    if (about) about.key = primaryKeys;
    const named = about ? [about.subject, about.area] : [];
    const missing = named.find((name) => !(name in properties));
    if (missing) throw new Error(`${className} has no property ${missing}, by which it is counted`);
    if (!about && OF_A_SUBJECT.some((name) => name in properties)) {
      throw new Error(`${className} is about a subject: mark it with @AboutSubject`);
    }
  }
}

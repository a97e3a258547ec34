import { hash, randomBytes } from 'node:crypto';
import type { EntityManager, EntityMetadata } from '@mikro-orm/postgresql';
import type { GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import { aboutOf } from './about.js';

/** What a mutation did to one object, for the ledger: which it was, and a commitment to what it said afterwards. */
export interface Act {
  /** The field of the mutation. */
  act: string;
  /** Type of the object, as published. */
  type: string;
  /** Its key; null where the key is a subject's credit code, which the ledger never holds. */
  object: string | null;
  /** SHA-256 of {@link rowText} as it was after the act, lower-case hexadecimal. */
  sha256: string;
  /** 16 random bytes, hexadecimal: two acts that leave the same row do not show it. */
  salt: string;
}

const SALT_BYTES = 16;

/** Characters of the acts of one entry; with the members beside them it stays below the 16 KiB that an entry may take. */
export const MOST_ACTS_TEXT = 15_000;

/** Collects, while an operation is carried out, what its mutations did. It counts only if the operation commits. */
export class Acts {
  readonly #em: EntityManager;
  readonly #done: Act[] = [];

  constructor(em: EntityManager) {
    this.#em = em;
  }

  /** @param answered what the resolver of the mutation gave: an entity, a list of them, or an object that holds one. */
  add(act: string, answered: unknown): void {
    const rows = Array.isArray(answered) ? (answered as unknown[]) : [answered];
    for (const row of rows.flatMap((one) => this.#entitiesOf(one))) this.#done.push(this.#actOf(act, row));
  }

  /** In portions, each as large as one entry of the ledger takes. */
  portions(): Act[][] {
    const all: Act[][] = [];
    let text = MOST_ACTS_TEXT;
    for (const act of this.#done) {
      const { length } = JSON.stringify(act);
      if (text + length >= MOST_ACTS_TEXT) {
        all.push([]);
        text = 1;
      }
      all.at(-1)!.push(act);
      text += length + 1;
    }
    return all;
  }

  #entitiesOf(answered: unknown): object[] {
    if (typeof answered !== 'object' || answered === null) return [];
    if (this.#metadataOf(answered)) return [answered];
    return Object.values(answered).filter(
      (member: unknown): member is object =>
        typeof member === 'object' && member !== null && this.#metadataOf(member) !== undefined,
    );
  }

  #actOf(act: string, row: object): Act {
    const { primaryKeys, props, className, class: entity } = this.#metadataOf(row)!;
    const values = row as Record<string, unknown>;
    const salt = randomBytes(SALT_BYTES).toString('hex');
    const stored = props.filter(({ persist }) => persist !== false).map(({ name }) => name);
    const text = rowText(salt, Object.fromEntries(stored.map((name) => [name, values[name] ?? null])));
    const isSubject = primaryKeys.some((name) => name === aboutOf(entity)?.subject);
    return {
      act,
      type: getMetadataStorage().objectTypes.find(({ target }) => target === entity)?.name ?? className,
      object: isSubject ? null : primaryKeys.map((name) => String(values[name])).join('/'),
      sha256: hash('sha256', text),
      salt,
    };
  }

  #metadataOf({ constructor }: object): EntityMetadata | undefined {
    return this.#em.getMetadata().find(constructor as never) as EntityMetadata | undefined;
  }
}

/** What an act commits to: the salt and every stored property of the row, null where there is none, as canonical JSON. */
function rowText(salt: string, row: Record<string, unknown>): string {
  return canonical({ salt, row });
}

/** RFC 8785: members by the UTF-16 code units of their names. Rooms hold dates and decimals as text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

const ACTING = Symbol('acts');

/** The context of one operation, with where its mutations report what they did. */
export function acting<Context extends object>(context: Context, acts: Acts): Context {
  return Object.assign(context, { [ACTING]: acts });
}

/** Lets every mutation of a room's schema report what it did, whichever resolver it has. */
export function reportActs(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { name, resolve } = field;
    if (!resolve) throw new Error(`the mutation ${name} has no resolver`);
    field.resolve = async (source, args, context: { [ACTING]?: Acts }, info) => {
      const acts = context[ACTING];
      if (!acts) throw new Error(`nobody takes down what ${name} does`);
      const answered: unknown = await resolve(source, args, context, info);
      acts.add(name, answered);
      return answered;
    };
  }
}

import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
} from 'graphql';
import { pick, type Random, randomFor } from '../../../../scripts/demo/randomness.js';

export interface Asked {
  query: string;
  variables: Record<string, unknown>;
}

/** Some that objects have of themselves. `__proto__` the stock executor loses at times: it has a test of its own. */
const ALIASES = ['a', 'b', 'name', 'constructor', 'toString'];

/** Operation number so of a seed: fragments, aliases, variables, abstract types, conditions. Always valid but for conflicts. */
export function operationOf(schema: GraphQLSchema, seed: number, number: number): Asked {
  return new Writer(schema, randomFor('operation', seed, number)).operation();
}

class Writer {
  readonly #schema: GraphQLSchema;
  readonly #random: Random;
  readonly #declared: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];

  constructor(schema: GraphQLSchema, random: Random) {
    this.#schema = schema;
    this.#random = random;
  }

  operation(): Asked {
    const isMutation = this.#chance(0.1);
    const root = isMutation ? this.#schema.getMutationType()! : this.#schema.getQueryType()!;
    const set = this.#selections(root, 4);
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : '';
    const query = `${isMutation ? 'mutation' : 'query'} Asked${declared} ${set}\n${this.#fragments.join('\n')}`;
    return { query, variables: this.#variables };
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #selections(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + Math.floor(this.#random() * 4);
    const parts = Array.from({ length: count }, () => this.#selection(type, depth));
    return `{ ${parts.filter(Boolean).join(' ') || '__typename'} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    if (this.#chance(0.06)) return this.#chance(0.5) ? '__typename' : `kind: __typename${this.#condition()}`;
    if (type === this.#schema.getQueryType() && this.#chance(0.03)) return this.#introspection();
    if (depth > 0 && this.#chance(isAbstractType(type) ? 0.6 : 0.15)) return this.#fragment(type, depth - 1);
    if (!('getFields' in type)) return this.#fragment(type, depth);
    const fields = Object.values(type.getFields()).filter(
      (field) => depth > 0 || !isCompositeType(getNamedType(field.type)),
    );
    return fields.length > 0 ? this.#field(pick(this.#random, fields), depth) : '__typename';
  }

  #introspection(): string {
    return `__type(name: "Building") { name fields { name type { name kind } } }`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
    const others: GraphQLCompositeType[] = isAbstractType(type)
      ? [...types, type]
      : [type, ...this.#above(type)];
    const on = pick(this.#random, others);
    const within = this.#selections(on, Math.max(depth, 0));
    // Without it the stock executor loses what fragments within ask of the type itself.
    const set = on !== type && isAbstractType(on) ? within.replace('{', '{ __typename') : within;
    if (this.#chance(0.3)) {
      const name = `F${this.#fragments.length}`;
      // Its place is kept before what it is made of takes one.
      this.#fragments.push(`fragment ${name} on ${on.name} ${set}`);
      return `...${name}${this.#condition()}`;
    }
    return `...${on === type && this.#chance(0.5) ? '' : ` on ${on.name}`}${this.#condition()} ${set}`;
  }

  #above(type: GraphQLCompositeType): GraphQLCompositeType[] {
    return 'getInterfaces' in type && !isInterfaceType(type) ? [...type.getInterfaces()] : [];
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type);
    const alias = this.#chance(0.15) ? `${pick(this.#random, ALIASES)}: ` : '';
    const given = field.args.flatMap((argument) => this.#argument(argument));
    const args = given.length > 0 ? `(${given.join(', ')})` : '';
    const set = isCompositeType(type) ? ` ${this.#selections(type, depth - 1)}` : '';
    return `${alias}${field.name}${args}${this.#condition()}${set}`;
  }

  #argument({ name, type }: GraphQLArgument): string[] {
    if (!isNonNullType(type) && this.#chance(0.5)) return [];
    const value = VALUES[name]!;
    const chosen = pick(this.#random, value);
    if (!this.#chance(0.5)) return [`${name}: ${JSON.stringify(chosen)}`];
    const variable = `v${this.#declared.length}`;
    const isDefault = this.#chance(0.3);
    this.#declared.push(`$${variable}: ${String(type)}${isDefault ? ` = ${JSON.stringify(chosen)}` : ''}`);
    if (!isDefault) this.#variables[variable] = chosen;
    return [`${name}: $${variable}`];
  }

  #condition(): string {
    if (!this.#chance(0.12)) return '';
    const directive = this.#chance(0.5) ? 'skip' : 'include';
    if (this.#chance(0.2)) return ` @${directive}(if: ${String(this.#chance(0.5))})`;
    const variable = `c${this.#declared.length}`;
    const isDefault = this.#chance(0.3);
    this.#declared.push(`$${variable}: Boolean!${isDefault ? ` = ${String(this.#chance(0.5))}` : ''}`);
    if (!isDefault) this.#variables[variable] = this.#chance(0.5);
    return ` @${directive}(if: $${variable})`;
  }
}

const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  first: [0, 1, 2, 4],
  id: ['b1', 'b2', 'b4', 'none'],
  text: ['x'],
  site: ['b1', 'b3'],
  no: [1, 2],
  kind: ['none', 'all'],
  of: ['none', 'peak'],
  name: ['new'],
};

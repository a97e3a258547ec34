import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isCompositeType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { fieldsOf, type Selecting } from './collect.js';
import { isObject, own, type Tree } from './run.js';

type GraphQLNullableOutputType = Exclude<GraphQLOutputType, GraphQLNonNull<never>>;

/** What came instead of a value that there has to be: the nearest nullable place becomes null. */
const INVALID = Symbol('invalid');

/** The way to the value under work and what is wrong there; followed only once something was found wrong. */
interface Trace {
  path: (string | number)[];
  found: Wrong[];
}

export interface Wrong {
  message: string;
  path: (string | number)[];
}

type Complete = (value: unknown, run: Projection) => unknown;

interface Projection {
  variables: Variables;
  isValid: boolean;
  trace: Trace | null;
}

export type Variables = Readonly<Record<string, unknown>>;

/** Answers `__schema` and `__type`. */
export type Introspect = (fields: readonly FieldNode[], variables: Variables) => unknown;

/** The answer in the client's own shape and order, and what rooms gave that the schema does not allow. */
export type Project = (data: Tree, variables: Variables) => { data: Tree | null; wrong: Wrong[] };

/** Compiles what a client asked for to closures over what the rooms give. */
export function projecting(
  selecting: Selecting,
  root: GraphQLObjectType,
  set: SelectionSetNode,
  introspect: Introspect,
): Project {
  const complete = new Completing(selecting, introspect).object(root, [set]);
  return (data, variables) => {
    const run: Projection = { variables, isValid: true, trace: null };
    const answer = complete(data, run);
    const told = answer === INVALID ? null : (answer as Tree);
    if (run.isValid) return { data: told, wrong: [] };
    // The same way once more, with its paths: nobody pays for them as long as rooms keep to their schema.
    const trace: Trace = { path: [], found: [] };
    complete(data, { variables, isValid: true, trace });
    return { data: told, wrong: trace.found };
  };
}

class Completing {
  readonly #selecting: Selecting;
  readonly #introspect: Introspect;

  constructor(selecting: Selecting, introspect: Introspect) {
    this.#selecting = selecting;
    this.#introspect = introspect;
  }

  /** An object of a type, or of one that its `__typename` names; each compiled when it is first met. */
  object(declared: GraphQLCompositeType, sets: readonly SelectionSetNode[]): Complete {
    const { schema } = this.#selecting;
    const known = new Map<string, Complete>();
    const of = (name: string): Complete | undefined => {
      const type = schema.getType(name);
      if (!isCompositeType(type)) return undefined;
      const made = this.#fields(type, sets, declared);
      known.set(name, made);
      return made;
    };
    const plain = this.#fields(declared, sets, declared);
    return (value, run) => {
      if (!isObject(value)) return wrong(run, `There is no object of ${declared.name}`);
      const name = own(value, '__typename');
      if (name === undefined || name === null || name === declared.name) return plain(value, run);
      const complete = known.get(String(name)) ?? of(String(name));
      return complete ? complete(value, run) : wrong(run, `There is no type ${String(name)}`);
    };
  }

  #fields(
    type: GraphQLCompositeType,
    sets: readonly SelectionSetNode[],
    declared: GraphQLCompositeType,
  ): Complete {
    const fields = [...fieldsOf(this.#selecting, type, sets)].map(([key, nodes]) => {
      const complete = this.#field(type, key, nodes, declared);
      return { key, isOwn: key in Object.prototype, complete };
    });
    const Answer = answerClass();
    return (value, run) => {
      const object = value as Tree;
      const answer = new Answer();
      for (const { key, isOwn, complete } of fields) {
        run.trace?.path.push(key);
        const completed = complete(isOwn ? own(object, key) : object[key], run);
        run.trace?.path.pop();
        if (completed === INVALID) return INVALID;
        answer[key] = completed;
      }
      return answer;
    };
  }

  #field(
    type: GraphQLCompositeType,
    key: string,
    nodes: FieldNode[],
    declared: GraphQLCompositeType,
  ): Complete {
    const name = nodes[0]!.name.value;
    // By the object's own type, which led here: what the room says of it may come under another key.
    if (name === '__typename')
      return isObjectType(type) ? () => type.name : objectName(this.#selecting, type);
    if (name === '__schema' || name === '__type')
      return (_, { variables }) => this.#introspect(nodes, variables);
    // A room that knows an interface as an object names that: what is asked for is the declared type's all the same.
    const field = fieldOf(type, name) ?? fieldOf(declared, name);
    // No such field in an object of this type: nothing of it was asked for.
    if (!field) return () => null;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return this.#value(field.type, sets, `${type.name}.${key}`);
  }

  #value(type: GraphQLOutputType, sets: readonly SelectionSetNode[], where: string): Complete {
    const nullable = this.#nullable(isNonNullType(type) ? type.ofType : type, sets, where);
    if (!isNonNullType(type)) {
      return (value, run) => {
        const completed = value === null || value === undefined ? null : nullable(value, run);
        return completed === INVALID ? null : completed;
      };
    }
    return (value, run) => {
      if (value === null || value === undefined) {
        return wrong(run, `Cannot return null for non-nullable ${where}`);
      }
      return nullable(value, run);
    };
  }

  #nullable(type: GraphQLNullableOutputType, sets: readonly SelectionSetNode[], where: string): Complete {
    if (isListType(type)) return list(this.#value(type.ofType as GraphQLOutputType, sets, where), where);
    if (isCompositeType(type)) return this.object(type, sets);
    const isValid = isEnumType(type) ? isValueOf(type) : LEAVES[type.name];
    if (!isValid) return (value) => value;
    return (value, run) => (isValid(value) ? value : wrong(run, `Invalid value found for ${where}`));
  }
}

function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return 'getFields' in type ? type.getFields()[name] : undefined;
}

function list(item: Complete, where: string): Complete {
  return (value, run) => {
    if (!Array.isArray(value)) return wrong(run, `There is no list at ${where}`);
    const answers: unknown[] = [];
    for (const [index, one] of value.entries()) {
      run.trace?.path.push(index);
      const completed = item(one, run);
      run.trace?.path.pop();
      if (completed === INVALID) return INVALID;
      answers.push(completed);
    }
    return answers;
  };
}

function objectName({ schema }: Selecting, { name: declared }: GraphQLCompositeType): Complete {
  return (value, run) =>
    typeof value === 'string' && isObjectType(schema.getType(value))
      ? value
      : wrong(run, `There is no telling which type of ${declared} it is`);
}

function wrong(run: Projection, message: string): typeof INVALID {
  run.isValid = false;
  run.trace?.found.push({ message: `${message}.`, path: [...run.trace.path] });
  return INVALID;
}

function isValueOf(type: GraphQLEnumType): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && type.getValue(value) !== undefined;
}

const LEAVES: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === 'string',
  ID: (value) => typeof value === 'string' || Number.isInteger(value),
  Int: Number.isInteger,
  Float: Number.isFinite,
  Boolean: (value) => typeof value === 'boolean',
};

/** Objects of one shape each, without a prototype: any key is the client's own, and they are still fast. */
function answerClass(): new () => Tree {
  function Answer(): void {}
  Answer.prototype = Object.create(null);
  return Answer as unknown as new () => Tree;
}

import { createHash } from 'node:crypto';
import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import {
  type DocumentNode,
  getOperationAST,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { Execution } from '../../../../gateway/plan/execution/execution.js';
import { wrongVariables } from '../../../../gateway/plan/execution/variables.js';
import { Planner } from '../../../../gateway/plan/planner.js';
import { type Ask, roomsOf, SUBGRAPHS } from './rooms.js';
import { type Asked, operationOf } from './operations.js';

interface Answer {
  data?: unknown;
  errors?: GraphQLFormattedError[];
}

export interface Difference {
  number: number;
  asked: Asked;
  ours: Answer;
  theirs: Answer;
}

export interface Compared {
  cases: number;
  /** Written, but not valid: two fields of one key in conflict. */
  invalid: number;
  /** The planner finds no plan for a few that introspect twice. */
  unplanned: number;
  withErrors: number;
  withNulls: number;
  /** One room answered all of it, and its answer was passed on as it was. */
  passedOn: number;
  differences: Difference[];
}

/** The same operations, plans and rooms executed by ours and by @apollo/gateway's own. */
export class Comparison {
  readonly #planner: Planner;
  readonly #stock: ApolloGateway;
  #ask: Ask = roomsOf(0);

  private constructor(planner: Planner, plannedSdl: string) {
    this.#planner = planner;
    this.#stock = new ApolloGateway({
      supergraphSdl: plannedSdl,
      logger: QUIET,
      buildService: ({ name }) => ({
        process: async ({ request: { query = '', variables, operationName } }) =>
          (await this.#ask(name, { query, variables, operationName })) as never,
      }),
    });
  }

  static async open(): Promise<Comparison> {
    const plannedSdl = composed();
    const comparison = new Comparison(await Planner.open(plannedSdl), plannedSdl);
    await comparison.#stock.load({});
    return comparison;
  }

  get schema(): GraphQLSchema {
    return this.#planner.internals.schema;
  }

  async close(): Promise<void> {
    await Promise.all([this.#planner.stop(), this.#stock.stop()]);
  }

  async run(
    seed: number,
    cases: number,
    onProgress: (done: number) => void = () => undefined,
  ): Promise<Compared> {
    const compared: Compared = {
      cases: 0,
      invalid: 0,
      unplanned: 0,
      withErrors: 0,
      withNulls: 0,
      passedOn: 0,
      differences: [],
    };
    for (let number = 0; compared.cases < cases; number += 1) {
      const asked = operationOf(this.schema, seed, number);
      const document = parse(asked.query);
      if (validate(this.schema, document).length > 0) {
        compared.invalid += 1;
        continue;
      }
      this.#ask = roomsOf(number);
      const ours = await orFault(this.ours(asked, document));
      const passed = await orFault(this.ours(asked, document, () => (compared.passedOn += 1)));
      const theirs = await orFault(this.theirs(asked, document));
      compared.cases += 1;
      if (theirs.data === undefined) compared.unplanned += 1;
      else if (theirs.errors) compared.withErrors += 1;
      if (JSON.stringify(theirs.data)?.includes('null')) compared.withNulls += 1;
      for (const one of [ours, passed]) {
        if (plain(one) === plain(theirs) && isSound(one)) continue;
        compared.differences.push({ number, asked, ours: one, theirs });
      }
      onProgress(compared.cases);
    }
    return compared;
  }

  executionOf(document: DocumentNode, operation: OperationDefinitionNode): Execution {
    const { schema, supergraphSchema } = this.#planner.internals;
    return new Execution({
      schema,
      supergraphSchema,
      document,
      operation,
      plan: this.#planner.plan(document, ''),
    });
  }

  /** @param onPassing given, answers of one room are passed on where they can be */
  async ours({ variables }: Asked, document: DocumentNode, onPassing?: () => void): Promise<Answer> {
    const operation = getOperationAST(document)!;
    const errors = wrongVariables(this.schema, operation, variables);
    if (errors.length > 0) return formatted({ errors });
    const execution = this.executionOf(document, operation);
    const ask: Ask = (room, request) => {
      if (request.asBytes) onPassing?.();
      return this.#ask(room, request);
    };
    return formatted(await execution.run(variables, ask, onPassing !== undefined));
  }

  async theirs({ query, variables }: Asked, document: DocumentNode): Promise<Answer> {
    const answer = await this.#stock.executor({
      request: { query, variables },
      document,
      operation: getOperationAST(document),
      queryHash: createHash('sha256').update(query).digest('hex'),
      source: query,
      context: {},
      metrics: {},
      logger: QUIET,
      cache: undefined,
    } as never);
    return formatted(answer as never);
  }
}

/** What the planner does not plan, it plans for nobody. */
function orFault(answer: Promise<Answer>): Promise<Answer> {
  return answer.catch(({ message }: Error) => ({ errors: [{ message: `Fault: ${message}` }] }));
}

/** Without the policy's directives: nothing here is anybody's. */
function composed(): string {
  const services = SUBGRAPHS.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new AggregateError(errors ?? [], String(errors));
  return supergraphSdl;
}

function formatted({
  data,
  errors,
}: {
  data?: unknown;
  errors?: readonly { toJSON(): GraphQLFormattedError }[];
}): Answer {
  const told = errors?.map((error) => error.toJSON());
  return { ...(data !== undefined && { data }), ...(told && { errors: told }) };
}

/** Keys in any order, for the stock executor has one of its own; errors by what they say and where, each once. */
function plain({ data, errors = [] }: Answer): string {
  const told = errors.map(({ message, path, extensions }) =>
    JSON.stringify([message, keysOf(path, extensions), extensions?.['code'], extensions?.['serviceName']]),
  );
  return JSON.stringify([sorted(data), [...new Set(told)].toSorted()]);
}

/**
 * Without places in lists: the stock executor miscounts them where an object of the list has nothing to ask the room
 * with. Of a room that fails as a whole it gives no path, the planner's or the federation's, and we the first place.
 */
function keysOf(
  path: GraphQLFormattedError['path'],
  extensions: GraphQLFormattedError['extensions'],
): unknown {
  const isPlace = path && !extensions?.['places'] && !path.includes('@') && !path.includes('_entities');
  return isPlace ? path.filter((element) => typeof element === 'string') : null;
}

/** Whether there is nothing where an error says so: a null there or above it, or a field asked for and then skipped. */
function isSound({ data, errors = [] }: Answer): boolean {
  return errors.every(({ path, extensions }) => {
    if (!path || extensions?.['places']) return true;
    let value: unknown = data;
    for (const element of path) {
      if (value === null || value === undefined) return true;
      value = Object.getOwnPropertyDescriptor(value, element)?.value;
    }
    return value === null || value === undefined;
  });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}

const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

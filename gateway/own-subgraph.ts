import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import { Disclosures } from '../subgraphs/runtime/disclosures.js';
import type { RoomClient, RoomRequest, RoomResponse } from '../subgraphs/runtime/neighbours.js';
import { Refusal } from './errors.js';

/** What a resolver of the gateway's own needs; made anew for every request from its sealed grant. It counts what it tells. */
export type ContextOf = (sealedGrant: string, disclosures: Disclosures) => Promise<object> | object;

export interface OwnSubgraphOptions {
  name: string;
  sdl: string;
  resolvers: object;
  contextOf: ContextOf;
  /** Logs what is no refusal; the incident id is all of it that leaves. */
  fault: (error: unknown, where: string) => string;
}

/** A subgraph that the gateway serves itself, in its own process: it stands beside the rooms and looks like one. */
export class OwnSubgraph implements RoomClient {
  readonly name: string;
  readonly #schema: GraphQLSchema;
  readonly #options: OwnSubgraphOptions;

  constructor(options: OwnSubgraphOptions) {
    const { name, sdl, resolvers } = options;
    this.name = name;
    this.#options = options;
    this.#schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  }

  async graphql({ query, variables }: RoomRequest, sealedGrant: string): Promise<RoomResponse> {
    const disclosures = new Disclosures();
    const { data, errors } = await execute({
      schema: this.#schema,
      document: parse(query),
      contextValue: await this.#options.contextOf(sealedGrant, disclosures),
      variableValues: variables ?? null,
    });
    return {
      data: data ?? null,
      disclosed: disclosures.list(),
      ...(errors && { errors: errors.map((error) => this.#outward(error)) }),
    };
  }

  door(): never {
    throw new Error(`${this.name} has no doors`);
  }

  async isReady(): Promise<boolean> {
    return true;
  }

  #outward(error: GraphQLError): NonNullable<RoomResponse['errors']>[number] {
    const path = error.path ? { path: error.path } : {};
    const cause = error.originalError;
    if (cause instanceof Refusal) return { message: cause.message, ...path, extensions: cause.extensions };
    // No cause: a value that does not have its form, or what a room has answered already.
    if (!cause || cause instanceof GraphQLError) {
      const extensions = { ...new Refusal('BAD_USER_INPUT').extensions, ...error.extensions };
      return { message: error.message, ...path, extensions };
    }
    const incident = this.#options.fault(cause, this.name);
    const extensions = { ...new Refusal('INTERNAL').extensions, incident };
    return { message: `Incident ${incident}`, ...path, extensions };
  }
}

import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { type DocumentNode, GraphQLError, type GraphQLSchema, parse } from 'graphql';

export interface ReadingOptions {
  /** What clients may ask for. */
  schema: GraphQLSchema;
  /** The most tokens of one document. */
  tokens: number;
  introspection: boolean;
  fault: (error: unknown, where: string) => string;
}

/** What became of a text: a valid document, or what is wrong with it. */
interface Read {
  document?: DocumentNode;
  errors?: readonly GraphQLError[];
}

/**
 * Documents that nobody has sent before, read by Apollo Server: syntax, tokens, rules and introspection. It executes
 * nothing: what it has read is known from then on, and does not come by here again.
 */
export class Reading {
  readonly #server: ApolloServer<{ read: Read }>;
  readonly #tokens: number;

  private constructor({ schema, tokens, introspection, fault }: ReadingOptions) {
    this.#tokens = tokens;
    this.#server = new ApolloServer<{ read: Read }>({
      schema,
      introspection,
      includeStacktraceInErrorResponses: false,
      hideSchemaDetailsFromClientErrors: true,
      parseOptions: { maxTokens: tokens },
      allowBatchedHttpRequests: false,
      persistedQueries: false,
      // Known documents are kept by what stands before.
      documentStore: null,
      nodeEnv: 'production',
      // Its own handler would end the process while the hub is still stopping in order.
      stopOnTerminationSignals: false,
      plugins: [
        OUTCOME,
        // Whatever the environment holds (APOLLO_KEY …): nothing is reported, no page loads from elsewhere.
        ApolloServerPluginUsageReportingDisabled(),
        ApolloServerPluginSchemaReportingDisabled(),
        ApolloServerPluginLandingPageDisabled(),
        ApolloServerPluginCacheControlDisabled(),
      ],
      logger: {
        debug: () => undefined,
        info: () => undefined,
        warn: () => undefined,
        error: (message) => void fault(message, 'apollo server'),
      },
    });
  }

  static async open(options: ReadingOptions): Promise<Reading> {
    const reading = new Reading(options);
    await reading.#server.start();
    return reading;
  }

  /** A text as it stands, whatever the schema has; nothing where it is no GraphQL or has too many tokens. */
  parse(source: string): DocumentNode | undefined {
    try {
      return parse(source, { maxTokens: this.#tokens });
    } catch (error) {
      if (error instanceof GraphQLError) return undefined;
      throw error;
    }
  }

  /** The document of a text, or why it is none. */
  async read(source: string): Promise<DocumentNode | readonly GraphQLError[]> {
    const read: Read = {};
    await this.#server.executeOperation({ query: source }, { contextValue: { read } });
    const { document, errors } = read;
    if (document) return document;
    if (errors) return errors;
    throw new Error('a document was neither read nor refused');
  }

  async close(): Promise<void> {
    await this.#server.stop();
  }
}

/** Keeps what became of the text, and answers in place of any execution. */
const OUTCOME: ApolloServerPlugin<{ read: Read }> = {
  requestDidStart: async ({ contextValue: { read } }) => ({
    validationDidStart: async ({ document }) => {
      return async (wrong) => {
        if (!wrong) read.document = document;
      };
    },
    didEncounterErrors: async ({ errors }) => void (read.errors = errors),
    responseForOperation: async ({ response }) => ({
      http: response.http,
      body: { kind: 'single', singleResult: { data: null } },
    }),
  }),
};

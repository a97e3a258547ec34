import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import type { Connection } from './connection.js';
import { Failure, fault } from './failure.js';
import { asNetworkFailure } from './network.js';

const CONNECT_MS = 10_000;
/** Between the last byte sent and the first received: a large batch or package may take the hub a while. */
const ANSWER_MS = 600_000;
/** Between two pieces of a body that is being received. */
const SILENCE_MS = 60_000;
const CONNECTIONS = 4;
/** Under which the hub withholds values of a row, in so many places; without places it refuses something by it. */
const UNSEEN = 'corrections/seen';

interface ErrorReply {
  extensions?: { rule?: string; places?: number };
}

export interface HubRequest {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: Readable | string;
}

export interface HubAnswer {
  status: number;
  headers: Record<string, string>;
  /** Must be read to the end or destroyed. */
  body: Readable;
}

/** Calls one hub as one tenant, over mutual TLS. Close it when done, or the process waits for its connections. */
export class HubClient {
  readonly #pool: Pool;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    const { cert, key, ca } = connection;
    this.#connection = connection;
    this.#pool = new Pool(connection.origin, {
      connections: CONNECTIONS,
      connect: { cert, key, ca, timeout: CONNECT_MS },
      headersTimeout: ANSWER_MS,
      bodyTimeout: SILENCE_MS,
    });
  }

  /** One request; throws Failure for a broken connection and for any answer of status 400 and above. */
  async send(request: HubRequest): Promise<HubAnswer> {
    const purpose = this.#connection.purpose;
    const headers = { ...(purpose !== undefined && { 'x-hub-purpose': purpose }), ...request.headers };
    let answer: Dispatcher.ResponseData;
    try {
      answer = await this.#pool.request({ ...request, headers });
    } catch (error) {
      throw this.asFailure(error);
    }
    if (answer.statusCode >= 400) throw asRefusal(await this.#text(answer.body), answer.statusCode);
    return { status: answer.statusCode, headers: flat(answer.headers), body: answer.body };
  }

  /** The whole body of the answer beside its headers: for manifests and receipts, never for parts. */
  async fetch(request: HubRequest): Promise<{ headers: Record<string, string>; body: Buffer }> {
    const { headers, body } = await this.send(request);
    const pieces: Buffer[] = [];
    try {
      for await (const piece of body) pieces.push(piece as Buffer);
    } catch (error) {
      throw this.asFailure(error);
    }
    return { headers, body: Buffer.concat(pieces) };
  }

  /** The data of one GraphQL operation; throws Failure with the first error that the answer holds. */
  async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { data, errors } = await this.#answer<Data>(query, variables);
    if (errors.length > 0) throw asRefusal(JSON.stringify({ errors }), 200);
    return data;
  }

  /** The same where rows may be seen without their values: what is withheld of them is null, and no failure. */
  async askWithheld<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const { data, errors } = await this.#answer<Data>(query, variables);
    const failed = errors.filter(({ extensions }) => extensions?.rule !== UNSEEN || !extensions.places);
    if (failed.length > 0) throw asRefusal(JSON.stringify({ errors: failed }), 200);
    return data;
  }

  async #answer<Data>(
    query: string,
    variables: Record<string, unknown>,
  ): Promise<{ data: Data; errors: ErrorReply[] }> {
    const { body } = await this.fetch({
      method: 'POST',
      path: '/graphql',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
      },
      body: JSON.stringify({ query, variables }),
    });
    type Reply = { data?: Data | null; errors?: ErrorReply[] };
    const { data, errors = [] } = (parsed(body.toString()) as Reply | undefined) ?? {};
    if (!data && errors.length > 0) throw asRefusal(JSON.stringify({ errors }), 200);
    if (!data) throw fault('ANSWER_UNEXPECTED', 'The hub’s answer is not one of GraphQL.');
    return { data, errors };
  }

  asFailure(error: unknown): Failure {
    return asNetworkFailure(error, this.#connection.origin);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #text(body: Dispatcher.ResponseData['body']): Promise<string> {
    try {
      return await body.text();
    } catch {
      return '';
    }
  }
}

/** A round of waiting may help against these; nothing else gets better by itself. */
const PASSING = [
  'ROOM_UNAVAILABLE',
  'REGISTRY_STALE',
  'IDEMPOTENCY_IN_PROGRESS',
  'BUDGET_SPENT',
  'TOO_MANY_AT_ONCE',
];

/** The hub speaks of headers; who types a command has options. */
const REMEDIES: Readonly<Record<string, string>> = {
  PURPOSE_REQUIRED: 'Add --purpose with one of them.',
  PURPOSE_UNKNOWN: 'Use one of the purposes that hub scope --help lists.',
};

function asRefusal(text: string, status: number): Failure {
  const answer = parsed(text) as
    { errors?: { message?: string; extensions?: Record<string, unknown> }[] } | undefined;
  const first = answer?.errors?.[0];
  const code = first?.extensions?.['code'];
  if (first?.message === undefined || typeof code !== 'string') {
    return fault(
      'ANSWER_UNEXPECTED',
      `The server answered with status ${status} and no error that a hub would send.`,
    );
  }
  const { rule, retryAfter } = first.extensions ?? {};
  return new Failure({
    code,
    message: first.message,
    remedy: REMEDIES[code] ?? String(first.extensions?.['remedy'] ?? ''),
    rule: typeof rule === 'string' ? rule : undefined,
    isPassing: PASSING.includes(code),
    retryAfter: typeof retryAfter === 'number' ? retryAfter : undefined,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flat(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]));
}

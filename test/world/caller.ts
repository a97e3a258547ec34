import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Pool } from 'undici';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface GraphqlReply {
  data?: Record<string, unknown> | null;
  errors?: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; rule?: string; remedy?: string };
  }[];
}

/** A party at the hub's front door: real TLS with its own certificate. */
export class Caller {
  readonly pool: Pool;
  readonly #standing: Record<string, string>;

  constructor(pool: Pool, standing: Record<string, string> = {}) {
    this.pool = pool;
    this.#standing = standing;
  }

  /** Calls with the certificate `name` of a folder. */
  static of(url: string, certificates: string, name: string): Caller {
    const read = (file: string): string => readFileSync(join(certificates, file), 'utf8');
    const pool = new Pool(url, {
      connections: 4,
      connect: { ca: read('ca.crt'), cert: read(`${name}.crt`), key: read(`${name}.key`) },
      headersTimeout: 120_000,
      bodyTimeout: 120_000,
    });
    return new Caller(pool);
  }

  /** The same party over the same connections, for one purpose. */
  for(purpose: string): Caller {
    return new Caller(this.pool, { ...this.#standing, 'x-hub-purpose': purpose });
  }

  /** A GraphQL operation; the whole reply, errors and all. */
  async ask(
    query: string,
    variables?: Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<GraphqlReply> {
    const { body } = await this.send('POST', '/graphql', JSON.stringify({ query, variables }), {
      'content-type': 'application/json',
      ...headers,
    });
    return JSON.parse(body.toString('utf8')) as GraphqlReply;
  }

  /** The data of an operation that must not fail. */
  async mustAsk<Data>(
    query: string,
    variables?: Record<string, unknown>,
    headers: Record<string, string> = {},
  ): Promise<Data> {
    const { data, errors } = await this.ask(query, variables, headers);
    if (errors) throw new Error(JSON.stringify(errors));
    return data as Data;
  }

  async send(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: string | Buffer | Readable | null = null,
    headers: Record<string, string> = {},
  ): Promise<Reply> {
    const answer = await this.pool.request({
      method,
      path,
      body,
      headers: { ...this.#standing, ...headers },
    });
    const flat = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return {
      status: answer.statusCode,
      headers: Object.fromEntries(flat) as Record<string, string>,
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
  }

  /** Day lines or reading lines as NDJSON; the receipt or the refusal. */
  async upload(
    lines: object[],
    headers: Record<string, string> = {},
  ): Promise<Reply & { json: Record<string, unknown> }> {
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const reply = await this.send('POST', '/upload/readings', body, {
      'content-type': 'application/x-ndjson',
      ...headers,
    });
    return { ...reply, json: JSON.parse(reply.body.toString('utf8')) as Record<string, unknown> };
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

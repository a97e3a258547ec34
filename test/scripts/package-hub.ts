import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Credentials } from '../../certs/issuing.js';
import { bodyOf, type Door, openDoor, refuse, sign, type TestHome } from './door.js';

const BREAK_MS = 150;
const MADE_AT = new Date().toISOString();

/** A day's package as the hub would hold it. */
export interface HeldPackage {
  id: string;
  date: string;
  revision: number;
  /** Lines of each part. */
  parts: string[][];
}

/** How the stand-in misbehaves; a test changes it between two requests. */
export interface Manners {
  recipient?: string;
  signer?: Credentials;
  /** Changes a manifest after it was signed. */
  forge?: (manifest: string) => string;
  /** Changes the bytes of a part as they are sent. */
  spoil?: (part: Buffer) => Buffer;
  /** Ends the connection (or, when it hangs, says nothing more) after so many bytes of a part. */
  breakAfter?: { bytes: number; hangs: boolean } | undefined;
  ignoresRanges?: boolean;
}

export function blocks(date: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const values = Array.from({ length: 24 }, (_, hour) =>
      hour === 3 ? null : `${(index * 7919 + hour * 104729) % 99991}.25`,
    );
    return JSON.stringify({ meter: `m-${index}`, date, interval: 60, values, total: '1', version: 1 });
  });
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The package doors of the wire contract, over real TLS, holding what the test gives them. */
export class PackageHub implements AsyncDisposable {
  readonly packages = new Map<string, HeldPackage>();
  /** `/packages/pkg_1/parts/1 bytes=100-`, in order. */
  readonly requests: string[] = [];
  readonly acknowledged: string[] = [];
  manners: Manners = {};
  #door!: Door;
  #signer!: Credentials;

  static async open(home: TestHome): Promise<PackageHub> {
    const hub = new PackageHub();
    hub.#signer = await home.authority.signingCredentials();
    hub.#door = await openDoor(home, (request, response) => hub.#answer(request, response));
    return hub;
  }

  get url(): string {
    return this.#door.url;
  }

  /** Holds a package of one or more parts, in place of the day's earlier one. */
  holds(date: string, revision: number, ...parts: string[][]): void {
    this.packages.set(date, { id: `pkg_${date}_${revision}`, date, revision, parts });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#door[Symbol.asyncDispose]());
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    if (url === '/graphql') return this.#graphql(request, response);
    this.requests.push(`${url} ${request.headers.range ?? ''}`.trim());
    const [, , id, kind, number] = url.split('/');
    const held = [...this.packages.values()].find((one) => one.id === id);
    if (!held) return refuse(response, 404, 'NOT_FOUND', 'No such package for you.');
    if (kind === 'parts') return this.#part(held, Number(number), request, response);
    const manifest = this.#manifest(held);
    response.writeHead(200, { 'hub-signature': await sign(manifest, this.manners.signer ?? this.#signer) });
    response.end(this.manners.forge?.(manifest) ?? manifest);
  }

  async #graphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { query, variables } = JSON.parse((await bodyOf(request)).toString()) as {
      query: string;
      variables: { id: string; date: string; manifestSha256: string };
    };
    const answer = (data: unknown): unknown => response.end(JSON.stringify({ data }));
    if (query.includes('me {')) return void answer({ me: { tenant: 'national' } });
    if (query.includes('acknowledgePackage')) return void answer(await this.#acknowledge(variables));
    const held = this.packages.get(variables.date);
    if (!held) return refuse(response, 403, 'SCOPE_MISSING', 'No scope for packages.');
    const { id, date, revision } = held;
    answer({ dailyPackage: { id, date, revision, manifestSha256: sha256(this.#manifest(held)) } });
  }

  async #acknowledge({ id, manifestSha256 }: { id: string; manifestSha256: string }): Promise<unknown> {
    this.acknowledged.push(`${id} ${manifestSha256}`);
    const acknowledgedAt = new Date().toISOString();
    const receipt = JSON.stringify({ format: 'hub-package-receipt/1', package: id, acknowledgedAt });
    const signature = await sign(receipt, this.#signer);
    return { acknowledgePackage: { package: id, acknowledgedAt, receipt, signature } };
  }

  #part(held: HeldPackage, number: number, request: IncomingMessage, response: ServerResponse): void {
    const { spoil, ignoresRanges, breakAfter } = this.manners;
    const bytes = bytesOf(held.parts[number - 1] ?? []);
    const sent = spoil?.(bytes) ?? bytes;
    const etag = `"${sha256(bytes)}"`;
    const isContinued = request.headers['if-range'] === etag && !ignoresRanges;
    const from = isContinued ? Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0) : 0;
    const range = { 'content-range': `bytes ${from}-${sent.length - 1}/${sent.length}` };
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': sent.length - from,
      etag,
      ...(from > 0 && range),
    });
    if (!breakAfter || from + breakAfter.bytes >= sent.length) return void response.end(sent.subarray(from));
    response.write(sent.subarray(from, from + breakAfter.bytes));
    // A break at once may take along what was sent before it.
    if (!breakAfter.hangs) setTimeout(() => response.destroy(), BREAK_MS);
  }

  #manifest(held: HeldPackage): string {
    return manifestText(held, this.manners.recipient ?? 'national');
  }
}

function bytesOf(lines: string[]): Buffer {
  return gzipSync(lines.map((line) => `${line}\n`).join(''));
}

function manifestText(held: HeldPackage, recipient: string): string {
  const lines = held.parts.flat();
  const readings = lines
    .flatMap((line) => (JSON.parse(line) as { values: unknown[] }).values)
    .filter((value) => value !== null);
  return JSON.stringify({
    format: 'hub-package/1',
    package: held.id,
    recipient,
    date: held.date,
    revision: held.revision,
    stage: 'FORMAL',
    purpose: 'SUPERVISION',
    createdAt: MADE_AT,
    blocks: lines.length,
    readings: readings.length,
    parts: held.parts.map((part, index) => {
      const bytes = bytesOf(part);
      return { number: index + 1, sha256: sha256(bytes), bytes: bytes.length, blocks: part.length };
    }),
    missing: [{ meter: 'm-lost', reason: 'NOT_RECEIVED' }],
    checkpoint: { size: 9, root: 'ef' },
  });
}

import { Readable } from 'node:stream';
import { buildConnector, Pool as HttpPool } from 'undici';
import { isErrorCode, Refusal } from '../../gateway/errors.js';
import type { DoorAnswer, DoorRequest, Release } from './door.js';
import { unframed } from './frames.js';
import type { DoorName, DoorPlace, RoomClient, RoomRequest, RoomResponse } from './neighbours.js';

export const GRANT_HEADER = 'x-hub-grant';
export const RELEASE_HEADER = 'x-hub-release';
export const DEPTH_HEADER = 'x-hub-depth';
export const STAGE_HEADER = 'x-hub-stage';

export interface RemoteCredentials {
  ca: string;
  certificate: string;
  key: string;
}

/** Operations are short; a body at a door takes as long as its sender does and must not keep operations waiting. */
const CONNECTIONS = { operations: 32, doors: null };
/** A package of a large day takes minutes to build; what takes longer than this hangs. */
const LONGEST_OPERATION_MS = 600_000;
const READY_WITHIN_MS = 3_000;

/** A room in another process, over HTTPS with the gateway's client certificate; same grant, same doors. */
export class RemoteRoom implements RoomClient {
  readonly name: string;
  readonly #operations: HttpPool;
  readonly #doors: HttpPool;

  /** @param credentials asked at each new connection, so that a renewed certificate is taken up. */
  constructor(name: string, origin: string, credentials: () => RemoteCredentials) {
    this.name = name;
    const pool = (connections: number | null, headersTimeout: number): HttpPool =>
      new HttpPool(origin, {
        connections,
        headersTimeout,
        bodyTimeout: 0,
        connect: connecting(credentials),
      });
    this.#operations = pool(CONNECTIONS.operations, LONGEST_OPERATION_MS);
    this.#doors = pool(CONNECTIONS.doors, 0);
  }

  async graphql(request: RoomRequest, sealedGrant: string, signal?: AbortSignal): Promise<RoomResponse> {
    const { statusCode, body } = await this.#operations.request({
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json', [GRANT_HEADER]: sealedGrant },
      body: JSON.stringify(request),
      signal: signal ?? null,
    });
    const answer = (await body.json()) as RoomResponse;
    if (statusCode >= 500) throw new Error(`room ${this.name} answered ${statusCode}`);
    return answer;
  }

  async door(
    name: DoorName,
    request: DoorRequest,
    sealedGrant: string,
    { depth = 0, stage }: DoorPlace = {},
  ): Promise<DoorAnswer> {
    const [method = 'GET', pattern = '/'] = name.split(' ');
    const path = pattern.replace(/:([a-z]+)/g, (_, key: string) =>
      encodeURIComponent(request.params[key] ?? ''),
    );
    const query = new URLSearchParams(request.query).toString();
    const { statusCode, headers, body } = await this.#doors.request({
      path: `/doors${path}${query ? `?${query}` : ''}`,
      method: method as 'GET' | 'POST',
      headers: {
        ...passedOn(request.headers),
        [GRANT_HEADER]: sealedGrant,
        [DEPTH_HEADER]: String(depth),
        // Said every time: what a caller itself sends under this name must not pass.
        [STAGE_HEADER]: stage ?? '',
      },
      body: method === 'POST' ? request.body : null,
    });
    if (statusCode >= 400) throw refusalFrom(this.name, statusCode, await body.text());
    return unframed(answerFrom(statusCode, headers, body));
  }

  async isReady(): Promise<boolean> {
    try {
      const { statusCode, body } = await this.#operations.request({
        path: '/ready',
        method: 'GET',
        headersTimeout: READY_WITHIN_MS,
      });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#operations.destroy(), this.#doors.destroy()]);
  }
}

function connecting(credentials: () => RemoteCredentials): buildConnector.connector {
  let [used, connect]: [RemoteCredentials?, buildConnector.connector?] = [];
  return (options, callback) => {
    const { ca, certificate: cert, key } = credentials();
    if (!connect || used?.certificate !== cert) {
      connect = buildConnector({ ca, cert, key, rejectUnauthorized: true });
      used = { ca, certificate: cert, key };
    }
    connect(options, callback);
  };
}

const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'host',
  'expect',
  'upgrade',
]);

function passedOn(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.has(name)));
}

function answerFrom(
  status: number,
  incoming: Record<string, string | string[] | undefined>,
  body: Readable,
): DoorAnswer {
  // It may break before anybody reads it: whoever reads then is told; the process must not end of it.
  body.on('error', () => undefined);
  const { [RELEASE_HEADER]: release, ...others } = incoming;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(others)) {
    const isHop = HOP_HEADERS.has(name) && name !== 'content-length';
    if (typeof value === 'string' && !isHop && name !== 'date') headers[name] = value;
  }
  return {
    status,
    headers,
    body,
    ...(typeof release === 'string' && { release: JSON.parse(release) as Release }),
  };
}

function refusalFrom(room: string, status: number, text: string): Error {
  try {
    const [error] = (
      JSON.parse(text) as { errors: { message: string; extensions: Record<string, string> }[] }
    ).errors;
    const { code, rule, remedy } = error?.extensions ?? {};
    // A fault is the room's own, told by its log; what else it says has a code of the table.
    if (error && isErrorCode(code) && code !== 'INTERNAL') {
      return new Refusal(code, {
        message: error.message,
        ...(rule && { rule }),
        ...(remedy && { remedy }),
      });
    }
  } catch {
    // not one of ours: the fault below
  }
  return new Error(`room ${room} answered ${status}`);
}

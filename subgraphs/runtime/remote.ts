import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { buildConnector, type Dispatcher, Pool as HttpPool } from 'undici';
import { Refusal } from '../../gateway/errors.js';
import { type Answered, type Call, called, NoAnswer, type Patience, watched } from './calling.js';
import { Circuit, RoomOut } from './circuit.js';
import type { DoorAnswer, DoorRequest } from './door.js';
import { unframed } from './frames.js';
import type { DoorName, DoorPlace, RoomClient, RoomRequest, RoomResponse } from './neighbours.js';
import { answerFrom, passedOn, refusalFrom } from './remote-door.js';
import { traceparent } from './tracing.js';
import { fromTwoLines } from './two-lines.js';

export const GRANT_HEADER = 'x-hub-grant';
export const DEPTH_HEADER = 'x-hub-depth';
export const STAGE_HEADER = 'x-hub-stage';

export interface RemoteCredentials {
  ca: string;
  certificate: string;
  key: string;
}

/** What a process is told of the rooms that it calls. */
export interface RemoteOptions {
  /** After so long an operation's room is asked whether it is still there. */
  silenceMs?: number;
  /** Told when the room stops answering and when it is back. */
  onOut?: (isOut: boolean) => void;
}

/**
 * As many as are asked for: the gateway takes so many operations and transfers at once, and the room lends its own
 * connections by turns. A line here would be one in which a tenant stands before the others.
 */
const CONNECTIONS = { operations: null, doors: null, health: 2 };
const SILENCE_MS = 30_000;
/** A package of a large day takes minutes to build; a body at a door may take hours. */
const LONGEST_OPERATION_MS = 600_000;
const READY_WITHIN_MS = 3_000;
/** A room that refused a connection may be on its way up. */
const BEFORE_ANOTHER_TRY_MS = 250;

/** A room in another process, over HTTPS with the gateway's client certificate; same grant, same doors. */
export class RemoteRoom implements RoomClient {
  readonly name: string;
  readonly #operations: HttpPool;
  readonly #doors: HttpPool;
  /** Of its own: who asks whether a room hangs must not queue behind what hangs there. */
  readonly #health: HttpPool;
  readonly #circuit: Circuit;
  readonly #patience: Patience;
  #looking: Promise<boolean> | undefined;

  /** @param credentials asked at each new connection, so that a renewed certificate is taken up. */
  constructor(
    name: string,
    origin: string,
    credentials: () => RemoteCredentials,
    { silenceMs = SILENCE_MS, onOut }: RemoteOptions = {},
  ) {
    this.name = name;
    const pool = (connections: number | null, within: number): HttpPool =>
      new HttpPool(origin, {
        connections,
        headersTimeout: within,
        bodyTimeout: within,
        connect: connecting(credentials, within),
      });
    this.#operations = pool(CONNECTIONS.operations, 0);
    this.#doors = pool(CONNECTIONS.doors, 0);
    this.#health = pool(CONNECTIONS.health, READY_WITHIN_MS);
    this.#patience = {
      silenceMs,
      longestMs: LONGEST_OPERATION_MS,
      isThere: () => this.#isThere(),
    };
    this.#circuit = new Circuit(this.#patience.isThere, onOut);
  }

  async graphql(request: RoomRequest, sealedGrant: string, signal?: AbortSignal): Promise<RoomResponse> {
    const mayRepeat = onlyAsks(request);
    const call: Call = {
      path: '/graphql',
      headers: { 'content-type': 'application/json', [GRANT_HEADER]: sealedGrant, ...traceHeader() },
      body: JSON.stringify(request),
      // Of a change that has begun nobody knows how far it came: it is waited for.
      ...(mayRepeat && { signal }),
    };
    try {
      const { status, body } = await this.#circuit.run(() => this.#call(call, mayRepeat));
      if (status >= 500) throw refusalFrom(this.name, status, body.toString('utf8'));
      return fromTwoLines(body, request.asBytes);
    } catch (error) {
      if (error instanceof RoomOut) throw outOf(this.name);
      if (error instanceof NoAnswer && !mayRepeat && error.isConnected) throw unknownWhether(this.name);
      throw error;
    }
  }

  /** What only asks is asked once more when the connection broke: it may have been an old one, or the room a new one. */
  async #call(call: Call, mayRepeat: boolean): Promise<Answered> {
    try {
      return await called(this.#operations, call, this.#patience);
    } catch (error) {
      const isBroken = error instanceof NoAnswer && error.cause !== undefined;
      if (!isBroken || !mayRepeat || error.hadBegun) throw error;
      if (!error.isConnected) await pause(BEFORE_ANOTHER_TRY_MS);
      return called(this.#operations, call, this.#patience);
    }
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
    const { statusCode, headers, body } = await this.#atDoor(request.body, {
      path: `/doors${path}${query ? `?${query}` : ''}`,
      method: method as 'GET' | 'POST',
      headers: {
        ...passedOn(request.headers),
        ...traceHeader(),
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

  /** The head of what a door answers; what comes after it takes as long as its reader does. */
  async #atDoor(body: Readable, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    const silent = new AbortController();
    const patience = { ...this.#patience, longestMs: Infinity };
    const timer = watched(patience, () => silent.abort(new NoAnswer('it is silent', false)));
    const asked = (): Promise<Dispatcher.ResponseData> =>
      this.#doors.request({ ...options, signal: silent.signal }).catch((error: Error) => {
        // A sender that breaks off says nothing of the room.
        if (body.errored || error instanceof NoAnswer) throw error;
        throw new NoAnswer(error.message, false, error);
      });
    try {
      return await this.#circuit.run(asked);
    } catch (error) {
      if (error instanceof RoomOut) throw outOf(this.name);
      if (!(error instanceof NoAnswer)) throw error;
      throw options.method === 'POST' && error.isConnected ? unknownWhether(this.name) : outOf(this.name);
    } finally {
      clearTimeout(timer);
    }
  }

  isReady(): Promise<boolean> {
    return this.#answers('/ready');
  }

  async close(): Promise<void> {
    await Promise.all([this.#operations.destroy(), this.#doors.destroy(), this.#health.destroy()]);
  }

  /** Whether there is a process that answers, however busy its database is. Whoever asks meanwhile shares the answer. */
  #isThere(): Promise<boolean> {
    this.#looking ??= this.#answers('/healthz').finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #answers(path: string): Promise<boolean> {
    try {
      const { statusCode, body } = await this.#health.request({ path, method: 'GET' });
      await body.dump();
      return statusCode === 200;
    } catch {
      return false;
    }
  }
}

/** The rooms go on with the trace of the request, if it has one. */
function traceHeader(): Record<string, string> {
  const parent = traceparent();
  return parent === undefined ? {} : { traceparent: parent };
}

/** The planner writes the operation first; of anything else it is not known. */
function onlyAsks({ query }: RoomRequest): boolean {
  return /^\s*(query\b|\{)/.test(query);
}

function outOf(name: string): Refusal {
  return new Refusal('ROOM_UNAVAILABLE', { message: `The room ${name} does not answer.` });
}

function unknownWhether(name: string): Refusal {
  return new Refusal('ROOM_UNAVAILABLE', {
    message: `The room ${name} did not answer; whether the change was made is not known.`,
    remedy: 'Read what the change was to make before you send it again.',
  });
}

function connecting(credentials: () => RemoteCredentials, within: number): buildConnector.connector {
  let [used, connect]: [RemoteCredentials?, buildConnector.connector?] = [];
  return (options, callback) => {
    const { ca, certificate: cert, key } = credentials();
    if (!connect || used?.certificate !== cert) {
      const limit = within > 0 && { timeout: within };
      connect = buildConnector({ ca, cert, key, rejectUnauthorized: true, ...limit });
      used = { ca, certificate: cert, key };
    }
    connect(options, callback);
  };
}

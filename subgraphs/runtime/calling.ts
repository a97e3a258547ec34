import type { Dispatcher } from 'undici';

/** A POST of JSON to a room. */
export interface Call {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Whoever waits for the answer may leave. */
  signal?: AbortSignal | undefined;
}

export interface Answered {
  status: number;
  body: Buffer;
}

/** How long an answer is waited for without asking whether anybody is there who makes it. */
export interface Patience {
  silenceMs: number;
  /** What takes longer than this hangs, whatever its process says. */
  longestMs: number;
  isThere: () => Promise<boolean>;
}

/** The room was not reached, or its answer did not come to its end. */
export class NoAnswer extends Error {
  /** Whether something had come of it: then it is not asked again. */
  readonly hadBegun: boolean;
  /** Whether the room may have got the question: one that was refused a connection has not. */
  readonly isConnected: boolean;

  constructor(message: string, hadBegun: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'NoAnswer';
    this.hadBegun = hadBegun;
    this.isConnected = !NEVER_CONNECTED.includes(String((cause as { code?: unknown } | undefined)?.code));
  }
}

const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
];

/**
 * One answer, whole. undici's `dispatch` instead of its `request`, which makes a stream of every body.
 *
 * @throws NoAnswer; the reason of `signal` once that is aborted
 */
export function called(on: Dispatcher, call: Call, patience: Patience): Promise<Answered> {
  const { signal, path, headers, body } = call;
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let status = 0;
    let running: Dispatcher.DispatchController | undefined;
    let given: Error | undefined;
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    };
    const give = (reason: Error): void => {
      given ??= reason;
      done();
      reject(given);
      running?.abort(given);
    };
    const leave = (): void => give(signal?.reason as Error);
    const timer = watched(patience, () => give(new NoAnswer('it is silent', status > 0)));
    if (signal?.aborted) return leave();
    signal?.addEventListener('abort', leave);
    on.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart: (controller) => {
          running = controller;
          if (given) controller.abort(given);
        },
        onResponseStart: (_controller, code) => void (status = code),
        onResponseData: (_controller, chunk) => void parts.push(chunk),
        onResponseEnd: () => {
          done();
          resolve({ status, body: parts.length === 1 ? parts[0]! : Buffer.concat(parts) });
        },
        onResponseError: (_controller, error) => {
          done();
          reject(given ?? new NoAnswer(error.message, status > 0, error));
        },
      },
    );
  });
}

/** A timer that asks, each time it is due, whether the room is there, and gives up when it is not. */
export function watched({ silenceMs, longestMs, isThere }: Patience, giveUp: () => void): NodeJS.Timeout {
  const since = performance.now();
  const timer = setTimeout(() => {
    if (performance.now() - since > longestMs) return giveUp();
    void isThere().then((is) => (is ? timer.refresh() : giveUp()));
  }, silenceMs);
  return timer;
}

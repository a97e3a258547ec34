import type { ServerResponse } from 'node:http';

/** Whoever asked has closed the connection: nobody is there to be answered. */
export class CallerGone extends Error {
  constructor() {
    super('whoever asked has left');
    this.name = 'CallerGone';
  }
}

/** Aborted when the connection closes before the answer has left. */
export function goneWith(response: Pick<ServerResponse, 'once' | 'writableFinished'>): AbortSignal {
  const leaving = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort(new CallerGone());
  });
  return leaving.signal;
}

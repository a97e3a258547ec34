import type { ServerResponse } from 'node:http';

/** Whoever asked has closed the connection: nobody is there to be answered. */
export class CallerGone extends Error {
  constructor() {
    super('whoever asked has left');
    this.name = 'CallerGone';
  }
}

/** Aborted when whoever asked leaves before there is an answer. */
export function goneWith(response: Pick<ServerResponse, 'once' | 'writableEnded'>): AbortSignal {
  const leaving = new AbortController();
  response.once('close', () => {
    // Of HTTP/2 `writableFinished` holds as soon as the stream is gone, whatever it was given.
    if (!response.writableEnded) leaving.abort(new CallerGone());
  });
  return leaving.signal;
}

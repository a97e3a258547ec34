import type { ServerResponse } from 'node:http';

/** Whoever asked has closed the connection: nobody is there to be answered. */
export class CallerGone extends Error {
  constructor() {
    super('whoever asked has left');
    this.name = 'CallerGone';
  }
}

/** Aborted when whoever asked leaves before there is an answer. */
export function goneWith(
  response: Pick<ServerResponse, 'once' | 'writableEnded' | 'destroyed'>,
): AbortSignal {
  const leaving = new AbortController();
  const leave = (): void => {
    // Of HTTP/2 `writableFinished` holds as soon as the stream is gone, whatever it was given.
    if (!response.writableEnded) leaving.abort(new CallerGone());
  };
  if (hasClosed(response)) leave();
  else response.once('close', leave);
  return leaving.signal;
}

/** Whether its `close` has been: what answers over HTTP/2 knows it of its stream alone. */
export function hasClosed(response: Pick<ServerResponse, 'destroyed'>): boolean {
  const { stream } = response as { stream?: { destroyed: boolean } };
  return stream ? stream.destroyed : response.destroyed;
}

import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import type { DoorAnswer } from './door.js';

/** The body of a neighbour's answer, whatever form it came in. */
export async function bodyText({ body }: DoorAnswer): Promise<string> {
  if (typeof body === 'string') return body;
  return Buffer.isBuffer(body) ? body.toString('utf8') : text(body as Readable);
}

export async function bodyJson<T>(answer: DoorAnswer): Promise<T> {
  return JSON.parse(await bodyText(answer)) as T;
}

export function json(value: unknown, headers: Record<string, string> = {}): DoorAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(value),
  };
}

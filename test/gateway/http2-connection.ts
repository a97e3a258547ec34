import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2, {
  type ClientHttp2Session,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions,
} from 'node:http2';
import { join } from 'node:path';
import type { Reply } from '../world/caller.js';
import { hours } from '../world/city.js';
import type { World } from '../world/world.js';
import { pairOf } from './raw-connection.js';

/** A connection of HTTP/2 to the front door, with the certificate of a party or with none; the server is verified. */
export async function http2Connection(
  world: Pick<World, 'home'> & { hub: { url: string } },
  name?: string,
  more: SecureClientSessionOptions = {},
): Promise<ClientHttp2Session> {
  const pair = name === undefined ? undefined : pairOf(world, name);
  const opened = http2.connect(world.hub.url, {
    ca: readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8'),
    ...(pair && { cert: pair.certificate, key: pair.key }),
    ...more,
  });
  // Whoever waits for an answer is told that none comes.
  opened.on('error', () => undefined);
  await once(opened, 'connect');
  return opened;
}

/** One request over it; a POST of JSON to /graphql unless said otherwise. */
export async function sendOver(
  connection: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: string,
): Promise<Reply> {
  const stream = connection.request({
    ':method': 'POST',
    ':path': '/graphql',
    'content-type': 'application/json',
    ...headers,
  });
  stream.end(body);
  const [answered] = (await once(stream, 'response')) as [Record<string, string>];
  const chunks = (await stream.toArray()) as Buffer[];
  return { status: Number(answered[':status']), headers: answered, body: Buffer.concat(chunks) };
}

/** An hour of a meter of the small city. */
export const lineOf = (date: string, value = 1): string =>
  `${JSON.stringify(hours('a-gate', date, value))}\n`;

/** An upload of two lines that is still on its way. */
export function upload(over: ClientHttp2Session): {
  say: (date: string) => void;
  end: () => void;
  answer: Promise<number | string>;
} {
  const stream = over.request({
    ':method': 'POST',
    ':path': '/upload/readings',
    'content-type': 'application/x-ndjson',
    'content-length': String(2 * lineOf('2026-02-01').length),
  });
  const answer = Promise.race([
    once(stream, 'response').then(([headers]) => Number((headers as Record<string, unknown>)[':status'])),
    once(stream, 'close').then(() => 'cut off'),
  ]).catch(() => 'cut off');
  return {
    say: (date) => void stream.write(lineOf(date)),
    end: () => stream.end(),
    answer,
  };
}

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2, { type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { join } from 'node:path';
import type { Reply } from '../world/caller.js';
import type { World } from '../world/world.js';
import { pairOf } from './raw-connection.js';

/** A connection of HTTP/2 to the front door, with the certificate of a party or with none; the server is verified. */
export async function http2Connection(world: World, name?: string): Promise<ClientHttp2Session> {
  const pair = name === undefined ? undefined : pairOf(world, name);
  const opened = http2.connect(world.hub.url, {
    ca: readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8'),
    ...(pair && { cert: pair.certificate, key: pair.key }),
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

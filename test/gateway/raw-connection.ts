import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import type { Reply } from '../world/caller.js';
import type { World } from '../world/world.js';

export interface Pair {
  certificate: string;
  key: string;
}

export function pairOf(world: Pick<World, 'home'>, name: string): Pair {
  const read = (file: string): string => readFileSync(join(world.home, 'certs', file), 'utf8');
  return { certificate: read(`${name}.crt`), key: read(`${name}.key`) };
}

/** A TLS connection to the front door as a partner opens it, with the pair or with none; the server is verified. */
export async function connect(
  world: World,
  pair?: Pair,
  more: tls.ConnectionOptions = {},
): Promise<tls.TLSSocket> {
  const { port } = new URL(world.hub.url);
  const socket = tls.connect({
    host: 'localhost',
    port: Number(port),
    servername: 'localhost',
    ca: readFileSync(join(world.home, 'certs', 'ca.crt'), 'utf8'),
    ...(pair && { cert: pair.certificate, key: pair.key }),
    ...more,
  });
  await once(socket, 'secureConnect');
  return socket;
}

/** Sends bytes as they are and reads one answer to the end of its body; the connection stays open. */
export async function exchange(socket: tls.TLSSocket, request: string | Buffer): Promise<Reply> {
  const answer = readAnswer(socket, String(request).startsWith('HEAD'));
  socket.write(request);
  return answer;
}

export function post(path: string, body: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

async function readAnswer(socket: tls.TLSSocket, isHead: boolean): Promise<Reply> {
  let bytes = Buffer.alloc(0);
  const take = (chunk: Buffer): void => void (bytes = Buffer.concat([bytes, chunk]));
  socket.on('data', take);
  try {
    for (;;) {
      const reply = parsed(bytes, isHead);
      if (reply) return reply;
      const isOver = await Promise.race([
        once(socket, 'data').then(() => false),
        once(socket, 'close').then(() => true),
      ]);
      if (isOver) {
        const last = parsed(bytes, isHead);
        if (last) return last;
        throw new Error(`the connection ended after ${bytes.toString('latin1')}`);
      }
    }
  } finally {
    socket.off('data', take);
  }
}

/** An answer with a Content-Length, once all of it is there; one to HEAD has no body. */
function parsed(bytes: Buffer, isHead: boolean): Reply | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const length = isHead ? 0 : Number(headers['content-length'] ?? 0);
  const body = bytes.subarray(end + 4);
  if (body.length < length) return undefined;
  return { status: Number(first.split(' ')[1]), headers, body: body.subarray(0, length) };
}

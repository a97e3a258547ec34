import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer as plainServer, type Server, type Socket } from 'node:net';
import { createServer as tlsServer } from 'node:tls';
import { execute, type GraphQLSchema, parse } from 'graphql';
import { load, type Work } from './load.js';
import type { RoomRequest, RoomResponse } from '../../../subgraphs/runtime/neighbours.js';
import { inTwoLines } from '../../../subgraphs/runtime/two-lines.js';
import { Messages } from './messages.js';
import { type Name, NAMES, schemaOf, sdlOf } from './subgraphs.js';

/**
 * A process of its own with all that is around a gateway: the subgraphs, over HTTP and over HTTPS for clients with a
 * certificate, and who asks. Subgraphs answer from memory: what they are asked is executed once, and whoever asks the
 * same again, byte by byte, gets the same bytes.
 */

/** Where the subgraphs are. */
export type Places = Record<Name, { http: string; https: string }>;

/** Files in PEM, of the subgraphs' own and of who may call them. */
export interface ServerFiles {
  key: string;
  cert: string;
  ca: string;
}

const files = JSON.parse(process.argv[2] ?? '{}') as ServerFiles;
const MOST_KEPT = 10_000;

function answering(name: Name): (socket: Socket) => void {
  const schema = schemaOf(name);
  const known = new Map<string, Buffer>();
  const learn = async (body: string): Promise<Buffer> => {
    if (known.size >= MOST_KEPT) known.clear();
    const made = message(await answer(schema, name, body));
    known.set(body, made);
    return made;
  };
  return (socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const onMessage = (_head: string, bytes: Buffer): void => {
      const body = bytes.toString('utf8');
      const kept = known.get(body);
      if (kept) socket.write(kept);
      else void learn(body).then((made) => socket.write(made));
    };
    const reader = new Messages(onMessage, { keepsBodies: true });
    socket.on('data', (bytes: Buffer) => reader.push(bytes));
  };
}

async function answer(schema: GraphQLSchema, name: Name, body: string): Promise<string> {
  const { query, variables = {}, operationName = null, asBytes } = JSON.parse(body) as RoomRequest;
  // The one peer that asks for it knows the first version of the federation only.
  if (/_service\b/.test(query))
    return JSON.stringify({ data: { _service: { sdl: sdlOf(name, 'federation 1') } } });
  const asked = { schema, document: parse(query), variableValues: variables, operationName };
  const answered = await execute(asked);
  return asBytes ? inTwoLines(answered as RoomResponse) : JSON.stringify(answered);
}

function message(body: string): Buffer {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.from(head + body);
}

async function listening(server: Server, scheme: string): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `${scheme}://localhost:${(server.address() as AddressInfo).port}`;
}

const read = (path: string): string => readFileSync(path, 'utf8');
const tls = { key: read(files.key), cert: read(files.cert), ca: read(files.ca), requestCert: true };
const places: Partial<Places> = {};
for (const name of NAMES) {
  const answers = answering(name);
  places[name] = {
    http: await listening(plainServer(answers), 'http'),
    https: await listening(tlsServer(tls, answers), 'https'),
  };
}

async function work(asked: Work): Promise<void> {
  try {
    process.send?.(await load(asked));
  } catch (error) {
    process.send?.({ fault: String(error) });
  }
}

process.on('message', (asked: Work) => void work(asked));
process.once('disconnect', () => process.exit());
process.send?.({ places });

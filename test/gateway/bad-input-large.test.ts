import { Readable } from 'node:stream';
import { Pool } from 'undici';
import type { ErrorCode } from '../../gateway/errors.js';
import { selfSigned } from '../certs/handshakes.js';
import { CLIENT } from '../../certs/profiles.js';
import { authorities } from '../exchange/sample.js';
import type { Reply } from '../world/caller.js';
import { openWorld, type World } from '../world/world.js';
import { pairOf, type Pair } from './raw-connection.js';
import { refusalOf } from './refusals.js';

/** Far more than the buffers of both ends hold, so that the caller still sends when it is refused. */
const BYTES = 50_000_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 120_000);
afterAll(() => world.close());

function* pieces(): Generator<Buffer> {
  const piece = Buffer.alloc(65_536, ' ');
  for (let sent = 0; sent < BYTES; sent += piece.length) yield piece;
}

/** Sends a large body over a connection of its own and reads whatever is answered. */
async function sendLarge(pair: Pair | undefined, path: string, type: string): Promise<Reply> {
  const connectOptions = { ca: authorities(world), ...(pair && { cert: pair.certificate, key: pair.key }) };
  const pool = new Pool(world.hub.url, { connections: 1, connect: connectOptions });
  const body = Readable.from(pieces());
  try {
    const answer = await pool.request({ method: 'POST', path, body, headers: { 'content-type': type } });
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    );
    return { status: answer.statusCode, headers, body: Buffer.from(await answer.body.arrayBuffer()) };
  } finally {
    await pool.destroy();
  }
}

const CALLERS: [
  who: string,
  pair: () => Pair | undefined | Promise<Pair>,
  path: string,
  refused: [number, ErrorCode],
][] = [
  ['nobody', () => undefined, '/upload/readings', [401, 'CERTIFICATE_REQUIRED']],
  ['a stranger', () => selfSigned(CLIENT), '/upload/readings', [401, 'CERTIFICATE_UNTRUSTED']],
  [
    'whom the scope is missing',
    () => pairOf(world, 'enterprise-a'),
    '/upload/readings',
    [403, 'SCOPE_MISSING'],
  ],
  [
    'whom the limit of an operation stops',
    () => pairOf(world, 'district-310101'),
    '/graphql',
    [413, 'BODY_TOO_LARGE'],
  ],
];

test.each(CALLERS)(
  '%s hears why, though it has not sent all of its body',
  async (_who, pair, path, refused) => {
    for (let time = 0; time < 3; time++) {
      expect(refusalOf(await sendLarge(await pair(), path, 'application/json'))).toEqual(refused);
    }
  },
);

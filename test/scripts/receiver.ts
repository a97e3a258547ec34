import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { bodyOf, type Door, openDoor, sign, type TestHome } from './door.js';

/** A line as it was uploaded. */
export interface Line {
  meter: string;
  date?: string;
  interval?: number;
  values?: (number | string | null)[];
  time?: string;
  value?: number | string;
}

/** A door that registers and receives, and keeps what came. */
export interface Receiver extends Door {
  asked: { query: string; rows: Record<string, unknown>[] }[];
  uploads: { key: string; text: string }[];
  /** How many uploads are broken off before one is answered. */
  breaks: number;
}

export async function openReceiver(home: TestHome): Promise<Receiver> {
  const signer = await home.authority.signingCredentials();
  const receiver = { asked: [], uploads: [], breaks: 0 } as unknown as Receiver;
  const door = await openDoor(home, async (request, response) => {
    if (request.url === '/graphql') {
      const { query, variables } = JSON.parse((await bodyOf(request)).toString()) as {
        query: string;
        variables: { rows: Record<string, unknown>[] };
      };
      receiver.asked.push({ query, rows: variables.rows });
      return response.end(JSON.stringify({ data: { done: [] } }));
    }
    if (receiver.breaks > 0) {
      receiver.breaks -= 1;
      return request.once('data', () => request.socket.destroy());
    }
    const body = await bodyOf(request);
    receiver.uploads.push({
      key: String(request.headers['idempotency-key']),
      text: gunzipSync(body).toString(),
    });
    const sha256 = createHash('sha256').update(body).digest('hex');
    const counts = {
      lines: 1,
      accepted: 1,
      unchanged: 0,
      corrected: 0,
      quarantined: 0,
      reasons: {},
      readings: 1,
    };
    const receipt = JSON.stringify({
      ...{ format: 'hub-receipt/1', batch: `bat_${receiver.uploads.length}`, ...counts, sha256 },
      ...{ bytes: body.length, checkpoint: { size: 1, root: '' }, receivedAt: '' },
    });
    response.writeHead(200, { 'hub-signature': await sign(receipt, signer) });
    return response.end(receipt);
  });
  return Object.assign(receiver, door);
}

export function linesOf({ uploads }: Receiver): Line[] {
  const text = uploads.map((upload) => upload.text).join('');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

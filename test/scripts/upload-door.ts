import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Credentials } from '../../certs/issuing.js';
import { bodyOf, type Door, openDoor, sign, type TestHome } from './door.js';

/** What is uploaded, unless said otherwise. */
export const LINES = '{"meter":"m-1","date":"2026-11-01","interval":60,"values":[1,2,3]}\n'.repeat(1000);

export const RECEIPT = {
  format: 'hub-receipt/1',
  batch: 'bat_1',
  tenant: 'district-310101',
  state: 'COMPLETE',
  lines: 1000,
  accepted: 1,
  unchanged: 0,
  corrected: 0,
  quarantined: 999,
  reasons: { DUPLICATE_LINE: 999 },
  readings: 3,
  bytes: 1,
  receivedAt: '2026-11-20T08:00:00Z',
  checkpoint: { size: 7, root: 'cd' },
  quarantine: '/upload/batches/bat_1/quarantine',
};

export async function fileIn(home: TestHome, name: string, contents: string | Buffer): Promise<string> {
  const path = join(home.path, name);
  await writeFile(path, contents);
  return path;
}

/** Who calls where: the district of a home at a door. */
export function asDistrict(home: TestHome, { url }: Pick<Door, 'url'>): string[] {
  return ['--as', 'district-310101', '--home', home.path, '--url', url];
}

export interface Answer {
  by: Credentials;
  /** Done to the receipt after it was signed. */
  change?: (text: string) => string;
  /** What the receipt says it is for, where that is not what was sent. */
  about?: Buffer;
}

export async function answerReceipt(response: ServerResponse, sent: Buffer, answer: Answer): Promise<void> {
  const sha256 = createHash('sha256')
    .update(answer.about ?? sent)
    .digest('hex');
  const body = JSON.stringify({ ...RECEIPT, sha256 });
  const signature = await sign(body, answer.by);
  response.writeHead(200, { 'content-type': 'application/json', 'hub-signature': signature });
  response.end(answer.change?.(body) ?? body);
}

/** A door that keeps what it was sent and answers with a receipt. */
export async function receivingDoor(
  home: TestHome,
): Promise<Door & { got: { headers: IncomingHttpHeaders; body: Buffer }[] }> {
  const got: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
  const by = await home.authority.signingCredentials();
  const door = await openDoor(home, async (request, response) => {
    const body = await bodyOf(request);
    got.push({ headers: request.headers, body });
    await answerReceipt(response, body, { by });
  });
  return { ...door, got };
}

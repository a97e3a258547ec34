import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Checkpoints } from '../../../gateway/ledger/checkpoints.js';
import { exportLedger, readExportHeader, verifyExport } from '../../../gateway/ledger/export.js';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import type { SignedCheckpoint } from '../../../gateway/ledger/signed.js';
import type { Progress, Verification } from '../../../gateway/ledger/verify.js';
import { openCheckpoint } from '../../../scripts/ledger/anchors.js';
import { linesOf } from '../../../scripts/ledger/lines.js';
import { aHome, anAnswer, createLedgerDatabase, type LedgerDatabase, TEST_HOME } from './ledger-database.js';

const LAST = 2_100;

let database: LedgerDatabase;
let home: Awaited<ReturnType<typeof aHome>>;
let other: Awaited<ReturnType<typeof aHome>>;
let signed: SignedCheckpoint;
let lines: string[];

beforeAll(async () => {
  [database, home, other] = await Promise.all([createLedgerDatabase(), aHome(), aHome()]);
  const ledger = new Ledger(database.gateway, TEST_HOME);
  await Promise.all(Array.from({ length: LAST }, (_, n) => ledger.append(anAnswer(n + 1))));
  signed = await new Checkpoints({ pool: database.gateway, stage: 'FORMAL', sign: home.sign }).sign();
  // What comes after the checkpoint is not in the export of it.
  await ledger.append(anAnswer(LAST + 1));
  let text = '';
  for await (const piece of exportLedger(database.gateway, signed)) text += piece.text;
  lines = text.trimEnd().split('\n');
});
afterAll(() => Promise.all([database.drop(), home.remove(), other.remove()]));

/** The verification of a file with these lines, read off the disk as the command reads it. */
async function verified(
  content: readonly string[],
  options: Parameters<typeof verifyExport>[2] = {},
): Promise<Verification> {
  const file = join(home.home, 'export.ndjson');
  await writeFile(file, content.join('\n'));
  const batches = linesOf(file);
  const first = (await batches.next()).value as Buffer[];
  const header = await openCheckpoint(readExportHeader(first[0]!)!, home.ca);
  async function* entries() {
    yield first.slice(1);
    yield* batches;
  }
  const verification = await verifyExport(entries(), header, options);
  await rm(file);
  return verification;
}

const sha256 = (...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
/** The line of a forger who knows how leaves and chains are computed, after the line before it. */
function forged(sequence: number, facts: string, before: string): string {
  const leaf = sha256(`\0${facts}`);
  const chain = sha256(Buffer.from(/"chain":"(\w+)"/.exec(before)![1]!, 'hex'), Buffer.from(leaf, 'hex'));
  return `{"sequence":${sequence},"leaf":"${leaf}","chain":"${chain}","facts":${facts}}`;
}
const factsOf = (line: string): string => line.slice(line.indexOf('"facts":') + 8, -1);
/** Everything from a line on written anew, with one word of it changed. */
function rewritten(sequence: number): string[] {
  const content = [...lines];
  content[sequence] = content[sequence]!.replace('municipal', 'national');
  for (let n = sequence; n <= LAST; n += 1) content[n] = forged(n, factsOf(content[n]!), content[n - 1]!);
  return content;
}

test.each([
  ['facts changed', 40, 'changed', () => lines.with(40, lines[40]!.replace('municipal', 'national'))],
  [
    'a leaf changed',
    40,
    'changed',
    () => lines.with(40, lines[40]!.replace(/"leaf":"\w{8}/, '"leaf":"00000000')),
  ],
  [
    'a chain changed',
    40,
    'changed',
    () => lines.with(40, lines[40]!.replace(/"chain":"\w{8}/, '"chain":"00000000')),
  ],
  [
    'facts, leaf and chain changed together',
    41,
    'changed',
    () => lines.with(40, forged(40, '{}', lines[39]!)),
  ],
  ['a line that is none', 40, 'changed', () => lines.with(40, '{"sequence":40}')],
  ['a line cut short', 40, 'changed', () => lines.with(40, lines[40]!.slice(0, -1))],
  ['a blank line', 40, 'changed', () => lines.toSpliced(40, 0, '')],
  ['a line taken out', 40, 'deleted', () => lines.toSpliced(40, 1)],
  ['lines taken off the end', LAST - 1, 'deleted', () => lines.slice(0, -2)],
  ['a line twice', 40, 'inserted', () => lines.toSpliced(40, 0, lines[40]!)],
  [
    'a line more than the checkpoint covers',
    LAST + 1,
    'inserted',
    () => [...lines, forged(LAST + 1, '{}', lines[LAST]!)],
  ],
  ['two lines exchanged', 40, 'deleted', () => lines.with(40, lines[41]!).with(41, lines[40]!)],
  ['everything from a line on written anew', 1, 'rewritten', () => rewritten(2_000)],
])('an export with %s does not hold: row %i, %s', async (_, sequence, what, content) => {
  const { problem } = await verified(content());

  expect(problem).toMatchObject({ sequence, what });
});

test('what was written anew is narrowed down by a checkpoint that somebody kept', async () => {
  const ledger = await createLedgerDatabase();
  const { rows } = await database.superuser.query<{ facts: string }>(
    'select facts from ledger.entry where sequence <= 1999 order by sequence',
  );
  await ledger.superuser.query(
    "insert into ledger.entry (facts, seal) select unnest($1::text[]), sha256('')",
    [rows.map(({ facts }) => facts)],
  );
  const kept = (await new Ledger(ledger.gateway, TEST_HOME).open()).checkpoint();
  await ledger.drop();

  const { problem } = await verified(rewritten(2_000), { given: [kept] });

  expect(problem).toMatchObject({ sequence: 2_000, what: 'rewritten' });
});

test('an export under the checkpoint of another, rightly signed, does not hold', async () => {
  const root = 'ab'.repeat(32);
  const body = signed.body.replace(signed.root, root);
  const header = JSON.stringify({ format: 'hub-ledger-export/1', body, signature: await home.sign(body) });

  expect((await verified(lines.with(0, header))).problem).toMatchObject({ what: 'rewritten' });
});

test.each([
  ['of another hub', async () => other.sign],
  ['over something else', async () => (text: string) => home.sign(`${text} `)],
])('a checkpoint with the signature %s is refused', async (_, signer) => {
  const signature = await (await signer())(signed.body);
  const header = JSON.stringify({ format: 'hub-ledger-export/1', body: signed.body, signature });

  await expect(verified(lines.with(0, header))).rejects.toThrow(/The signature does not hold/);
});

test('an export as it was written holds, to the checkpoint in it, and tells how far it is', async () => {
  const steps: Progress[] = [];

  const verification = await verified(lines, { onProgress: (step) => steps.push(step) });

  const { size, root } = signed;
  expect(verification).toEqual({ entries: LAST, head: { size, root }, checkpoints: 1 });
  expect(steps.at(-1)).toEqual({ done: LAST, total: LAST });
  expect(lines).toHaveLength(LAST + 1);
});

test('every line is JSON, and its facts are those of the entry', () => {
  const parsed = lines.map((line) => JSON.parse(line) as { sequence: number; facts: object });

  expect(parsed[17]).toMatchObject({ sequence: 17, facts: anAnswer(17) });
});

import { Checkpoints } from '../../../gateway/ledger/checkpoints.js';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import {
  type Consistency,
  consistencyOf,
  type Inclusion,
  inclusionOf,
} from '../../../gateway/ledger/proofs.js';
import type { SignedCheckpoint } from '../../../gateway/ledger/signed.js';
import {
  asCheckpointFile,
  asConsistencyFile,
  asInclusionFile,
  verifyProof,
} from '../../../scripts/ledger/proof-file.js';
import { aHome, anAnswer, createLedgerDatabase, type LedgerDatabase, TEST_HOME } from './ledger-database.js';

let database: LedgerDatabase;
let home: Awaited<ReturnType<typeof aHome>>;
let inclusion: Inclusion;
let consistency: Consistency;
let before: SignedCheckpoint;
let unsigned: Inclusion;
let facts: string;

beforeAll(async () => {
  [database, home] = await Promise.all([createLedgerDatabase(), aHome()]);
  const ledger = new Ledger(database.gateway, TEST_HOME);
  const source = {
    pool: database.gateway,
    checkpoints: new Checkpoints({ pool: database.gateway, stage: 'FORMAL', sign: home.sign }),
  };
  await Promise.all([1, 2, 3, 4, 5].map((n) => ledger.append(anAnswer(n))));
  before = await source.checkpoints.sign();
  await Promise.all([6, 7, 8, 9, 10, 11].map((n) => ledger.append(anAnswer(n))));
  const after = await source.checkpoints.sign();
  inclusion = (await inclusionOf(source, 3, after.size))!;
  consistency = (await consistencyOf(source, 5, 11))!;
  unsigned = (await inclusionOf(source, 3, 8))!;
  facts = (
    await database.gateway.query<{ facts: string }>('select facts from ledger.entry where sequence = 3')
  ).rows[0]!.facts;
});
afterAll(() => Promise.all([database.drop(), home.remove()]));

/** As it comes out of a file. */
const finding = (content: object, given: { size: number; root: string }[] = []) =>
  verifyProof(JSON.parse(JSON.stringify(content)), { ca: home.ca, given });
const OTHER = 'ab'.repeat(32);

test.each<[string, () => object, RegExp]>([
  ['of another leaf', () => ({ ...inclusion, leaf: OTHER }), /path does not lead/],
  ['of another place', () => ({ ...inclusion, sequence: 4 }), /path does not lead/],
  [
    'with another hash in its path',
    () => ({ ...inclusion, path: inclusion.path.with(0, OTHER) }),
    /path does not lead/,
  ],
  [
    'with facts that are not the entry’s',
    () => ({ ...inclusion, facts: facts.replace('municipal', 'national') }),
    /facts are not those/,
  ],
  [
    'of another size than was signed',
    () => ({ ...unsigned, checkpoint: inclusion.checkpoint }),
    /Nothing shows that the root of 8 entries/,
  ],
  ['whose root nobody signed', () => unsigned, /Nothing shows that the root of 8 entries/],
])('a proof %s does not hold', async (_, content, says) => {
  expect(await finding(asInclusionFile(content() as Inclusion))).toMatchObject({
    holds: false,
    says: expect.stringMatching(says) as unknown,
  });
});

test.each<[string, () => object, RegExp]>([
  ['from another root', () => ({ ...consistency, fromRoot: OTHER }), /path does not lead/],
  ['to another root', () => ({ ...consistency, toRoot: OTHER }), /path does not lead/],
  [
    'with another hash in its path',
    () => ({ ...consistency, path: consistency.path.with(1, OTHER) }),
    /path does not lead/,
  ],
  ['that nobody signed', () => ({ ...consistency, checkpoint: null }), /Nothing shows/],
])('a proof of going on %s does not hold', async (_, content, says) => {
  expect(await finding(asConsistencyFile(content() as Consistency))).toMatchObject({
    holds: false,
    says: expect.stringMatching(says) as unknown,
  });
});

test('a proof against a receipt that says another root does not hold, of either kind', async () => {
  const receipts = [5, 8, 11].map((size) => ({ size, root: OTHER }));

  for (const file of [
    asInclusionFile(inclusion),
    asInclusionFile(unsigned),
    asConsistencyFile(consistency),
  ]) {
    expect(await finding(file, receipts)).toMatchObject({ holds: false });
  }
});

test('a checkpoint that the proof says nothing about is not passed over, though everything else holds', async () => {
  const { root } = before;
  const says = expect.stringMatching(/^The checkpoint of 9 entries cannot be compared/) as unknown;

  for (const file of [asInclusionFile(inclusion), asConsistencyFile(consistency), asCheckpointFile(before)]) {
    expect(await finding(file, [{ size: 9, root }])).toEqual({ holds: false, says });
  }
  expect(await finding(asInclusionFile(inclusion), [before])).toMatchObject({ holds: false });
  expect(await finding(asCheckpointFile(before), [{ size: 5, root: OTHER }])).toMatchObject({ holds: false });
});

test('a checkpoint in a proof with a wrong signature is refused', async () => {
  const checkpoint = { ...inclusion.checkpoint!, body: before.body };

  await expect(finding(asInclusionFile({ ...inclusion, checkpoint }))).rejects.toThrow(
    /signature does not hold/,
  );
});

test('proofs hold under the signed checkpoint in them, or under the root of a receipt', async () => {
  expect(await finding(asInclusionFile(inclusion))).toEqual({
    holds: true,
    says: `An entry with the leaf ${inclusion.leaf} is number 3 of the 11 that the checkpoint covers.`,
  });
  expect(await finding({ ...asInclusionFile(inclusion), facts })).toEqual({
    holds: true,
    says: 'The entry with these facts is number 3 of the 11 that the checkpoint covers.',
  });
  expect(await finding(asInclusionFile(unsigned), [unsigned])).toMatchObject({ holds: true });
  expect(await finding(asConsistencyFile(consistency), [before])).toMatchObject({ holds: true });
  expect(await finding(asCheckpointFile(before))).toMatchObject({
    holds: true,
    says: expect.stringContaining('its FORMAL ledger had 5 entries') as unknown,
  });
});

test('what is no proof is none', async () => {
  expect(await finding({ format: 'hub-receipt/1' })).toBeUndefined();
  expect(await finding({ ...asInclusionFile(inclusion), path: ['x'] })).toBeUndefined();
});

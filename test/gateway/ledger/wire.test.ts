import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Consistency, Inclusion } from '../../../gateway/ledger/proofs.js';
import type { SignedCheckpoint } from '../../../gateway/ledger/signed.js';
import { rootOfInclusion, rootsOfConsistency } from '../../../gateway/ledger/tree.js';
import { verifySigned } from '../../../scripts/client/signature.js';
import { openWorld, type World } from '../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const CHECKPOINT = 'size root time body signature';
const PROOF = `query ($sequence: SafeInt!, $size: SafeInt) {
  ledgerProof(sequence: $sequence, size: $size) { sequence leaf path size root checkpoint { ${CHECKPOINT} } }
}`;
const CONSISTENCY = `query ($from: SafeInt!, $to: SafeInt!) {
  ledgerConsistency(from: $from, to: $to) { from to fromRoot toRoot path checkpoint { ${CHECKPOINT} } }
}`;

const bytes = (text: string): Buffer => Buffer.from(text, 'hex');

/** Three entries at least, and a checkpoint that covers them. */
async function checkpoint(party = 'enterprise-a'): Promise<SignedCheckpoint> {
  for (let n = 0; n < 3; n += 1) await world.as(party).mustAsk('{ me { tenant } }');
  // Whoever asks twice in a second gets the same.
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  const asked = `{ ledgerCheckpoint { ${CHECKPOINT} } }`;
  return (await world.as(party).mustAsk<{ ledgerCheckpoint: SignedCheckpoint }>(asked)).ledgerCheckpoint;
}

test.each([
  ['ledgerProof', { sequence: 0 }, 'Entries are numbered from 1.'],
  ['ledgerProof', { sequence: 3, size: 2 }, 'The tree must hold the entry: size ≥ sequence.'],
  ['ledgerProof', { sequence: 9_000_000 }, 'The ledger has not come to 9000000 entries.'],
  ['ledgerProof', { sequence: 1, size: 9_000_000 }, 'The ledger has not come to 9000000 entries.'],
  ['ledgerProof', { sequence: 1.5 }, /SafeInt/],
  ['ledgerConsistency', { from: 0, to: 2 }, 'from is at least 1 and at most to.'],
  ['ledgerConsistency', { from: 3, to: 2 }, 'from is at least 1 and at most to.'],
  ['ledgerConsistency', { from: 1, to: 9_000_000 }, 'The ledger has not come to 9000000 entries.'],
])('%s of %j is refused, and says why', async (field, variables, message) => {
  const query = field === 'ledgerProof' ? PROOF : CONSISTENCY;
  const { errors } = await world.as('service-co').ask(query, variables);

  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors![0]!.message).toMatch(message);
});

test.each([
  'select * from ledger.entry',
  `insert into ledger.entry (facts) values ('{}')`,
  `update ledger.entry set facts = '{}'`,
  'delete from ledger.entry',
  'delete from ledger.checkpoint',
  'insert into ledger.disclosure default values',
])('a room may not %s', async (statement) => {
  const room = new Client({ connectionString: world.databases.FORMAL.rooms });
  await room.connect();

  await expect(room.query(statement)).rejects.toThrow(/permission denied for schema ledger/);

  await room.end();
});

test('a checkpoint is signed by the hub for the stage it is of, and says what its signed text says', async () => {
  const ca = await readFile(join(world.home, 'certs', 'ca.crt'), 'utf8');
  const [formal, test] = [await checkpoint('enterprise-a'), await checkpoint('newcomer')];

  for (const { body, signature } of [formal, test]) await verifySigned(Buffer.from(body), signature, ca);
  const { size, root, time } = formal;
  expect(JSON.parse(formal.body)).toEqual({
    format: 'hub-ledger-checkpoint/1',
    stage: 'FORMAL',
    size,
    root,
    time,
  });
  expect(JSON.parse(test.body)).toMatchObject({ stage: 'TEST', size: test.size });
  await expect(verifySigned(Buffer.from(test.body), formal.signature, ca)).rejects.toThrow(/does not hold/);
});

test('every entry under a checkpoint is proved to whoever asks, and a proof of one does not fit another', async () => {
  const { size, root } = await checkpoint();
  const proofs: Inclusion[] = [];
  for (let sequence = 1; sequence <= size; sequence += 1) {
    const data = await world.as('service-co').mustAsk<{ ledgerProof: Inclusion }>(PROOF, { sequence, size });
    proofs.push(data.ledgerProof);
  }
  const rows = await world.sql<{ facts: string }>('select facts from ledger.entry order by sequence');

  for (const [index, { leaf, path, checkpoint: signed }] of proofs.entries()) {
    const hashed = createHash('sha256').update(`\0${rows[index]!.facts}`).digest('hex');
    const reached = rootOfInclusion({ leaf: bytes(hashed), index, size }, path.map(bytes));
    const other = rootOfInclusion({ leaf: bytes(leaf), index: (index + 1) % size, size }, path.map(bytes));
    expect([leaf, reached?.toString('hex'), signed?.root]).toEqual([hashed, root, root]);
    expect(other?.toString('hex')).not.toBe(root);
  }
});

test('without a size the proof is under the newest signed checkpoint, and one is signed where none covers it', async () => {
  const { size } = await checkpoint();
  const ask = (sequence: number) =>
    world.as('service-co').mustAsk<{ ledgerProof: Inclusion }>(PROOF, { sequence });

  const old = (await ask(1)).ledgerProof;
  const fresh = (await ask(size + 1)).ledgerProof;

  expect([old.size, old.checkpoint?.size]).toEqual([size, size]);
  expect(fresh.size).toBeGreaterThan(size);
  expect(fresh.checkpoint).toMatchObject({ size: fresh.size, root: fresh.root });
});

test('between two checkpoints the ledger is proved to have gone on; a size that was never signed has none beside it', async () => {
  const [before, after] = [await checkpoint(), await checkpoint()];
  const ask = async (from: number, to: number): Promise<Consistency> => {
    const data = await world.as('service-co').mustAsk(CONSISTENCY, { from, to });
    return (data as { ledgerConsistency: Consistency }).ledgerConsistency;
  };

  const proof = await ask(before.size, after.size);
  const known = { from: before.size, to: after.size, oldRoot: bytes(before.root) };
  const roots = rootsOfConsistency(known, proof.path.map(bytes));

  expect(roots).toEqual({ old: bytes(before.root), new: bytes(after.root) });
  expect(proof.checkpoint).toMatchObject({ body: after.body, signature: after.signature });
  expect((await ask(before.size, after.size - 1)).checkpoint).toBeNull();
});

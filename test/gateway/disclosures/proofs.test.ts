import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commit, pathWithin } from '../../../gateway/ledger/commitments.js';
import { rootOfInclusion } from '../../../gateway/ledger/tree.js';
import {
  asDisclosureFile,
  type DisclosureRow,
  readDisclosures,
  verifyDisclosure,
} from '../../../scripts/ledger/disclosure-file.js';
import { builtHub } from '../../scripts/built-hub.js';
import { smallCity, USCC_B } from '../../world/city.js';
import { USCC_A } from '../../world/parties.js';
import { openWorld, type World } from '../../world/world.js';

let world: World;
let ca: string;
let own: Kept;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  ca = await readFile(join(world.home, 'certs', 'ca.crt'), 'utf8');
  await world.as('district-310101').mustAsk('{ enterprises { nodes { name } } }');
  own = await kept('own', '--as', 'enterprise-a');
}, 120_000);
afterAll(() => world.close());

interface Kept {
  path: string;
  rows: DisclosureRow[];
}

const hub = (...args: string[]) => builtHub(world, ['disclosures', ...args]);

/** What a caller keeps: the file of the command. */
async function kept(name: string, ...options: string[]): Promise<Kept> {
  const path = join(world.home, `${name}.json`);
  const { status, err } = await hub('list', '--out', path, ...options);
  expect([status, err]).toEqual([0, '']);
  return { path, rows: readDisclosures(JSON.parse(await readFile(path, 'utf8'))) ?? [] };
}

test('every commitment of an answer leads to the root in its entry, whatever their number', () => {
  const answered = {
    request: 'r',
    recipient: 'service-co',
    purpose: 'ENERGY_SERVICE',
    operation: 'QUERY',
    object: null,
  } as const;
  for (const number of [1, 2, 3, 5, 8, 33]) {
    const told = Array.from({ length: number }, (_, place) => ({
      ...{ subject: `s${place}`, area: '310101', category: 'meters' as const, values: place, consents: [] },
    }));
    const { facts, commitments } = commit(answered, told);
    const leaves = commitments.map(({ hash }) => hash);
    const roots = leaves.map((leaf, index) =>
      rootOfInclusion({ leaf, index, size: number }, pathWithin(leaves, index))?.toString('hex'),
    );

    expect(new Set(roots)).toEqual(new Set([facts.root]));
    expect(new Set(commitments.map(({ salt }) => salt)).size).toBe(number);
    expect(facts).toEqual({
      event: 'DISCLOSURE',
      request: 'r',
      tenant: 'service-co',
      purpose: 'ENERGY_SERVICE',
      operation: 'QUERY',
      object: null,
      count: number,
      root: facts.root,
    });
  }
});

test('an enterprise keeps its list and verifies it with ca.crt alone, the hub being elsewhere', async () => {
  const away = ['--home', join(world.home, 'nowhere'), '--ca', join(world.home, 'certs', 'ca.crt')];
  const environment = { HUB_PORT: '1', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };

  const plain = await builtHub(world, ['disclosures', 'verify', own.path, ...away], environment);
  const count = own.rows.length;
  expect([plain.status, plain.out.trim()]).toEqual([
    0,
    `All ${count} hold: each stands in the ledger as it is listed.`,
  ]);
  const { out } = await hub('verify', own.path, ...away, '--json');
  expect(JSON.parse(out)).toEqual({ holds: true, disclosures: count, doubts: [] });
  const shown = await hub('list', '--as', 'enterprise-a', '--recipient', 'district-310101');
  expect(shown.out).toMatch(/district-310101 +DATA_REPORTING +enterprises +1 +91310101HUB000011G +- +QUERY/);
});

test('a row that is listed twice is refused, though each of the two holds', async () => {
  const [first] = own.rows as [DisclosureRow];
  const path = join(world.home, 'twice.json');
  await writeFile(path, JSON.stringify(asDisclosureFile([...own.rows, first])));

  const { status, out } = await hub('verify', path);

  expect([status, out.trim()]).toEqual([
    1,
    `Entry ${first.sequence} does NOT hold. It is listed more than once.`,
  ]);
});

/** A text of the proof with other members. */
const but = (text: string, more: object): string =>
  JSON.stringify({ ...(JSON.parse(text) as object), ...more });
const withProof = (row: DisclosureRow, change: Partial<DisclosureRow['proof']>): DisclosureRow => ({
  ...row,
  proof: { ...row.proof, ...change },
});

type Change = [what: string, change: (row: DisclosureRow) => DisclosureRow, says: RegExp];
const CHANGED: Change[] = [
  ['another number of values', (row) => ({ ...row, values: row.values + 1 }), /listing says something else/],
  ['another recipient', (row) => ({ ...row, recipient: 'national' }), /listing says something else/],
  ['another time', (row) => ({ ...row, at: '2020-01-01T00:00:00.000Z' }), /another entry or time/],
  ['another entry', (row) => ({ ...row, sequence: row.sequence + 1 }), /another entry or time/],
  [
    'details changed alike',
    (row) => withProof({ ...row, values: 7 }, { details: but(row.proof.details, { values: 7 }) }),
    /not in the entry/,
  ],
  [
    'details and entry changed alike',
    (row) => {
      const details = but(row.proof.details, { recipient: 'national' });
      const entry = but(row.proof.entry, { tenant: 'national' });
      return withProof({ ...row, recipient: 'national' }, { details, entry });
    },
    /not in the entry/,
  ],
  [
    'an entry of another answer',
    (row) => withProof(row, { entry: but(row.proof.entry, { purpose: 'STATISTICS' }) }),
    /another answer/,
  ],
  ['another place', (row) => withProof(row, { place: row.proof.place ^ 1 }), /not in the entry/],
  [
    'an entry of another salt',
    (row) => withProof(row, { entry: but(row.proof.entry, { salt: '0'.repeat(32) }) }),
    /facts are not those of entry/,
  ],
  [
    'another path in the ledger',
    (row) => {
      const inclusion = row.proof.inclusion as DisclosureRow['proof']['inclusion'] & { path: string[] };
      const path = inclusion.path.with(0, 'ab'.repeat(32));
      return withProof(row, { inclusion: { ...inclusion, path } });
    },
    /does not lead/,
  ],
];
test.each(CHANGED)('it does not hold with %s', async (_what, change, says) => {
  const row = own.rows.find(({ proof }) => proof.count > 1)!;

  expect(await verifyDisclosure(row, ca)).toMatchObject({ holds: true });
  const finding = await verifyDisclosure(change(row), ca);
  expect([finding.holds, finding.says]).toEqual([false, expect.stringMatching(says)]);
});

test('the command names the entry that does not hold; what the hub did not sign proves nothing', async () => {
  const text = await readFile(own.path, 'utf8');
  const path = join(world.home, 'changed.json');

  await writeFile(path, text.replace(/"values": \d+/, '"values": 999'));
  const changed = await hub('verify', path);
  expect([changed.status, changed.out]).toEqual([
    1,
    expect.stringContaining(`Entry ${own.rows[0]!.sequence} does NOT hold.`),
  ]);
  await writeFile(path, text.replaceAll('"signature": "', '"signature": "x'));
  const forged = await hub('verify', path);
  expect([forged.status, forged.err]).toEqual([1, expect.stringMatching(/^SIGNATURE_INVALID/)]);
  await writeFile(path, '{}');
  expect((await hub('verify', path)).err).toMatch(/^FILE_UNUSABLE/);
});

test('two proofs of one entry tell of their own subject alone', async () => {
  const { rows } = await kept('both', '--as', 'municipal', '--purpose', 'SUPERVISION');
  const ofBoth = rows.filter(
    ({ category, operation }) => category === 'enterprises' && operation === 'QUERY',
  );
  const [one, other] = [USCC_A, USCC_B].map((code) => ofBoth.find(({ subject }) => subject === code)!);

  expect(one!.proof.entry).toBe(other!.proof.entry);
  const { salt } = JSON.parse(other!.proof.details) as { salt: string };
  expect(JSON.stringify(one)).not.toContain(USCC_B);
  expect(JSON.stringify(one)).not.toContain(salt);
  expect(one!.proof.entry).not.toContain(USCC_A);
  expect(JSON.parse(one!.proof.details)).not.toHaveProperty('salt', salt);
});

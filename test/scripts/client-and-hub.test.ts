import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bdg2File, bdg2Tables } from './bdg2.js';
import { tableText } from '../../scripts/client/wide/tables.js';
import { openWorld, type World } from '../world/world.js';
import { runHub } from './hub-command.js';

const BDG2 = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'bdg2');
const METERS = 'column,id,level,energyItem,unit,buildingId\na,310104A001-01000-1,1,01000,kWh,310104A001\n';
const BUILDINGS =
  'id,name,typeCode,area,ownerUscc,ownerName\n310104A001,Tower,A,310104,91310101HUB000011G,Owner of a tower\n';
const DAY = '2026-11-10';

let world: World;
let folder: string;

beforeAll(async () => {
  world = await openWorld();
  folder = await mkdtemp(join(tmpdir(), 'hub-client-and-hub-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

const hub = (as: string, ...words: string[]) =>
  runHub([...words, '--as', as, '--home', world.home, '--url', world.hub.url]);

async function fileOf(name: string, contents: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}

async function importTower(as: string): Promise<{ status: number | null; err: string; out: string }> {
  const hours = Array.from(
    { length: 24 },
    (_, hour) => `${DAY} ${String(hour).padStart(2, '0')}:00,${hour}.25\n`,
  );
  const wide = await fileOf('tower.csv', `time,a\n${hours.join('')}`);
  const tables = ['--meters', await fileOf('m.csv', METERS), '--buildings', await fileOf('b.csv', BUILDINGS)];
  return hub(as, 'import', 'wide', wide, ...tables, '--json');
}

test('the hub’s refusals reach the user with rule and remedy', async () => {
  const file = await fileOf('one.ndjson', `{"meter":"nobody","time":"${DAY}T05:00","value":1}\n`);

  const neighbour = await importTower('district-310101');
  const third = await hub('service-co', 'upload', file);
  const unlisted = await hub('district-310104', 'upload', file, '--purpose', 'CURIOSITY');
  const district = await hub('service-co', 'pull', '--date', DAY, '--out', join(folder, 'none'));
  const torn = await fileOf('torn.ndjson', '');
  await writeFile(torn, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]));
  const broken = await hub('district-310104', 'upload', torn, '--format', 'ndjson');

  expect(JSON.parse(neighbour.out)).toMatchObject({ errors: [{ extensions: { code: 'ROW_OUT_OF_REACH' } }] });
  expect(third.err).toMatch(/^SCOPE_MISSING: .*\(rule .*\)\n {2}Ask the operator/);
  expect(unlisted.err).toMatch(/^PURPOSE_UNKNOWN: /);
  expect(district.err).toMatch(/^SCOPE_MISSING: /);
  expect(broken.err).toMatch(/^UPLOAD_INTERRUPTED: /);
  for (const { status, err } of [neighbour, third, unlisted, district, broken]) {
    expect({ status, hasStack: /\n\s+at /.test(err) }).toEqual({ status: 1, hasStack: false });
  }
});

test('what a district imports, the national platform pulls, verifies and acknowledges', async () => {
  const imported = await importTower('district-310104');
  const again = await importTower('district-310104');
  const out = join(folder, 'pulled');
  const pulled = await hub('national', 'pull', '--date', DAY, '--out', out, '--verify-content', '--json');
  const skipped = await hub('national', 'pull', '--date', DAY, '--out', out, '--json');
  const verified = await runHub(['package', 'verify', out, '--ca', join(world.home, 'certs', 'ca.crt')]);

  expect(JSON.parse(imported.out)).toMatchObject({
    lines: 1,
    receipts: [{ accepted: 1, quarantined: 0, readings: 24 }],
  });
  expect(JSON.parse(again.out).receipts).toEqual(JSON.parse(imported.out).receipts);
  expect(JSON.parse(pulled.out)).toMatchObject({
    days: [{ blocks: 1, readings: 24, outcome: 'acknowledged' }],
  });
  expect(JSON.parse(skipped.out)).toMatchObject({ days: [{ outcome: 'skipped' }] });
  expect(verified).toMatchObject({ status: 0, err: '' });
  const [line = ''] = gunzipSync(await readFile(join(out, DAY, 'r1', '1.ndjson.gz')))
    .toString()
    .split('\n');
  expect((JSON.parse(line) as { values: unknown[] }).values.map(Number)).toEqual(
    Array.from({ length: 24 }, (_, hour) => hour + 0.25),
  );
});

test('a correction is counted, its bad neighbours can be fetched, and the day comes in a new revision', async () => {
  await importTower('district-310104');
  const out = join(folder, 'revised');
  await hub('national', 'pull', '--date', DAY, '--out', out);
  const lines = [
    `{"meter":"310104A001-01000-1","time":"${DAY}T05:00","value":99.5}`,
    `{"meter":"310104A001-01000-1","time":"${DAY}T06:00","value":"much"}`,
  ];
  const file = await fileOf('correction.ndjson', lines.map((line) => `${line}\n`).join(''));

  const uploaded = await hub('district-310104', 'upload', file, '--json');
  const { batch } = JSON.parse(uploaded.out) as { batch: string };
  const rejected = await hub('district-310104', 'upload', '--rejected', batch);
  await hub('national', 'pull', '--date', DAY, '--out', out);

  expect(JSON.parse(uploaded.out)).toMatchObject({
    corrected: 1,
    quarantined: 1,
    reasons: { BAD_NUMBER: 1 },
  });
  expect(JSON.parse(rejected.out)).toMatchObject({ line: 2, reason: 'BAD_NUMBER', content: lines[1] });
  expect((await readdir(join(out, DAY))).toSorted()).toEqual(['r1', 'r2']);
});

const realData = existsSync(BDG2) ? test : test.skip;
if (!existsSync(BDG2)) process.stderr.write(`skipped: there is no real data at ${BDG2}\n`);

realData(
  'a month of a real site has, day by day and meter by meter, the sums that its file has',
  async () => {
    const { buildings, meters } = await bdg2Tables(BDG2, 'Bear');
    const tables = [
      ...['--buildings', await fileOf('bear-b.csv', tableText(buildings))],
      ...['--meters', await fileOf('bear-m.csv', tableText(meters))],
    ];

    const month = ['--from', '2017-01-01', '--to', '2017-01-31'];
    const imported = await hub(
      'district-310104',
      'import',
      'wide',
      bdg2File(BDG2, 'Bear'),
      ...tables,
      ...month,
      '--round',
      '6',
      '--json',
    );

    const expected = await sumsOfFile(
      bdg2File(BDG2, 'Bear'),
      new Map(meters.map(({ column, id }) => [column, id])),
    );
    const stored = await storedSums(meters.map(({ id }) => id));
    expect(JSON.parse(imported.out)).toMatchObject({
      columns: 16,
      receipts: [{ quarantined: 0, accepted: expected.size }],
    });
    expect(stored).toEqual(expected);
  },
);

/** `meter date` → sum in millionths, straight from the text of the file, rounded half to even where it is finer. */
async function sumsOfFile(path: string, ids: Map<string, string>): Promise<Map<string, bigint>> {
  const [header = '', ...rows] = gunzipSync(await readFile(path))
    .toString()
    .trim()
    .split('\n');
  const names = header.split(',').map((name) => name.trim());
  const sums = new Map<string, bigint>();
  for (const row of rows.filter((text) => text.startsWith('2017-01-'))) {
    const cells = row.trim().split(',');
    for (const [index, cell] of cells.entries()) {
      if (index === 0 || cell === '') continue;
      const key = `${ids.get(names[index] ?? '') ?? ''} ${row.slice(0, 10)}`;
      sums.set(key, (sums.get(key) ?? 0n) + millionths(cell));
    }
  }
  return sums;
}

function millionths(cell: string): bigint {
  const [whole = '', fraction = ''] = cell.split('.');
  const kept = BigInt(whole + fraction.slice(0, 6).padEnd(6, '0'));
  const rest = fraction.slice(6).replace(/0+$/, '');
  const isUp = rest > '5' || (rest === '5' && kept % 2n === 1n);
  return isUp ? kept + 1n : kept;
}

/** The same from the packages that the national platform pulls. */
async function storedSums(ids: string[]): Promise<Map<string, bigint>> {
  const out = join(folder, 'january');
  await hub('national', 'pull', '--month', '2017-01', '--out', out);
  const sums = new Map<string, bigint>();
  for (const date of await readdir(out)) {
    const text = gunzipSync(await readFile(join(out, date, 'r1', '1.ndjson.gz'))).toString();
    for (const line of text.split('\n').filter(Boolean)) {
      const { meter, values } = JSON.parse(line) as { meter: string; values: (string | null)[] };
      if (!ids.includes(meter)) continue;
      const sum = values
        .filter((value) => value !== null)
        .reduce((total, value) => total + millionths(String(value)), 0n);
      sums.set(`${meter} ${date}`, sum);
    }
  }
  return sums;
}

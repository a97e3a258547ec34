import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BDG2_SITES, bdg2File, bdg2Tables } from '../../scripts/bench/bdg2.js';
import { asJson } from '../../scripts/client/wide/numerals.js';
import { tableText } from '../../scripts/client/wide/tables.js';
import { planOf, wideLines, type WideOptions } from '../../scripts/client/wide/wide-lines.js';
import { isUscc } from '../../subgraphs/enterprises/uscc.js';
import { bodyOf, type Door, homeWith, openDoor, sign, type TestHome } from './door.js';
import { runHub } from './hub-command.js';

const BDG2 = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'bdg2');

interface Line {
  meter: string;
  date?: string;
  interval?: number;
  values?: (number | string | null)[];
  time?: string;
  value?: number | string;
}

/** A door that registers and receives, and keeps what came. */
interface Receiver extends Door {
  asked: { query: string; rows: Record<string, unknown>[] }[];
  uploads: { key: string; text: string }[];
  /** How many uploads are broken off before one is answered. */
  breaks: number;
}

let home: TestHome;

beforeAll(async () => {
  home = await homeWith('district-310104');
});
afterAll(() => home[Symbol.asyncDispose]());

async function openReceiver(): Promise<Receiver> {
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
      ...{ bytes: body.length, checkpoint: { sequence: 1, hash: '' }, receivedAt: '' },
    });
    response.writeHead(200, { 'hub-signature': await sign(receipt, signer) });
    return response.end(receipt);
  });
  return Object.assign(receiver, door);
}

const METERS = `column,id,level,energyItem,unit,intervalMinutes,buildingId
a,m-a,1,01000,kWh,360,310104A001
b,m-b,1,01000,kWh,360,310104A001
`;
const BUILDINGS = `id,name,typeCode,area,ownerUscc,ownerName,floorAreaM2,yearBuilt,externalScheme,externalValue
310104A001,Tower,A,310104,12310104BDG20001XX,Owner,1200.5,1999,own,T1
`;

async function fileOf(name: string, contents: string | Buffer): Promise<string> {
  const path = join(home.path, name);
  await writeFile(path, contents);
  return path;
}

async function importWide(door: Door, csv: string | Buffer, ...more: string[]) {
  return runHub([
    ...['import', 'wide', await fileOf('wide.csv', csv), '--as', 'district-310104', '--home', home.path],
    ...['--url', door.url, '--meters', await fileOf('meters.csv', METERS), ...more],
  ]);
}

function linesOf({ uploads }: Receiver): Line[] {
  const text = uploads.map((upload) => upload.text).join('');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}

test('a file that cannot be read whole is refused with the row, and nothing is acknowledged', async () => {
  await using receiver = await openReceiver();
  const faults: [csv: string, why: RegExp][] = [
    ['', /FILE_UNUSABLE: .* is empty/],
    ['time\n', /FILE_UNUSABLE: .* no columns of meters/],
    ['time,a,c\n', /FILE_UNUSABLE: .*no meter is given for 1 columns \(c\)/],
    ['time,a,a\n', /FILE_UNUSABLE: .*column "a" twice/],
    ['time,a\n2026-11-01 00:00,1,2\n', /FILE_UNUSABLE: .*row 2 has 3 cells/],
    ['time,a\n01/11/2026 00:00,1\n', /FILE_UNUSABLE: Row 2: "01\/11\/2026 00:00" is no time/],
    ['time,a\n2026-02-30 00:00,1\n', /FILE_UNUSABLE: Row 2/],
    ['time,a\n2026-11-01 01:00,1\n', /FILE_UNUSABLE: Row 2: .*no start of a 360-minute interval/],
    [
      'time,a\n2026-11-01 00:00,1\n2026-11-02 00:00,1\n2026-11-01 06:00,1\n',
      /FILE_UNUSABLE: Row 4 goes back to 2026-11-01/,
    ],
  ];

  for (const [csv, why] of faults) {
    const { status, err } = await importWide(receiver, csv);
    expect(err).toMatch(why);
    expect(status).toBe(1);
  }
  expect(receiver.uploads).toEqual([]);
});

test('tables with unknown columns, empty cells or a meter given twice are refused before anything is sent', async () => {
  await using receiver = await openReceiver();
  const wide = await fileOf('wide.csv', 'time,a\n2026-11-01 00:00,1\n');
  const withMeters = async (text: string) => {
    const meters = await fileOf('other.csv', text);
    return (
      await runHub([
        'import',
        'wide',
        wide,
        '--as',
        'district-310104',
        '--home',
        home.path,
        '--url',
        receiver.url,
        '--meters',
        meters,
      ])
    ).err;
  };

  expect(await withMeters('column,id,level,energyItem,unit,colour\na,m,1,01000,kWh,red\n')).toMatch(
    /unknown columns: colour/,
  );
  expect(await withMeters('column,id,level,energyItem,unit\na,m,1,,kWh\n')).toMatch(
    /line 2 has no energyItem/,
  );
  expect(await withMeters('column,id,level,energyItem,unit\na,m,1,01000,kWh\nb,m,1,01000,kWh\n')).toMatch(
    /gives the id "m" twice/,
  );
  expect(await withMeters('column,id,level,energyItem,unit,timeZone\na,m,1,01000,kWh,Mars\n')).toMatch(
    /"Mars" is no time zone/,
  );
  expect(await withMeters('column,id,level,energyItem,unit,intervalMinutes\na,m,1,01000,kWh,7\n')).toMatch(
    /intervals of 7 minutes/,
  );
  expect(receiver.asked).toEqual([]);
});

test('owners, buildings and meters are registered, then every meter’s day is a line with the values as written', async () => {
  await using receiver = await openReceiver();
  const csv = [
    'time,a,b',
    '2026-11-01 00:00:00,1.10,',
    '2026-11-01 06:00:00,12345678901234567.123456,',
    '2026-11-01 12:00:00,0.1234567,',
    '2026-11-01 18:00:00,-,',
    '2026-11-02 00:00:00,1e-05,2',
    '2026-11-02 12:00:00,n/a,-0.5',
  ].join('\r\n');
  const buildings = await fileOf('buildings.csv', BUILDINGS);

  const { status, out } = await importWide(
    receiver,
    `\uFEFF${csv}`,
    '--buildings',
    buildings,
    '--missing',
    '-',
  );

  expect(status).toBe(0);
  expect(receiver.asked.map(({ query }) => /register\w+/.exec(query)?.[0])).toEqual([
    'registerEnterprises',
    'registerBuildings',
    'registerMeters',
  ]);
  expect(receiver.asked.map(({ rows }) => rows[0])).toEqual([
    { uscc: '12310104BDG20001XX', name: 'Owner', area: '310104' },
    {
      ...{ id: '310104A001', name: 'Tower', typeCode: 'A', area: '310104', ownerUscc: '12310104BDG20001XX' },
      ...{ floorAreaM2: '1200.5', yearBuilt: 1999, externalIds: [{ scheme: 'own', value: 'T1' }] },
    },
    {
      id: 'm-a',
      name: 'a',
      level: 1,
      energyItem: '01000',
      unit: 'kWh',
      intervalMinutes: 360,
      buildingId: '310104A001',
    },
  ]);
  expect(receiver.uploads[0]?.text.split('\n')).toEqual([
    '{"meter":"m-a","date":"2026-11-01","interval":360,"values":[1.10,12345678901234567.123456,0.1234567,null]}',
    '{"meter":"m-a","date":"2026-11-02","interval":360,"values":[1e-05,null,"n/a",null]}',
    '{"meter":"m-b","date":"2026-11-02","interval":360,"values":[2,null,-0.5,null]}',
    '',
  ]);
  expect(out).toContain(
    'Values with more than 6 decimals: 1; the hub quarantines their days unless --round 6',
  );
});

test('rounding happens only when asked for, half to even, and is counted', async () => {
  await using receiver = await openReceiver();
  const csv = 'time,a,b\n2026-11-01 00:00,0.1234565,1.25\n2026-11-01 06:00,5.0000000,-0.0000004\n';

  const { out } = await importWide(receiver, csv, '--round', '6', '--json');

  expect(linesOf(receiver).map(({ values }) => values)).toEqual([
    [0.123456, 5, null, null],
    [1.25, 0, null, null],
  ]);
  expect(JSON.parse(out)).toMatchObject({ tooFine: 2, rounded: 2 });
});

test.each([
  ['0.5', 0, '0'],
  ['1.5', 0, '2'],
  ['-2.5', 0, '-2'],
  ['-0.4', 0, '0'],
  ['2.675', 2, '2.68'],
  ['2.665', 2, '2.66'],
  ['2.6650000000000000001', 2, '2.67'],
  ['99.9999999', 6, '100'],
  ['12.450000000000001', 6, '12.45'],
  ['1.5e-7', 6, '0'],
  ['123456789012345678901.55', 1, '123456789012345678901.6'],
])('%s to %i places is %s', (text, places, rounded) => {
  expect(asJson(text, places, { tooFine: 0, rounded: 0 })).toBe(rounded);
});

test.each(['007', '+5', '.5', '5.', 'NaN', '1,5', '0x10', '--1', '1e', 'Infinity', ''])(
  'the cell "%s" is no JSON number and goes as a text for the hub to judge',
  (text) => {
    expect(asJson(text, undefined, { tooFine: 0, rounded: 0 })).toBe(JSON.stringify(text));
  },
);

test('time stamps with an offset, or of another zone, are put on the meter’s own clock', async () => {
  await using receiver = await openReceiver();
  const csv = 'time,a\n2026-10-31T16:00:00Z,1\n2026-11-01T06:00:00+08:00,2\n';

  await importWide(receiver, csv, '--no-register');
  await importWide(receiver, 'time,a\n2026/10/31 17:00,3\n', '--time-zone', 'Europe/Paris', '--no-register');

  expect(linesOf(receiver)).toEqual([
    { meter: 'm-a', date: '2026-11-01', interval: 360, values: [1, 2, null, null] },
    { meter: 'm-a', date: '2026-11-01', interval: 360, values: [3, null, null, null] },
  ]);
  expect(receiver.asked).toEqual([]);
});

test('a second reading at the same time is sent beside the day, so that the hub can quarantine it', async () => {
  await using receiver = await openReceiver();
  const csv = 'time,a\n2026-11-01 00:00,1\n2026-11-01 06:00,2\n2026-11-01 06:00,3\n';

  await importWide(receiver, csv);

  expect(linesOf(receiver)).toEqual([
    { meter: 'm-a', date: '2026-11-01', interval: 360, values: [1, 2, null, null] },
    { meter: 'm-a', time: '2026-11-01T06:00', value: 3 },
  ]);
});

test('days outside --from and --to, and columns passed over, are not sent', async () => {
  await using receiver = await openReceiver();
  const days = ['01', '02', '03', '04'].map((day) => `2026-11-${day} 00:00,1,9\n`).join('');

  const { out } = await importWide(
    receiver,
    gzipSync(`time,a,c\n${days}`),
    ...['--from', '2026-11-02', '--to', '2026-11-03', '--skip-unlisted', '--json'],
  );

  expect(linesOf(receiver).map(({ meter, date }) => `${meter} ${date}`)).toEqual([
    'm-a 2026-11-02',
    'm-a 2026-11-03',
  ]);
  expect(JSON.parse(out)).toMatchObject({ lines: 2, columns: 1, skipped: 1, absent: 1, rows: 4 });
});

test('broken batches are sent again under their own keys, and a repeated import has the same keys', async () => {
  await using receiver = await openReceiver();
  const days = Array.from({ length: 7 }, (_, day) => `2026-11-0${day + 1} 00:00,${day},${day}\n`).join('');
  const receipts = join(home.path, 'receipts');
  receiver.breaks = 1;

  const first = await importWide(receiver, `time,a,b\n${days}`, '--batch-lines', '5', '--receipts', receipts);
  const sent = receiver.uploads.splice(0);
  await importWide(receiver, `time,a,b\n${days}`, '--batch-lines', '5');

  expect(first.status).toBe(0);
  expect(first.err).toMatch(/Trying again in 1 s \(1 of 3\)/);
  expect(sent.map(({ text }) => text.split('\n').length - 1)).toEqual([5, 5, 4]);
  const lines = sent.flatMap(({ text }) => text.split('\n').filter(Boolean));
  expect(new Set(lines).size).toBe(14);
  expect(new Set(sent.map(({ key }) => key)).size).toBe(3);
  expect(receiver.uploads).toEqual(sent);
  expect((await readdir(receipts)).length).toBe(6);
});

const realData = existsSync(BDG2) ? test : test.skip;
if (!existsSync(BDG2)) process.stderr.write(`skipped: there is no real data at ${BDG2}\n`);

realData(
  'every building of the Building Data Genome has a code, an owner with a valid code and a meter of its own',
  async () => {
    const tables = await Promise.all(BDG2_SITES.map((site) => bdg2Tables(BDG2, site)));
    const buildings = tables.flatMap((table) => table.buildings);
    const meters = tables.flatMap((table) => table.meters);

    expect([buildings.length, meters.length]).toEqual([190, 190]);
    expect(new Set(buildings.map(({ id }) => id)).size).toBe(190);
    expect(new Set(meters.map(({ id }) => id)).size).toBe(190);
    expect(buildings.filter(({ id }) => !/^310104[A-GZ]\d{3}$/.test(id))).toEqual([]);
    expect(buildings.filter(({ ownerUscc }) => !isUscc(ownerUscc))).toEqual([]);
  },
);

realData('the lines of a real site hold exactly the readings of its file', async () => {
  const path = bdg2File(BDG2, 'Mouse');
  const { meters } = await bdg2Tables(BDG2, 'Mouse');
  const options: WideOptions = {
    ...{ interval: 60, fileZone: undefined, from: undefined, to: undefined },
    ...{ missing: new Set<string>(), round: undefined, skipUnlisted: false },
  };
  const found = new Map(meters.map(({ id }) => [id, { readings: 0, text: '' }]));
  const count = { rows: 0, tooFine: 0, rounded: 0 };
  for await (const lines of wideLines(path, await planOf(path, meters, options), options, count)) {
    for (const line of lines) {
      const [, id = '', values = ''] = /"meter":"([^"]+)".*"values":\[(.*)\]/.exec(line) ?? [];
      const sum = found.get(id);
      for (const value of values.split(','))
        if (sum && value !== 'null') {
          sum.readings += 1;
          sum.text += `${value},`;
        }
    }
  }

  const { readFile } = await import('node:fs/promises');
  const [header = '', ...rows] = gunzipSync(await readFile(path))
    .toString()
    .trim()
    .split('\n');
  const names = header.split(',').slice(1);
  const expected = new Map(
    names.map((name, index) => {
      const cells = rows.map((row) => row.split(',')[index + 1] ?? '').filter((cell) => cell.trim() !== '');
      const id = meters.find(({ column }) => column === name.trim())?.id ?? '';
      return [id, { readings: cells.length, text: cells.map((cell) => `${cell.trim()},`).join('') }];
    }),
  );
  expect(found).toEqual(expected);
  expect(count.rows).toBe(17_544);
  expect(count.tooFine).toBe(4408);
});

realData('tables written as CSV are read as they were', async () => {
  await using receiver = await openReceiver();
  const { buildings, meters } = await bdg2Tables(BDG2, 'Lamb');
  const table = await fileOf('lamb-meters.csv', tableText(meters));
  const own = await fileOf('lamb-buildings.csv', tableText(buildings));

  const { status, err } = await runHub([
    ...[
      'import',
      'wide',
      bdg2File(BDG2, 'Lamb'),
      '--as',
      'district-310104',
      '--home',
      home.path,
      '--url',
      receiver.url,
    ],
    ...['--meters', table, '--buildings', own, '--to', '2016-01-02'],
  ]);

  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(receiver.asked.map(({ rows }) => rows.length)).toEqual([1, 1, 1]);
  expect(receiver.asked[1]?.rows[0]).toMatchObject({
    id: buildings[0]?.id,
    floorAreaM2: buildings[0]?.floorAreaM2,
  });
});

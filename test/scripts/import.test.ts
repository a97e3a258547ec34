import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Door, homeWith, type TestHome } from './door.js';
import { runHub } from './hub-command.js';
import { linesOf, openReceiver } from './receiver.js';

let home: TestHome;

beforeAll(async () => {
  home = await homeWith('district-310104');
});
afterAll(() => home[Symbol.asyncDispose]());

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

test('a file that cannot be read whole is refused with the row, and nothing is acknowledged', async () => {
  await using receiver = await openReceiver(home);
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
  await using receiver = await openReceiver(home);
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
  await using receiver = await openReceiver(home);
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
  await using receiver = await openReceiver(home);
  const csv = 'time,a,b\n2026-11-01 00:00,0.1234565,1.25\n2026-11-01 06:00,5.0000000,-0.0000004\n';

  const { out } = await importWide(receiver, csv, '--round', '6', '--json');

  expect(linesOf(receiver).map(({ values }) => values)).toEqual([
    [0.123456, 5, null, null],
    [1.25, 0, null, null],
  ]);
  expect(JSON.parse(out)).toMatchObject({ tooFine: 2, rounded: 2 });
});

test('time stamps with an offset, or of another zone, are put on the meter’s own clock', async () => {
  await using receiver = await openReceiver(home);
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
  await using receiver = await openReceiver(home);
  const csv = 'time,a\n2026-11-01 00:00,1\n2026-11-01 06:00,2\n2026-11-01 06:00,3\n';

  await importWide(receiver, csv);

  expect(linesOf(receiver)).toEqual([
    { meter: 'm-a', date: '2026-11-01', interval: 360, values: [1, 2, null, null] },
    { meter: 'm-a', time: '2026-11-01T06:00', value: 3 },
  ]);
});

test('days outside --from and --to, and columns passed over, are not sent', async () => {
  await using receiver = await openReceiver(home);
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

test('a row that closes a day and bears its date is sent as its end, marked and told of', async () => {
  await using receiver = await openReceiver(home);
  const rows = ['01 06:00,1', '01 12:00,2', '01 18:00,3', '01 00:00,4', '02 06:00,5', '02 12:00,6'];
  const csv = `time,a\n${rows.map((row) => `2026-11-${row}\n`).join('')}`;

  const { out } = await importWide(receiver, csv, '--stamps', 'end');

  expect(receiver.uploads[0]?.text.split('\n')).toEqual([
    '{"meter":"m-a","date":"2026-11-01","interval":360,"values":[1,2,3,4],"misdated":[3]}',
    '{"meter":"m-a","date":"2026-11-02","interval":360,"values":[5,6,null,null]}',
    '',
  ]);
  expect(out).toContain('Midnight with the date of the day that it closes: 1 row, the first is 5');
});

test('broken batches are sent again under their own keys, and a repeated import has the same keys', async () => {
  await using receiver = await openReceiver(home);
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

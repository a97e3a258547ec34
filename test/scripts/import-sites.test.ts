import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { BDG2_SITES, bdg2File, bdg2Tables } from './bdg2.js';
import { tableText } from '../../scripts/client/wide/tables.js';
import { nothingRead, planOf, wideLines, type WideOptions } from '../../scripts/client/wide/wide-lines.js';
import { isUscc } from '../../subgraphs/runtime/uscc.js';
import { homeWith } from './door.js';
import { runHub } from './hub-command.js';
import { openReceiver } from './receiver.js';

const BDG2 = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'bdg2');

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
    ...{ interval: 60, fileZone: undefined, dates: 'ymd', stamps: 'start', from: undefined, to: undefined },
    ...{ missing: new Set<string>(), round: undefined, skipUnlisted: false },
  };
  const found = new Map(meters.map(({ id }) => [id, { readings: 0, text: '' }]));
  const count = nothingRead();
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
  await using home = await homeWith('district-310104');
  await using receiver = await openReceiver(home);
  const fileOf = async (name: string, text: string): Promise<string> => {
    await writeFile(join(home.path, name), text);
    return join(home.path, name);
  };
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

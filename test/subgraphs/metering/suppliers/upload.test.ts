import { gzipSync } from 'node:zlib';
import { refusalOf, refusals } from '../../../gateway/refusals.js';
import type { World } from '../../../world/world.js';
import { aSupply, GRID, lines, NDJSON, rejected, suppliedCity, suppliesOf, supply } from './supplied.js';

let world: World;
beforeAll(async () => {
  world = await suppliedCity();
}, 120_000);
afterAll(() => world.close());

const grid = () => world.as(GRID);
const CSV = { 'content-type': 'text/csv' };

describe('refusals', () => {
  test.each([
    ['a district without a scope', 'district-310104', 'SCOPE_MISSING', 'scope/named', {}],
    [
      'a platform with one',
      'municipal',
      'SCOPE_MISSING',
      'supplies/supplier',
      { 'x-hub-purpose': 'SUPERVISION' },
    ],
    ['a nation without one', 'national', 'SCOPE_MISSING', 'scope/named', {}],
  ])('%s reports no supplies, before a line is read', async (_what, as, code, rule, purpose) => {
    const reply = await supply(world, lines(aSupply()), { as, headers: { ...NDJSON, ...purpose } });

    expect(refusalOf(reply)).toEqual([403, code]);
    expect(refusals(reply)[0]?.extensions.rule).toBe(rule);
    expect(await world.sql('select from exchange.batch')).toEqual([]);
  });

  test.each(['application/zip', 'application/atom+xml', 'text/csv; layout=wide'])(
    '%s is no form of supplies',
    async (type) => {
      const reply = await supply(world, lines(aSupply()), { headers: { 'content-type': type } });
      expect(refusalOf(reply)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  const BAD: [string, Record<string, unknown> | string, string, RegExp][] = [
    ['no JSON', '{"customer":', 'MALFORMED_LINE', /not JSON/],
    ['a number for a customer', aSupply({ customer: 12 }), 'MALFORMED_LINE', /leading zeros/],
    ['a customer with a blank at its end', aSupply({ customer: '12 ' }), 'MALFORMED_LINE', /"customer"/],
    ['half a character', aSupply({ customer: '\ud800' }), 'MALFORMED_LINE', /"customer"/],
    ['no record', aSupply({ record: null }), 'MALFORMED_LINE', /"record" is missing/],
    ['a member nobody knows', aSupply({ price: '1' }), 'MALFORMED_LINE', /"price"/],
    ['an unknown item', aSupply({ item: '99' }), 'UNKNOWN_ITEM', /energyItems/],
    ['an unknown unit', aSupply({ unit: 'm3' }), 'UNKNOWN_UNIT', /use one of MWh, Wh, kWh/],
    ['no number', aSupply({ amount: 'many' }), 'BAD_NUMBER', /amount/],
    ['a multiplier of nothing', aSupply({ multiplier: 0 }), 'BAD_NUMBER', /multiplier/],
    ['no day', aSupply({ from: '2026-02-30' }), 'BAD_DATE', /2026-02-30/],
    ['an end before its beginning', aSupply({ to: '2026-01-04' }), 'BAD_PERIOD', /not after/],
    ['two years at once', aSupply({ from: '2024-01-05' }), 'BAD_PERIOD', /400 days/],
    ['what has not been', aSupply({ from: '2099-01-01', to: '2099-01-31' }), 'BAD_PERIOD', /not come/],
    ['another province', aSupply({ area: '320101' }), 'FOREIGN_AREA', /01 in 320101/],
    ['an energy it does not supply', aSupply({ item: '03', unit: 'm3' }), 'FOREIGN_AREA', /03 in 310101/],
    ['a line of 100 KiB', `{"x":"${'x'.repeat(100_000)}"}`, 'OVERSIZE_LINE', /64 KiB/],
  ];

  test('each bad line is quarantined with its reason as it was sent, and the good ones are stored', async () => {
    const sent = BAD.map(([, line]) => (typeof line === 'string' ? line : JSON.stringify(line)));

    const { receipt } = await supply(world, `${sent.join('\n')}\n${lines(aSupply({ record: 'good' }))}`);

    expect(receipt).toMatchObject({
      kind: 'SUPPLIES',
      lines: BAD.length + 1,
      accepted: 1,
      quarantined: BAD.length,
    });
    const found = await rejected(world, receipt.quarantine);
    BAD.forEach(([, , reason, detail], index) => {
      const parts = found.filter(({ line }) => line === index + 1);
      expect([parts[0]?.reason, parts[0]?.detail]).toEqual([reason, expect.stringMatching(detail)]);
      expect(parts.map(({ content }) => content).join('')).toBe(sent[index]);
    });
  });

  test('CSV with a header that lacks a column, or lines that do not fit it, store nothing', async () => {
    const header = 'customer,item,from,to,amount,unit,record';
    const line = '0012,01,2026-01-05,2026-01-06,48,kWh,C1';

    const lacking = await supply(world, `${header.slice(9)}\n${line}\n`, { headers: CSV });
    const unfit = await supply(world, `${header}\n${line},x\n"${line}\n`, { headers: CSV });

    expect(lacking.receipt).toMatchObject({ lines: 2, quarantined: 2, reasons: { MALFORMED_LINE: 2 } });
    expect(unfit.receipt).toMatchObject({ lines: 2, quarantined: 2, reasons: { MALFORMED_LINE: 2 } });
    const details = (await rejected(world, unfit.receipt.quarantine)).map(({ detail }) => detail);
    expect(details).toEqual(['the line has 8 fields, the header 7', 'a quote is not closed on its line']);
  });

  test('other content under the same key, or the same at the other door, is refused', async () => {
    const headers = { ...NDJSON, 'idempotency-key': 'bill-1' };
    const first = await supply(world, lines(aSupply({ record: 'K' })), { headers });
    const again = await supply(world, lines(aSupply({ record: 'K' })), { headers });
    const other = await supply(world, lines(aSupply({ record: 'L' })), { headers });

    expect(again.body).toEqual(first.body);
    expect(refusalOf(other)).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });

  test('a supplier sees none of another’s records, and none of whom they are about', async () => {
    await supply(world, lines(aSupply({ record: 'gas', item: '03', unit: 'm3', customer: 'G9' })), {
      as: 'enterprise-a',
    });

    expect((await suppliesOf(grid())).map(({ customer }) => customer)).not.toContain('G9');
    expect((await suppliesOf(world.as('enterprise-a'))).map(({ customer }) => customer)).toEqual(['G9']);
    const { errors } = await grid().ask('{ supplies { nodes { subject } } }');
    expect(errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('a neighbouring district sees nothing of what was supplied here', async () => {
    expect(await suppliesOf(world.as('district-310104'))).toEqual([]);
    expect((await suppliesOf(world.as('district-310101'))).length).toBeGreaterThan(0);
  });
});

describe('what is stored', () => {
  test('customer numbers keep their zeros and their script; gzip, CSV and NDJSON say the same', async () => {
    const csv =
      'record,unit,amount,to,from,item,customer,meter\r\nZ1,kWh,1.50,2026-01-06,2026-01-05,01,"沪A,0007",\r\n';

    const first = await supply(world, csv, { headers: CSV });
    const again = await supply(
      world,
      gzipSync(lines({ ...aSupply({ record: 'Z1', customer: '沪A,0007', amount: 1.5 }), area: undefined })),
      { headers: {} },
    );

    expect([first.receipt.accepted, again.receipt.unchanged]).toEqual([1, 1]);
    // A line that names no area lies where its supplier does.
    expect(await suppliesOf(grid(), 'customer: "沪A,0007"')).toEqual([
      expect.objectContaining({
        customer: '沪A,0007',
        amount: '1.5',
        version: 1,
        area: '310104',
        supplierMeter: null,
      }),
    ]);
    expect(await suppliesOf(grid(), 'customer: "12"')).toEqual([]);
  });

  test('days are whole, times are moments, and a time without an offset is China’s', async () => {
    await supply(
      world,
      lines(
        aSupply({ record: 'T', customer: 'T', from: '2026-01-05T10:30', to: '2026-01-06T00:00:00Z' }),
        aSupply({ record: 'D', customer: 'D' }),
      ),
    );

    const periods = async (customer: string) =>
      (await suppliesOf(grid(), `customer: "${customer}"`)).map(({ fromAt, toAt }) => [
        Date.parse(fromAt),
        Date.parse(toAt),
      ]);
    const at = (text: string) => Date.parse(text);
    expect(await periods('T')).toEqual([[at('2026-01-05T02:30:00Z'), at('2026-01-06T00:00:00Z')]]);
    expect(await periods('D')).toEqual([[at('2026-01-04T16:00:00Z'), at('2026-01-06T16:00:00Z')]]);
  });

  test('a changed amount is the next version; the earlier stays, and the same again changes nothing', async () => {
    const said = (amount: string) => lines(aSupply({ record: 'V', customer: 'V', amount }));
    const receipts = [];
    for (const amount of ['10', '12', '12.0']) receipts.push((await supply(world, said(amount))).receipt);

    expect(receipts.map(({ accepted, corrected, unchanged }) => [accepted, corrected, unchanged])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    const versions = async (args = '') =>
      (await suppliesOf(grid(), `customer: "V"${args}`)).map(({ version, amount }) => [version, amount]);
    expect(await versions()).toEqual([[2, '12']]);
    expect((await versions(', versions: true')).toSorted()).toEqual([
      [1, '10'],
      [2, '12'],
    ]);
  });

  test('a record that one upload gives twice goes to quarantine, beyond a thousand lines as well', async () => {
    const twice = aSupply({ record: 'W', customer: 'W' });
    const between = Array.from({ length: 4_000 }, (_, place) =>
      aSupply({ record: `W${place}`, customer: 'W' }),
    );

    const { receipt } = await supply(world, lines(twice, twice, ...between, { ...twice, amount: '9' }));

    expect(receipt).toMatchObject({ lines: 4_003, accepted: 4_001, reasons: { DUPLICATE_LINE: 2 } });
    const places = (await rejected(world, receipt.quarantine)).map(({ line }) => line);
    expect(places).toEqual([2, 4_003]);
  });

  test('the ledger holds what came in, before the receipt left', async () => {
    const { receipt } = await supply(world, lines(aSupply({ record: 'ledger', customer: 'L' })));

    const rows = await world.sql<{ event: string }>(
      `select facts::jsonb ->> 'event' as event from ledger.entry where facts like '%' || $1 || '%'`,
      [receipt.batch],
    );
    expect(rows.map(({ event }) => event)).toContain('RELEASE');
  });
});

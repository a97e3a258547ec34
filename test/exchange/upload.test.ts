import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { verifySigned } from '../../scripts/client/signature.js';
import { refusalOf, refusals } from '../gateway/refusals.js';
import { feed } from '../subgraphs/metering/formats/espi-feed.js';
import { energyXml, hour, zip } from '../subgraphs/metering/formats/zips.js';
import { openWorld, type World } from '../world/world.js';
import { authorities, day, meters, quarantine, upload, type Receipt } from './sample.js';

describe.each(['together', 'apart'] as const)('rooms %s', (rooms) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await meters(world);
  }, 120_000);
  afterAll(() => world.close());

  const NDJSON = { 'content-type': 'application/x-ndjson' };

  test('a receipt says what was sent and what became of it, and verifies with ca.crt alone', async () => {
    const body = `${day('m1', '2026-01-01', '0.1')}\n${day('m2', '2026-01-01', null)}\n`;

    const { status, headers, receipt, body: bytes } = await upload(world, body, NDJSON);

    expect(status).toBe(200);
    expect(receipt).toMatchObject({
      tenant: 'district-310101',
      state: 'COMPLETE',
      lines: 2,
      accepted: 2,
      readings: 24,
    });
    expect(receipt.sha256).toBe(createHash('sha256').update(body).digest('hex'));
    const signature = headers['hub-signature'];
    await expect(verifySigned(bytes, signature, authorities(world))).resolves.toMatchObject({
      signer: 'hub-signing',
    });
  });

  test('a receipt with one byte changed does not verify, nor does it under another’s signature', async () => {
    const one = await upload(world, day('m1', '2026-01-02'), NDJSON);
    const two = await upload(world, day('m1', '2026-01-03'), NDJSON);
    const changed = Buffer.from(one.body.toString('utf8').replace('"accepted":1', '"accepted":7'));

    for (const [body, signature] of [
      [changed, one.headers['hub-signature']],
      [one.body, two.headers['hub-signature']],
      [one.body, undefined],
    ] as const) {
      await expect(verifySigned(body, signature, authorities(world))).rejects.toThrow(/does not hold/);
    }
  });

  test('the same day in every form and compression is the same day', async () => {
    const values = Array.from({ length: 24 }, (_, hour) => (hour === 3 ? null : `${hour}.25`));
    const asDay = JSON.stringify({ meter: 'm1', date: '2026-02-01', interval: 60, values });
    const asReadings = values
      .flatMap((value, hour) =>
        value === null
          ? []
          : [JSON.stringify({ meter: 'm1', time: `2026-02-01T${String(hour).padStart(2, '0')}:00`, value })],
      )
      .join('\n');
    const asCsv = `meter,date,interval,${values.map((_, n) => `v${n + 1}`).join(',')}\nm1,2026-02-01,60,${values.map((value) => value ?? '').join(',')}\n`;
    const forms: [body: string | Buffer, headers: Record<string, string>][] = [
      [asDay, NDJSON],
      [asReadings, NDJSON],
      [asCsv, { 'content-type': 'text/csv' }],
      [gzipSync(asDay), { ...NDJSON, 'content-encoding': 'gzip' }],
      [zstdCompressSync(asCsv), { 'content-type': 'text/csv', 'content-encoding': 'zstd' }],
      [gzipSync(asCsv), {}],
    ];

    const receipts: Receipt[] = [];
    for (const [body, headers] of forms) receipts.push((await upload(world, body, headers)).receipt);

    expect(receipts.map(({ lines, quarantined }) => [lines, quarantined])).toEqual([
      [1, 0],
      [23, 0],
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    expect(receipts[0]).toMatchObject({ accepted: 1, readings: 23 });
    for (const { lines, unchanged } of receipts.slice(1)) expect(unchanged).toBe(lines);
    expect(
      await world.sql(`select version from metering.day_block where meter = 'm1' and date = '2026-02-01'`),
    ).toEqual([{ version: 1 }]);
  });

  test('an empty body is a batch of nothing', async () => {
    const { status, receipt } = await upload(world, '', NDJSON);
    expect([status, receipt]).toMatchObject([200, { state: 'COMPLETE', lines: 0, accepted: 0, bytes: 0 }]);
  });

  test('the same body under the same key gives the same receipt, byte for byte', async () => {
    const headers = { ...NDJSON, 'idempotency-key': 'same' };
    const first = await upload(world, day('m1', '2026-03-01'), headers);
    const again = await upload(world, day('m1', '2026-03-01'), headers);

    expect(again.body).toEqual(first.body);
    expect(again.headers['hub-signature']).toBe(first.headers['hub-signature']);
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect(first.headers).not.toHaveProperty('x-hub-release');
  });

  test('other content under the same key is refused and not stored', async () => {
    const headers = { ...NDJSON, 'idempotency-key': 'other' };
    await upload(world, day('m1', '2026-03-02', 1), headers);

    expect(refusalOf(await upload(world, day('m1', '2026-03-02', 2), headers))).toEqual([
      422,
      'IDEMPOTENCY_KEY_REUSED',
    ]);
    expect(await world.sql(`select total::text from metering.day_block where date = '2026-03-02'`)).toEqual([
      { total: '24' },
    ]);
  });

  test('the key of one tenant is not the key of another', async () => {
    const headers = { ...NDJSON, 'idempotency-key': 'mine' };
    await upload(world, day('m1', '2026-03-03'), headers);
    const { status, receipt } = await upload(world, day('south', '2026-03-03'), headers, 'district-310104');
    expect([status, receipt]).toMatchObject([200, { tenant: 'district-310104', accepted: 1 }]);
  });

  test('a correction is a new version; the old one is kept', async () => {
    await upload(world, day('m1', '2026-03-04', '1.5'), NDJSON);
    const { receipt } = await upload(world, day('m1', '2026-03-04', '2.5'), NDJSON);

    expect(receipt).toMatchObject({ accepted: 0, unchanged: 0, corrected: 1 });
    const query =
      '{ meter(id: "m1") { days(from: "2026-03-04", to: "2026-03-04") { nodes { total version } } } }';
    expect(await world.as('district-310101').ask(query)).toEqual({
      data: { meter: { days: { nodes: [{ total: '60', version: 2 }] } } },
    });
    const old = `select version, total::text, scale from metering.day_block_superseded where date = '2026-03-04'`;
    expect(await world.sql(old)).toEqual([{ version: 1, total: '360', scale: 1 }]);
  });

  test('Green Button, with the meters beside it; what is hostile ends it with what to do instead', async () => {
    const headers = {
      'content-type': 'application/atom+xml',
      'hub-meters': 'RetailCustomer%2F7%2FUsagePoint%2F1=m2',
    };
    const body = feed({ readings: [[1_772_380_800, 250]] });

    const { receipt } = await upload(world, body, headers);
    const bomb = await upload(
      world,
      `<!DOCTYPE a [<!ENTITY b "c">]>${body.slice(body.indexOf('<feed'))}`,
      headers,
    );

    expect(receipt).toMatchObject({ lines: 1, accepted: 1 });
    expect(refusalOf(bomb)).toEqual([400, 'UPLOAD_INTERRUPTED']);
    expect(refusals(bomb)[0]).toMatchObject({
      message: expect.stringMatching(/has a document type \(DTD\), which is never read/) as string,
      extensions: { remedy: 'Send well-formed XML within the bound, without a document type.' },
    });
  });

  test('a daily zip: hours are stored, and buildings that differ from the register are reported', async () => {
    const build = (id: string, name: string): string =>
      `<Build id="${id}"><BuildBaseInfo operation="U"><BuildName>${name}</BuildName><TotalArea>5000</TotalArea></BuildBaseInfo></Build>`;
    const builds = [build('310101A001', 'House 310101A001'), build('310104A001', 'South')];
    const content = `<root><data>${builds.join('')}</data></root>`;
    const body = zip(
      { name: '31010120260309Build.xml', content },
      { name: '31010120260309Energy.xml', content: energyXml([hour({ start: '2026-03-09 07:00:00' })]) },
    );

    const { receipt } = await upload(world, body, {
      'content-type': 'application/zip',
      'hub-meters': '310101A001:01000=m1',
    });

    expect(receipt).toMatchObject({ lines: 3, accepted: 1, reasons: { DIFFERENCE: 2 } });
    const rejected = await quarantine(world, receipt.quarantine);
    expect(rejected.map(({ detail, content: kept }) => [detail, kept])).toEqual([
      ['building "310101A001" is registered with another TotalArea', builds[0]],
      ['building "310104A001" is not among those whose readings you write', builds[1]],
    ]);
  });
});

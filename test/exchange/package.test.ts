import { verifySigned } from '../../scripts/client/signature.js';
import { openWorld, type World } from '../world/world.js';
import { blocksOf, daily, manifestOf, part, sha256 } from './packages.js';
import { authorities, day, meters, upload } from './sample.js';

const VALUES = [
  '0.1',
  '0.2',
  '123456.789',
  '-1',
  '0',
  null,
  ...Array.from({ length: 18 }, (_, n) => `${n}.5`),
];

describe.each(['together', 'apart'] as const)('rooms %s', (rooms) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await meters(world);
    const exact = JSON.stringify({ meter: 'm1', date: '2026-01-01', interval: 60, values: VALUES });
    await upload(world, `${exact}\n${day('m2', '2026-01-01', 'bad')}\n`);
    await upload(world, day('m1', '2026-01-02'));
  }, 120_000);
  afterAll(() => world.close());

  test('the day comes whole: what was uploaded, to the digit, and what is missing, with the reason', async () => {
    const national = world.as('national');
    const found = await daily(national, '2026-01-01');
    const { headers, body, manifest } = await manifestOf(national, found);

    expect(found).toMatchObject({
      revision: 1,
      blocks: 1,
      readings: 23,
      parts: 1,
      manifestSha256: sha256(body),
    });
    await expect(verifySigned(body, headers['hub-signature'], authorities(world))).resolves.toBeDefined();
    expect(manifest).toMatchObject({
      format: 'hub-package/1',
      package: found.id,
      recipient: 'national',
      stage: 'FORMAL',
      purpose: 'SUPERVISION',
      date: '2026-01-01',
      blocks: 1,
      readings: 23,
      missing: [
        { meter: 'm2', reason: 'QUARANTINED' },
        { meter: 'south', reason: 'NOT_UPLOADED' },
      ],
    });
    expect(manifest.parts).toEqual([
      {
        number: 1,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        bytes: found.bytes,
        blocks: 1,
        contentType: 'application/x-ndjson',
        contentEncoding: 'gzip',
      },
    ]);
    const [block, ...others] = await blocksOf(national, manifest);
    expect(others).toEqual([]);
    expect(block).toMatchObject({
      meter: 'm1',
      date: '2026-01-01',
      interval: 60,
      total: '123618.089',
      version: 1,
    });
    expect(block?.values.map((value) => (value === null ? null : Number(value)))).toEqual(
      VALUES.map((value) => (value === null ? null : Number(value))),
    );
  });

  test('a manifest with one byte changed does not verify', async () => {
    const { headers, body } = await manifestOf(
      world.as('national'),
      await daily(world.as('national'), '2026-01-01'),
    );
    const changed = Buffer.from(body.toString('utf8').replace('"blocks":1', '"blocks":2'));
    await expect(verifySigned(changed, headers['hub-signature'], authorities(world))).rejects.toThrow(
      /not of these bytes/,
    );
  });

  test('asked for twice, it is the same package and the same bytes', async () => {
    const national = world.as('national');
    const [one, two] = [await daily(national, '2026-01-01'), await daily(national, '2026-01-01')];

    expect(two).toEqual(one);
    expect((await manifestOf(national, one)).body).toEqual((await manifestOf(national, two)).body);
    expect((await part(national, one.id, 1)).body).toEqual((await part(national, one.id, 1)).body);
  });

  test('a correction makes the next revision; the earlier one keeps its bytes', async () => {
    const national = world.as('national');
    const first = await daily(national, '2026-01-02');
    const before = [(await manifestOf(national, first)).body, (await part(national, first.id, 1)).body];

    await upload(world, day('m1', '2026-01-02', 7));
    const second = await daily(national, '2026-01-02');

    expect([second.revision, second.id === first.id]).toEqual([2, false]);
    const [block] = await blocksOf(national, (await manifestOf(national, second)).manifest);
    expect(block).toMatchObject({ total: '168', version: 2 });
    expect([(await manifestOf(national, first)).body, (await part(national, first.id, 1)).body]).toEqual(
      before,
    );
    expect((await daily(national, '2026-01-02')).id).toBe(second.id);
  });

  test('a day of another revision that changes nothing of this one makes no revision', async () => {
    const national = world.as('national');
    const first = await daily(national, '2026-01-01');
    await upload(world, day('m1', '2026-01-09'));
    await upload(world, day('m1', '2026-01-09'));
    expect((await daily(national, '2026-01-01')).id).toBe(first.id);
  });

  test('a day without data is an empty package that verifies', async () => {
    const national = world.as('national');
    const found = await daily(national, '2020-02-29');
    const { headers, body, manifest } = await manifestOf(national, found);

    expect(found).toMatchObject({ blocks: 0, readings: 0, parts: 0, bytes: 0 });
    expect(manifest).toMatchObject({
      parts: [],
      missing: [{ meter: 'm1' }, { meter: 'm2' }, { meter: 'south' }],
    });
    await expect(verifySigned(body, headers['hub-signature'], authorities(world))).resolves.toBeDefined();
  });

  test('a district’s package has its own meters alone', async () => {
    const { manifest } = await manifestOf(
      world.as('district-310104'),
      await daily(world.as('district-310104'), '2026-01-01'),
    );
    expect(manifest).toMatchObject({ blocks: 0, missing: [{ meter: 'south', reason: 'NOT_UPLOADED' }] });
  });

  test('many who ask for one day at once get one package', async () => {
    await upload(world, day('m2', '2026-01-15'));
    const packages = await Promise.all(
      Array.from({ length: 8 }, () => daily(world.as('national'), '2026-01-15')),
    );
    expect(new Set(packages.map(({ id }) => id)).size).toBe(1);
  });
});

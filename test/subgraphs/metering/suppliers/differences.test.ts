import { day, upload } from '../../../exchange/sample.js';
import type { Caller } from '../../../world/caller.js';
import { aMeter, has } from '../../../world/things.js';
import type { World } from '../../../world/world.js';
import { differences, only, reported } from './compared.js';
import { aSupply, GRID, lines, linked, suppliedCity, supply } from './supplied.js';

let world: World;
let district: Caller;
beforeAll(async () => {
  world = await suppliedCity();
  district = world.as('district-310101');
  // 24 kWh a day, 0.024 MWh, and one value a day.
  for (const date of ['2026-01-05', '2026-01-06']) {
    await upload(world, `${day('m1', date, 1)}\n${day('m2', date, '0.001')}\n`);
    await upload(world, JSON.stringify({ meter: 'daily', date, interval: 1440, values: [24] }));
  }
}, 120_000);
afterAll(() => world.close());

describe('refusals', () => {
  const code = ({ errors }: Awaited<ReturnType<Caller['ask']>>) => errors?.[0]?.extensions.code;

  test.each([
    ['from: "2026-02-01", to: "2026-01-01"', 'BAD_USER_INPUT'],
    ['from: "2020-01-01", to: "2026-01-01"', 'BAD_USER_INPUT'],
    ['from: "2026-01-01", to: "2026-01-31", state: "ODD"', 'BAD_USER_INPUT'],
    ['from: "2026-01-01", to: "2026-01-31", after: "x"', 'BAD_USER_INPUT'],
    ['from: "2026-01-01", to: "2026-01-31", first: 501', 'BAD_USER_INPUT'],
  ])('%s is answered with %s', async (args, expected) => {
    const answer = await district.ask(`{ supplyDifferences(${args}) { nodes { state } } }`);
    expect(code(answer)).toBe(expected);
  });

  test('the supplier is told of no meter, reading or match, whatever consents it holds', async () => {
    await reported(world, 'told', ['other']);
    const answer = await world
      .as(GRID)
      .ask(
        '{ supplyDifferences(from: "2026-01-01", to: "2026-01-31") { nodes { state } } customerLinks { nodes { id } } customerCandidates { nodes { meterId } } }',
      );
    // Without a consent to readings or meters the policy refuses the comparison itself.
    expect([code(answer), answer.data?.['customerLinks']]).toEqual(['CONSENT_REQUIRED', { nodes: [] }]);
  });

  test('a neighbouring district sees no difference of here', async () => {
    expect(await differences(world.as('district-310104'))).toEqual([]);
  });
});

describe('states', () => {
  test('NO_CUSTOMER until somebody links the number, without a batch run', async () => {
    await reported(world, 'late', []);
    expect(await only(district, 'late')).toMatchObject({
      state: 'NO_CUSTOMER',
      supplied: '48',
      metered: null,
      meters: [],
    });

    await linked(district, { customer: 'late', meters: ['daily'] });
    expect(await only(district, 'late')).toMatchObject({
      state: 'MATCHED',
      metered: '48',
      difference: '0',
      missing: 0,
    });
  });

  test('DIFFERENT says by how much, exactly, with the tolerance and that nobody checked it', async () => {
    await reported(world, '0012', ['m1'], { amount: '48.96' });
    await supply(
      world,
      lines(aSupply({ customer: '0012', record: 'x', from: '2026-01-06', amount: '24.5' })),
    );

    const [whole, day6] = await differences(district, 'customer: "0012"');
    expect(whole).toMatchObject({
      state: 'MATCHED',
      difference: '0.96',
      percent: '1.9608',
      tolerance: '2',
      toleranceVerified: false,
    });
    expect(day6).toMatchObject({ state: 'DIFFERENT', metered: '24', difference: '0.5', percent: '2.0408' });
    expect([whole!.overlaps, day6!.overlaps]).toEqual([1, 1]);
    expect((await differences(district, 'isOverlapping: true')).map(({ customer }) => customer)).toEqual([
      '0012',
      '0012',
    ]);
  });

  test('part days come from the intervals; one that the period cuts is missing', async () => {
    await reported(world, 'part', [], { from: '2026-01-05T06:00', to: '2026-01-06T12:00', amount: '30' });
    await linked(district, { customer: 'part', meters: ['m2'] });

    const [row] = await differences(district, 'customer: "part"');
    expect(row).toMatchObject({ state: 'MATCHED', metered: '30', unit: 'kWh', present: 30, missing: 0 });
    await supply(
      world,
      lines(
        aSupply({
          customer: 'part',
          record: 'cut',
          from: '2026-01-05T06:30',
          to: '2026-01-06T12:00',
          amount: '29.5',
        }),
      ),
    );
    expect((await differences(district, 'customer: "part"'))[1]).toMatchObject({
      state: 'PARTIAL',
      metered: '29',
      missing: 1,
    });
  });

  test('PARTIAL counts what is missing, NO_READINGS finds nothing, and a late reading changes both', async () => {
    await has(district, { meters: [aMeter({ id: 'new' })] });
    await reported(world, 'new', ['new']);
    expect(await only(district, 'new')).toMatchObject({ state: 'NO_READINGS', missing: 48 });

    await upload(world, day('new', '2026-01-05', 1));
    expect(await only(district, 'new')).toMatchObject({
      state: 'PARTIAL',
      metered: '24',
      present: 24,
      missing: 24,
    });

    await upload(world, day('new', '2026-01-06', 1));
    expect(await only(district, 'new')).toMatchObject({ state: 'MATCHED', metered: '48' });
    await upload(world, day('new', '2026-01-06', 2));
    expect(await only(district, 'new')).toMatchObject({
      state: 'DIFFERENT',
      metered: '72',
      difference: '-24',
    });
    await supply(world, lines(aSupply({ customer: 'new', record: 'new', amount: '72' })));
    expect(await only(district, 'new')).toMatchObject({ state: 'MATCHED', supplied: '72' });
  });

  test('a link that begins within the period leaves days that nobody answers for', async () => {
    await has(district, { meters: [aMeter({ id: 'half' })] });
    await upload(world, `${day('half', '2026-01-05')}\n${day('half', '2026-01-06')}\n`);
    await reported(world, 'half', []);
    await linked(district, { customer: 'half', meters: ['half'], validFrom: '2026-01-06' });

    expect(await only(district, 'half')).toMatchObject({
      state: 'PARTIAL',
      metered: '24',
      missing: 0,
      unlinkedDays: 1,
    });
  });
});

import { builtHub, jsonOf } from '../../../scripts/built-hub.js';
import { smallCity } from '../../../world/city.js';
import type { GraphqlReply } from '../../../world/caller.js';
import { USCC_A } from '../../../world/parties.js';
import { aMeter, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

const district = () => world.as('district-310101');

function places(rows: object[], as = district()): Promise<GraphqlReply> {
  const mutation = `mutation ($rows: [MeteredPlaceInput!]!) { registerMeteredPlaces(places: $rows) { id } }`;
  return as.ask(mutation, { rows });
}

function aPlace(rest: object = {}): object {
  return {
    id: 'p1',
    enterpriseUscc: USCC_A,
    name: 'Boiler house',
    energyKind: 'ELECTRICITY',
    level: 3,
    ...rest,
  };
}

interface Rate {
  energyKind: string;
  level: number;
  needed: number;
  fitted: number;
  rate: string;
  required: string | null;
  isMet: boolean | null;
  verified: boolean;
}

const RATES =
  'edition isMet rates { energyKind level needed fitted rate required isMet source verified threshold thresholdUnit }';

async function fitOut(
  args: string,
  as = district(),
): Promise<{ edition: string; isMet: boolean | null; rates: Rate[] }> {
  const { enterprise } = await as.mustAsk<{ enterprise: { meterFitOut: never } }>(
    `{ enterprise(uscc: "${USCC_A}") { meterFitOut${args} { ${RATES} } } }`,
  );
  return enterprise.meterFitOut;
}

// prettier-ignore
test.each([
  ['of a kind that GB 17167 has not', { energyKind: 'WOOD' }, 'energyKind: WOOD is none of GB 17167.'],
  ['on a level that is none', { level: 4 }, 'metered_place_level_check'],
  ['with a meter of another enterprise', { meterId: 'b-gate' }, 'p1: b-gate is not among the meters of'],
  ['of an enterprise that is not seen', { enterpriseUscc: '91110000802100433B' }, 'is not among those you may see'],
])('a place %s is refused', async (_what, rest, message) => {
  const { errors } = await places([aPlace({ id: 'p0' }), aPlace(rest)]);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors?.[0]?.message).toContain(message);
  expect(await world.sql('select from metering.metered_place')).toEqual([]);
});

test('an edition that the hub has not, and a day on which none was in force, are refused with those that it has', async () => {
  for (const args of ['(edition: "GB17167-1997")', '(on: "2001-01-01")']) {
    const { errors } = await district().ask(
      `{ enterprise(uscc: "${USCC_A}") { meterFitOut${args} { edition } } }`,
    );
    expect(errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT', remedy: 'Name one of GB17167-2006, GB17167-2025.' } },
    ]);
  }
});

test('places below the threshold need no meter, a retired meter is none, and a rate just missed is not met', async () => {
  const ids = Array.from({ length: 19 }, (_, index) => `eq-${index}`);
  await has(district(), {
    meters: [
      ...ids.map((id) => aMeter({ id, level: 3, energyItem: '01C00' })),
      aMeter({ id: 'gone', level: 3, energyItem: '01C00' }),
    ],
  });
  await world.sql(`update metering.meter set retired_on = '2020-01-01' where id = 'gone'`);
  const { errors } = await places([
    aPlace({ id: 'gate', level: 1, meterId: 'a-gate', quantity: '0' }),
    ...ids.map((id) => aPlace({ id: `p-${id}`, meterId: id, quantity: '100' })),
    aPlace({ id: 'p-gone', meterId: 'gone' }),
    aPlace({ id: 'p-small', quantity: '99.9' }),
  ]);
  expect(errors).toBeUndefined();

  const found = await fitOut('(edition: "GB17167-2006")');
  expect(found).toEqual({
    edition: 'GB17167-2006',
    isMet: true,
    rates: [
      expect.objectContaining({
        energyKind: 'ELECTRICITY',
        level: 1,
        needed: 1,
        fitted: 1,
        rate: '100',
        required: '100',
        isMet: true,
        verified: false,
      }),
      expect.objectContaining({
        level: 3,
        needed: 20,
        fitted: 19,
        rate: '95',
        required: '95',
        isMet: true,
        threshold: '100',
        thresholdUnit: 'kW',
        source: 'GB 17167-2006 table 3',
      }),
    ],
  });
  await places([aPlace({ id: 'p-more' })]);
  const missed = await fitOut('(edition: "GB17167-2006")');
  expect(missed.isMet).toBe(false);
  expect(missed.rates[1]).toMatchObject({ needed: 21, fitted: 19, rate: '90.47', isMet: false });
});

test('of the edition in force since 2026 no rate is known: none is presented until an area adds it', async () => {
  expect(await fitOut('(on: "2026-01-31")')).toMatchObject({ edition: 'GB17167-2006' });
  const unknown = await fitOut('(on: "2026-02-01")');
  expect(unknown).toMatchObject({ edition: 'GB17167-2025', isMet: null });
  expect(unknown.rates.map(({ required, isMet }) => [required, isMet])).toEqual([
    [null, null],
    [null, null],
  ]);

  const rate = (area: string, level: number, percent: string): object => ({
    area,
    edition: 'GB17167-2025',
    energyKind: 'ELECTRICITY',
    level,
    percent,
    source: 'GB 17167-2025 table 2',
  });
  const addRates = (as: string, rows: object[]): Promise<GraphqlReply> =>
    world
      .as(as)
      .for(as === 'municipal' ? 'PLATFORM_OPERATION' : 'DATA_REPORTING')
      .ask('mutation ($rows: [FitOutRateInput!]!) { addFitOutRates(rates: $rows) { percent } }', { rows });
  expect((await addRates('district-310101', [rate('310101', 1, '100')])).errors).toBeDefined();
  expect((await addRates('municipal', [rate('110000', 1, '100')])).errors).toMatchObject([
    { extensions: { code: 'ROW_OUT_OF_REACH' } },
  ]);
  expect((await addRates('municipal', [rate('310000', 3, '80')])).errors).toBeUndefined();
  expect(
    (
      await addRates('municipal', [
        rate('310000', 1, '100'),
        rate('310000', 3, '86'),
        rate('310104', 3, '10'),
      ])
    ).errors,
  ).toBeUndefined();

  // Without a threshold the small place needs a meter too: 19 of 22.
  const known = await fitOut('(on: "2026-02-01")');
  expect(known.isMet).toBe(true);
  expect(known.rates.map(({ required, verified }) => [required, verified])).toEqual([
    ['100', false],
    ['86', false],
  ]);
});

test('numbers that the caller gives are compared with the meters in use of the class and level', async () => {
  const due =
    '[{ energyKind: "ELECTRICITY", level: 2, needed: 3 }, { energyKind: "WATER", level: 1, needed: 0 }]';
  const { rates } = await fitOut(`(edition: "GB17167-2006", due: ${due})`);
  expect(rates).toMatchObject([
    {
      energyKind: 'ELECTRICITY',
      level: 2,
      needed: 3,
      fitted: 2,
      rate: '66.66',
      required: '100',
      isMet: false,
    },
    { energyKind: 'WATER', level: 1, needed: 0, fitted: 0, rate: null, isMet: true },
  ]);
  const wrong = await district().ask(
    `{ enterprise(uscc: "${USCC_A}") { meterFitOut(due: [{ energyKind: "WOOD", level: 1, needed: 1 }]) { edition } } }`,
  );
  expect(wrong.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('places are seen by who may see the enterprise’s meters, and by nobody else', async () => {
  const ask = (as: string): Promise<GraphqlReply> =>
    world
      .as(as)
      .ask(
        `{ enterprise(uscc: "${USCC_A}") { meteredPlaces(first: 1) { nodes { id meter { id } } } meterFitOut { rates { needed } } } }`,
      );
  expect((await ask('enterprise-a')).data).toMatchObject({
    enterprise: { meteredPlaces: { nodes: [{ id: 'gate', meter: { id: 'a-gate' } }] } },
  });
  expect((await ask('district-310104')).data).toEqual({ enterprise: null });
});

test('the command shows a meter, changes its appliance, records a certificate, and ends with 1 where a rate is not met', async () => {
  const as = ['--as', 'district-310101'];
  const at = (instant: string, serial: string): string[] => ['--at', instant, '--serial', serial, ...as];
  await jsonOf(world, [
    'meter',
    'install',
    'a-light',
    ...at('2026-01-01', 'L-1'),
    '--instrument',
    'ELECTRICITY_METER',
  ]);
  const { device } = await jsonOf<{ device: { id: string } }>(world, [
    'meter',
    'replace',
    'a-light',
    ...at('2026-02-01', 'L-2'),
  ]);
  const certificate = ['--certificate', 'JD-9', '--organ', 'Institute', '--on', '2026-01-20'];
  const refused = await builtHub(world, ['meter', 'calibrate', device.id, ...certificate, ...as]);
  expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('validUntil')]);
  await jsonOf(world, ['meter', 'calibrate', device.id, ...certificate, '--until', '2099-01-01', ...as]);

  const shown = await builtHub(world, ['meter', 'show', 'a-light', ...as]);
  expect(shown.out).toMatch(
    /JD-9, QUALIFIED, until 2099-01-01\n[^]*L-2 +2026-02-01[^]*in use[^]*L-1 +2026-01-01/,
  );
  const listed = await builtHub(world, ['meter', 'list', '--enterprise', USCC_A, ...as]);
  expect(listed.out).toMatch(/a-light +2 +01A00 +kWh +INTERVAL +a-gate +yes/);
  const fitted = await builtHub(world, ['meter', 'fit-out', USCC_A, '--edition', 'GB17167-2006', ...as]);
  expect([fitted.status, fitted.out]).toEqual([
    1,
    expect.stringMatching(/电力 +3 +21 +19 +90.47 +95 +no +GB 17167-2006 table 3 \(unverified\)/),
  ]);
});

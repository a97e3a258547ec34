import { aBuilding, aMeter, anEnterprise, has } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

const WHOLE = '310101A001';
const SHORT = '310101A002';
/** Of the 365 days of 2025: 95 % of them are 346.75. */
const DAYS: Record<string, number> = { [WHOLE]: 347, [SHORT]: 346 };

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const district = world.as('district-310101');
  const ids = [WHOLE, SHORT];
  await has(district, {
    enterprises: [anEnterprise()],
    buildings: ids.map((id) => aBuilding({ id, floorAreaM2: '100' })),
    meters: ids.map((id) => aMeter({ id, buildingId: id, intervalMinutes: 1440 })),
  });
  await district.upload(
    ids.flatMap((meter) =>
      Array.from({ length: DAYS[meter]! }, (_, day) => ({
        meter,
        date: new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
        interval: 1440,
        values: [20],
      })),
    ),
  );
}, 60_000);
afterAll(() => world.close());

const QUOTAS = (id: string, more = ''): string =>
  `{ building(id: "${id}") { intensity { quotas(year: 2025, climateZone: HOT_SUMMER_COLD_WINTER, buildingClass: "A" ${more}) {
    subtype guideValue own level savingPotential unlabelledBecause shareOfDays verified } } } }`;

interface Answer {
  building: { intensity: { quotas: object[] } };
}

async function labels(id: string, more?: string): Promise<object[]> {
  const { building } = await world.as('district-310101').mustAsk<Answer>(QUOTAS(id, more));
  return building.intensity.quotas;
}

test.each([0.9, 1.01])('a year is not called whole at a share of %d', async (share) => {
  const { errors } = await world.as('district-310101').ask(QUOTAS(WHOLE, `leastShareOfDays: ${share}`));
  expect(errors).toMatchObject([
    {
      message: `leastShareOfDays: must be 0.95 to 1, was ${share}`,
      extensions: { code: 'BAD_USER_INPUT', remedy: expect.stringMatching('a year that is over') as string },
    },
  ]);
});

test('part of a year has no label and no saving, and says why; what was used is told', async () => {
  const unlabelled = { level: null, savingPotential: null, own: '69.2', verified: false };
  const why = 'Values of 94.7 % of the days of 2025; a label needs 95 %.';
  expect(await labels(SHORT)).toEqual([
    expect.objectContaining({ subtype: '党政机关办公', ...unlabelled, unlabelledBecause: why }),
    expect.objectContaining({ subtype: '商业办公', ...unlabelled, unlabelledBecause: why }),
  ]);
  expect(await labels(WHOLE, 'leastShareOfDays: 1')).toMatchObject([
    { level: null, unlabelledBecause: 'Values of 95 % of the days of 2025; a label needs 100 %.' },
    { level: null },
  ]);
});

test('a year that is whole stands beside the quotas of its type', async () => {
  expect(await labels(WHOLE)).toMatchObject([
    { guideValue: '55', own: '69.4', level: 'REASONABLE', savingPotential: '1440', unlabelledBecause: null },
    { subtype: '商业办公', own: '69.4', unlabelledBecause: null },
  ]);
});

import { readied } from '../../../corrections/by-hand.js';
import { builtHub } from '../../../scripts/built-hub.js';
import { smallCity } from '../../../world/city.js';
import type { GraphqlReply } from '../../../world/caller.js';
import { aMeter } from '../../../world/things.js';
import { openWorld, type World } from '../../../world/world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
}, 120_000);
afterAll(() => world.close());

function register(...rows: object[]): Promise<GraphqlReply> {
  const mutation = `mutation ($rows: [MeterInput!]!) { registerMeters(meters: $rows) { id } }`;
  return world.as('district-310101').ask(mutation, { rows });
}

const gate = (rest: object): object => aMeter({ id: 'a-gate', ...rest });
const stored = (): Promise<object[]> => world.sql('select * from metering.meter order by id');

// prettier-ignore
const REFUSED: [string, object, string][] = [
  ['unit', { unit: 'MWh' }, 'unit'],
  ['class of energy and its unit', { energyItem: '03000', unit: 'm3' }, 'unit, the class of energyItem'],
  ['kind', { kind: 'REGISTER' }, 'kind'],
  ['interval', { intervalMinutes: 15 }, 'intervalMinutes'],
  ['multiplier', { multiplier: '1000' }, 'multiplier'],
  ['time zone', { timeZone: 'UTC' }, 'timeZone'],
];
test.each(REFUSED)(
  'a meter that has days keeps its %s: a change is refused with what to do, and none of its list is registered',
  async (_what, change, names) => {
    const before = await stored();
    const { errors } = await register(aMeter({ id: 'beside' }), gate(change));
    expect(errors).toMatchObject([
      {
        message: `a-gate has readings, so this stays as it is: ${names}.`,
        extensions: {
          code: 'CONFLICT',
          remedy: expect.stringMatching(/new meter.*replaceDevice.*requestBreakGlass/),
        },
      },
    ]);
    expect(await stored()).toEqual(before);
  },
);

test('the owner is refused likewise; that it is by hand a room cannot say', async () => {
  const change = `update metering.meter set unit = 'MWh' where id = 'a-gate'`;
  await expect(world.sql(change)).rejects.toMatchObject({ code: 'HB423' });
  const grant = JSON.stringify({
    reach: { 'meters:write': { areas: [''] }, 'meters:read': { areas: [''] } },
  });
  const asRoom = `begin; set local role hub_rooms; set local hub.by_hand = 'on'; select set_config('hub.grant', '${grant}', true)`;
  await expect(world.sql(`${asRoom}; ${change}; rollback`)).rejects.toMatchObject({ code: 'HB423' });
});

test('one reading of a register holds it too', async () => {
  await register(aMeter({ id: 'counter', kind: 'REGISTER' }));
  const reading = { meter: 'counter', time: '2026-01-02T00:00:00+08:00', value: 100 };
  await world.as('district-310101').upload([reading]);
  expect((await register(aMeter({ id: 'counter', multiplier: '80' }))).errors).toMatchObject([
    { message: 'counter has readings, so this stays as it is: multiplier.' },
  ]);
});

test('item within the class, name and level stay changeable; of a meter without readings everything', async () => {
  await register(aMeter({ id: 'empty' }));
  const { errors } = await register(
    gate({ name: 'Main gate', energyItem: '01D00' }),
    aMeter({ id: 'empty', energyItem: '03000', unit: 'm3', intervalMinutes: 15, multiplier: '2' }),
  );
  expect(errors).toBeUndefined();
  const [row] = await world.sql(`select name, energy_item from metering.meter where id = 'a-gate'`);
  expect(row).toEqual({ name: 'Main gate', energy_item: '01D00' });
  await register(gate({ name: 'Gate' }));
});

test('what was registered wrongly from the start is changed by hand, with two approvals, and the sums follow', async () => {
  const changes = { unit: 'MWh', interval_minutes: '30' };
  const id = await readied(world, { target: 'metering.meter', key: { id: 'a-gate' }, changes });
  const { status } = await builtHub(world, ['break-glass', 'apply', id, '--operator', 'Wang']);

  expect(status).toBe(0);
  const sql = `select distinct unit from metering.rollup_day where building = '310101A001' and energy_item = '01000' and total > 0`;
  expect(await world.sql(sql)).toEqual([{ unit: 'MWh' }]);
});

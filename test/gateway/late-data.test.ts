import { setTimeout as pause } from 'node:timers/promises';
import { aConsent, recordConsents, revokeConsent, until } from '../world/admin.js';
import type { Caller } from '../world/caller.js';
import { hours, smallCity, USCC_B } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';

const LATE = 'query ($id: ID!) { consent(id: $id) { lateDays } }';
const TWO = { categories: ['meters', 'readings'] };

describe.each(['together', 'apart'] as const)(
  'data that arrives after a consent ended, rooms %s',
  (rooms) => {
    let world: World;
    let service: Caller;
    let enterprise: Caller;
    let operator: Caller;
    let revoked: string;
    let narrow: string;
    beforeAll(async () => {
      world = await openWorld({ rooms, settings: { HUB_HOUSEKEEPING_SECONDS: '1' } });
      await smallCity(world);
      [service, enterprise] = [world.as('service-co'), world.as('enterprise-a')];
      operator = world.as('municipal').for('SUPERVISION');
      [revoked = '', narrow = ''] = await recordConsents(
        world,
        enterprise,
        aConsent(TWO),
        aConsent({ ...TWO, energyKinds: ['01'], meterLevels: [2] }),
      );
      await revokeConsent(enterprise, revoked);
      await revokeConsent(enterprise, narrow);
      await world.registryCatchesUp();
    }, 120_000);
    afterAll(() => world.close());

    const METRIC = /^hub_late_days_total\{stage="FORMAL",room="metering",category="readings"\} (\d+)$/m;
    /** As the operator reads it at the machine; undefined before the first round. */
    const counted = async (): Promise<string | undefined> =>
      METRIC.exec(await (await fetch(`${world.hub.operationsUrl}/metrics`)).text())?.[1];
    const lateDays = async (caller: Caller, id = revoked) =>
      (await caller.ask(LATE, { id })).data?.['consent'];
    const everything = async () =>
      JSON.stringify([
        await service.ask(LATE, { id: revoked }),
        await service.ask('{ consents { nodes { id status endedAt lateDays erasureNotice { eraseBy } } } }'),
        await service.ask('{ meterDays(from: "2026-01-01", to: "2026-03-31") { nodes { date } } }'),
      ]);

    test('goes nowhere, is counted for the subject and the operator, and cannot be told from none by the recipient', async () => {
      const before = await everything();
      await until(async () => (await counted()) === '0');
      expect(await lateDays(enterprise)).toEqual({ lateDays: 0 });

      const receipt = await world
        .as('district-310101')
        .upload([
          hours('a-gate', '2026-03-01', 1),
          hours('a-light', '2026-03-01', 1),
          hours('a-gate', '2026-01-01', 9),
          hours('b-gate', '2026-03-01', 1),
        ]);

      expect(receipt.json).toMatchObject({ accepted: 3, corrected: 1 });
      for (const caller of [enterprise, operator]) {
        expect(await lateDays(caller)).toEqual({ lateDays: 3 });
        expect(await lateDays(caller, narrow)).toEqual({ lateDays: 1 });
      }
      expect(await everything()).toBe(before);
      // Three of the one consent and one of the other, each once however many rounds follow.
      await until(async () => (await counted()) === '4');
      await pause(1_500);
      expect(await counted()).toBe('4');
    });

    test('what another consent of the two lets through did not come too late', async () => {
      await recordConsents(world, enterprise, aConsent({ ...TWO, meterLevels: [2] }));

      expect(await lateDays(enterprise)).toEqual({ lateDays: 2 });
      expect(await lateDays(enterprise, narrow)).toEqual({ lateDays: 0 });

      // What was counted before is not counted again.
      await world.as('district-310101').upload([hours('a-gate', '2026-03-02', 1)]);
      expect(await lateDays(enterprise)).toEqual({ lateDays: 3 });
      await until(async () => (await counted()) !== '4');
      expect(await counted()).toBe('5');
    });

    test('the recipient is not told either when another consent lets it see readings', async () => {
      await operator.mustAsk(
        'mutation ($rows: [ConsentInput!]!) { recordConsents(consents: $rows) { id } }',
        {
          rows: [aConsent({ ...TWO, subject: USCC_B, evidenceSha256: 'ab'.repeat(32) })],
        },
      );
      await world.registryCatchesUp();

      expect(await service.ask(LATE, { id: revoked })).toEqual({ data: { consent: { lateDays: null } } });
    });
  },
);

import { Checkpoints } from '../../../gateway/ledger/checkpoints.js';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import { readCheckpoint } from '../../../gateway/ledger/signed.js';
import { verifyLedger } from '../../../gateway/ledger/verify.js';
import { verifySigned } from '../../../scripts/client/signature.js';
import { aHome, anAnswer, createLedgerDatabase, type LedgerDatabase, TEST_HOME } from './ledger-database.js';

let database: LedgerDatabase;
let home: Awaited<ReturnType<typeof aHome>>;
let ledger: Ledger;

beforeAll(async () => {
  home = await aHome();
});
afterAll(() => home.remove());
beforeEach(async () => {
  database = await createLedgerDatabase();
  ledger = new Ledger(database.gateway, TEST_HOME);
  await Promise.all([1, 2, 3, 4, 5].map((n) => ledger.append(anAnswer(n))));
});
afterEach(() => database.drop());

const aGateway = (pool = database.gateway) => new Checkpoints({ pool, stage: 'FORMAL', sign: home.sign });

describe('a ledger that does not go on from its last checkpoint is not signed again', () => {
  const guardsOff =
    'alter table ledger.entry disable trigger all; alter table ledger.checkpoint disable trigger all';

  test.each([
    ['was cut', 'delete from ledger.entry where sequence > 3'],
    [
      'has other nodes',
      'update ledger.entry set nodes = overlay(nodes placing leaf from 33) where sequence = 4',
    ],
    ['has lost a row of its edge', 'delete from ledger.entry where sequence = 4'],
  ])('when it %s', async (_, statement) => {
    await aGateway().sign();
    await database.superuser.query(`${guardsOff}; ${statement}`);

    await expect(aGateway(database.anotherGateway()).sign()).rejects.toThrow(
      /not the one that|has lost a node/,
    );
    expect((await database.superuser.query('select from ledger.checkpoint')).rowCount).toBe(1);
  });

  test('when the stored checkpoints were taken away too, as long as the process remembers', async () => {
    const checkpoints = aGateway();
    await checkpoints.sign();
    await database.superuser.query(
      `${guardsOff}; delete from ledger.checkpoint; delete from ledger.entry where sequence > 3`,
    );

    await expect(checkpoints.sign()).rejects.toThrow(
      /is not the one that the checkpoint of 5 entries was signed for/,
    );
    await expect(checkpoints.covering(6)).rejects.toThrow(/is not the one/);
  });
});

test('no entry, no checkpoint of it: what the ledger has not come to is not covered', async () => {
  expect(await aGateway().covering(6)).toBeNull();
  expect(await aGateway().ofSize(4)).toBeNull();
});

test('a checkpoint is of the ledger as it stands, signed, and the same again while nothing comes', async () => {
  const signed = await aGateway().sign();

  await verifySigned(Buffer.from(signed.body), signed.signature, home.ca);
  expect(readCheckpoint(signed.body)).toEqual({
    stage: 'FORMAL',
    time: expect.stringMatching(/^20.*Z$/) as unknown,
    ...ledger.checkpoint(),
  });
  expect(await aGateway().sign()).toEqual(signed);
});

test('an empty ledger is signed too: whoever keeps that knows that nothing came before', async () => {
  const empty = await createLedgerDatabase();

  const { size, root } = await aGateway(empty.gateway).sign();

  expect({ size, root }).toEqual((await verifyLedger(empty.gateway)).head);
  await empty.drop();
});

test('of gateways that sign at once one checkpoint is kept, and each hands out that one', async () => {
  const gateways = Array.from({ length: 4 }, () => aGateway(database.anotherGateway()));

  const signed = await Promise.all(gateways.map((gateway) => gateway.sign()));

  expect(new Set(signed.map(({ signature }) => signature)).size).toBe(1);
  expect((await database.gateway.query('select from ledger.checkpoint')).rowCount).toBe(1);
});

test('an entry that comes while a checkpoint is being signed is covered by the next', async () => {
  const { promise: isAppended, resolve: appended } = Promise.withResolvers<void>();
  const sign = async (text: string): Promise<string> => {
    await isAppended;
    return home.sign(text);
  };
  const checkpoints = new Checkpoints({ pool: database.gateway, stage: 'FORMAL', sign });
  const underWay = checkpoints.sign();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { sequence } = await ledger.append(anAnswer(6));
  const covering = checkpoints.covering(sequence);
  appended();

  expect([(await underWay).size, (await covering)?.size]).toEqual([5, 6]);
});

test('gateways that append and sign beside each other leave one ledger, with which every checkpoint agrees', async () => {
  const gateways = Array.from({ length: 3 }, () => {
    const pool = database.anotherGateway();
    return { ledger: new Ledger(pool, TEST_HOME, { batch: 7 }), checkpoints: aGateway(pool) };
  });
  const seen: { size: number; root: string }[] = [];

  await Promise.all(
    gateways.map(async (gateway, own) => {
      for (let round = 0; round < 10; round += 1) {
        await Promise.all(
          Array.from({ length: 20 }, (_, n) => gateway.ledger.append(anAnswer(own * 1_000 + n))),
        );
        seen.push(gateway.ledger.checkpoint());
        const { size, root } = await gateway.checkpoints.sign();
        seen.push({ size, root });
      }
    }),
  );

  const { entries, checkpoints, problem } = await verifyLedger(database.gateway, { given: seen });
  expect([entries, problem]).toEqual([605, undefined]);
  expect(checkpoints).toBeGreaterThan(seen.length);
});

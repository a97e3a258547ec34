import { sealKey } from '../../../gateway/keys.js';
import { Ledger } from '../../../gateway/ledger/ledger.js';
import { verifyLedger } from '../../../gateway/ledger/verify.js';
import { notedHeads, Witness } from '../../../gateway/ledger/witness.js';
import { aHome, anAnswer, createLedgerDatabase, type LedgerDatabase } from './ledger-database.js';

let database: LedgerDatabase;
let home: Awaited<ReturnType<typeof aHome>>;
let faults: string[];

beforeEach(async () => {
  faults = [];
  [database, home] = await Promise.all([createLedgerDatabase(), aHome()]);
});
afterEach(() => Promise.all([database.drop(), home.remove()]));

const aLedger = async (): Promise<Ledger> => {
  const pool = database.anotherGateway();
  const fault = (error: unknown) => faults.push(String(error));
  const witness = new Witness({ home: home.home, stage: 'FORMAL', pool, fault });
  return new Ledger(pool, { sealKey: await sealKey(home.home, 'FORMAL'), witness }).open();
};
const heads = () => notedHeads(home.home, 'FORMAL');
const cutOff = (from: number) =>
  database.superuser.query(
    `alter table ledger.entry disable trigger refuse_change; delete from ledger.entry where sequence >= ${from}`,
  );

test('a head whose entry is gone stays and is told of, though others record past it', async () => {
  const first = await aLedger();
  await Promise.all([1, 2, 3].map((n) => first.append(anAnswer(n))));
  await first.close();
  const noted = await heads();
  await cutOff(2);
  const next = await aLedger();
  await Promise.all([4, 5, 6, 7].map((n) => next.append(anAnswer(n))));
  await next.close();

  const { problem } = await verifyLedger(database.gateway, { heads: await heads() });

  expect(await heads()).toEqual(expect.arrayContaining(noted));
  expect(faults).toEqual([expect.stringContaining('entry 3 was recorded and is gone')]);
  expect(problem).toMatchObject({ sequence: 1, what: 'rewritten' });
});

test('two gateways leave the head of who came furthest, and with their seals the ledger holds', async () => {
  const ledgers = await Promise.all([aLedger(), aLedger()]);
  await Promise.all(Array.from({ length: 200 }, (_, n) => ledgers[n % 2]!.append(anAnswer(n))));
  await ledgers[0]!.close();
  await ledgers[1]!.close();

  const options = { heads: await heads(), sealKey: await sealKey(home.home, 'FORMAL') };

  expect(Math.max(...options.heads.map(({ sequence }) => sequence))).toBe(200);
  expect(faults).toEqual([]);
  expect(await verifyLedger(database.gateway, options)).not.toHaveProperty('problem');
  const other = { sealKey: await sealKey(home.home, 'TEST') };
  expect((await verifyLedger(database.gateway, other)).problem).toMatchObject({
    sequence: 1,
    what: 'inserted',
  });
});

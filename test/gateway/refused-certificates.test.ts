import { setTimeout as pause } from 'node:timers/promises';
import type { CertificateRefusedFacts } from '../../gateway/ledger/entry.js';
import { RefusedCertificates, type Sighting } from '../../gateway/identity/refused.js';
import type { Ledger } from '../../gateway/ledger/ledger.js';
import { CLIENT } from '../../certs/profiles.js';
import { selfSigned } from '../certs/handshakes.js';
import { openWorld, type World } from '../world/world.js';
import { fingerprintOf, introduce, issued, registered } from './strangers.js';

type Entry = Omit<CertificateRefusedFacts, 'event' | 'since'>;

/** What is recorded, in place of a ledger on disk; it forgets nothing and can be made to fail. */
function listening(): { entries: Entry[]; ledger: Ledger; fail: (error: Error) => void } {
  const entries: Entry[] = [];
  let failure: Error | undefined;
  const append = async ({ code, fingerprint, tenant, count }: CertificateRefusedFacts): Promise<void> => {
    if (failure) throw failure;
    entries.push({ code, fingerprint, tenant, count });
  };
  return { entries, ledger: { append } as unknown as Ledger, fail: (error) => void (failure = error) };
}

describe('who is refused', () => {
  const known: Sighting = { code: 'CERTIFICATE_REVOKED', fingerprint: 'f', stage: 'TEST', tenant: 't' };

  test('a thousand times in an hour makes two entries of the stage’s ledger: the first, and how many more', async () => {
    const [formal, test] = [listening(), listening()];
    const refused = new RefusedCertificates({ FORMAL: formal.ledger, TEST: test.ledger }, String);

    for (let time = 0; time < 1_000; time++) refused.note(known);
    await refused.settle(Date.now() - 1_000);
    expect(test.entries).toHaveLength(1);
    await refused.settle(Date.now());

    const entry = { code: 'CERTIFICATE_REVOKED', fingerprint: 'f', tenant: 't' };
    expect(test.entries).toEqual([
      { ...entry, count: 1 },
      { ...entry, count: 999 },
    ]);
    expect(formal.entries).toEqual([]);
    refused.note(known);
    expect(test.entries).toHaveLength(3);
  });

  test('as a flood of strangers fills nothing: after a hundred an hour they are counted together', async () => {
    const { entries, ledger } = listening();
    const refused = new RefusedCertificates({ FORMAL: ledger, TEST: ledger }, String);

    for (let stranger = 0; stranger < 5_000; stranger++)
      refused.note({ code: 'CERTIFICATE_UNTRUSTED', fingerprint: `${stranger}` });
    refused.note(known);
    await refused.close();

    expect(entries).toHaveLength(103);
    expect(entries.reduce((sum, { count }) => sum + count, 0)).toBe(5_001);
    expect(entries.find(({ fingerprint, count }) => fingerprint === null && count > 1)?.count).toBe(4_899);
    expect(entries.at(-2)).toMatchObject({ tenant: 't' });
  });

  test('and cannot be recorded, is refused all the same, and the fault is logged', async () => {
    const { ledger, fail } = listening();
    const faults: string[] = [];
    const refused = new RefusedCertificates({ FORMAL: ledger, TEST: ledger }, (error, where) => {
      faults.push(`${where}: ${String(error)}`);
      return '';
    });
    fail(new Error('disk full'));

    refused.note(known);
    await refused.close();

    expect(faults).toEqual(['ledger of refused certificates: Error: disk full']);
  });
});

describe('at the front door', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, 60_000);
  afterAll(() => world.close());

  test('strangers, nobody, and certificates of ours that are not good stand in the ledger, once for each', async () => {
    const stranger = await selfSigned(CLIENT);
    const unregistered = await issued(world, 'nobody', 'TEST');
    const held = await registered(world, await issued(world, 'scopeless', 'FORMAL'), 'scopeless', 'FORMAL');
    await world.sql(`update tenants.certificate set status = 'SUSPENDED' where fingerprint = $1`, [
      fingerprintOf(held),
    ]);
    await world.registryCatchesUp();

    for (const pair of [undefined, stranger, stranger, unregistered, held]) await introduce(world, pair);
    await pause(300);

    const refused = async (stage: 'FORMAL' | 'TEST') => {
      const rows = await world.sql<{ facts: string }>(
        'select facts from ledger.entry order by sequence',
        [],
        stage,
      );
      return rows
        .map(({ facts }) => JSON.parse(facts) as CertificateRefusedFacts)
        .filter(({ event }) => event === 'CERTIFICATE_REFUSED')
        .map(({ code, fingerprint, tenant, count }) => [code, fingerprint, tenant, count]);
    };
    expect(await refused('FORMAL')).toEqual([
      ['CERTIFICATE_REQUIRED', null, null, 1],
      ['CERTIFICATE_UNTRUSTED', fingerprintOf(stranger), null, 1],
      ['CERTIFICATE_SUSPENDED', fingerprintOf(held), 'scopeless', 1],
    ]);
    expect(await refused('TEST')).toEqual([
      ['CERTIFICATE_UNREGISTERED', fingerprintOf(unregistered), null, 1],
    ]);
  });
});

import type { ActFacts } from '../../gateway/ledger/entry.js';
import type { Stage } from '../../gateway/policy/grant.js';
import { openWorld, type World } from '../world/world.js';
import { apply, ask, officesOf, take } from './application.js';

describe.each(['together', 'apart'] as const)('with rooms %s, what is done in TEST', (rooms) => {
  let world: World;
  let id: string;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    const { bureau, center, info } = officesOf(world);
    id = await apply(bureau);
    await take(bureau, 'submitApplication', id);
    await take(center, 'reviewProtocol', id, 'TAKE_UP');
    await take(center, 'reviewProtocol', id, 'PASS_PROTOCOL');
    await take(info, 'reviewSecurity', id, 'PASS_SECURITY');
  }, 120_000);
  afterAll(() => world.close());

  const last = async (stage: Stage): Promise<string> =>
    (await world.sql<{ last: string }>('select coalesce(max(sequence), -1) as last from ledger.entry', [], stage))[0]!
      .last; // prettier-ignore

  /** What the ledgers of both stages gain by `act`: `<mutation> <type> <object>`, each by the municipal operator. */
  async function toldBy(act: () => Promise<unknown>): Promise<Record<Stage, string[]>> {
    const since = { TEST: await last('TEST'), FORMAL: await last('FORMAL') };
    await act();
    const told = async (stage: Stage): Promise<string[]> => {
      const rows = await world.sql<{ facts: string }>(
        'select facts from ledger.entry where sequence > $1 order by sequence',
        [since[stage]],
        stage,
      );
      const entries = rows.map(({ facts }) => JSON.parse(facts) as ActFacts);
      return entries
        .filter(({ event, tenant }) => event === 'ACT' && tenant === 'municipal')
        .flatMap(({ acts }) => acts.map((one) => `${one.act} ${one.type} ${one.object}`));
    };
    return { TEST: await told('TEST'), FORMAL: await told('FORMAL') };
  }

  const waiting = (stage: Stage) => world.sql('select request from runtime.act_outbox', [], stage);
  const idsOf = async (type: string, key: string, table: string): Promise<string[]> => {
    const rows = await world.sql<{ id: string }>(
      `select ${key} as id from tenants.${table} where tenant = 'pudong'`,
      [],
      'TEST',
    );
    return rows.map((row) => `approveForTest ${type} ${row.id}`);
  };

  test('leaves nothing in either ledger where the step is refused', async () => {
    const { center, municipal } = officesOf(world);
    const told = await toldBy(async () => {
      expect(await take(center, 'approveForTest', id)).toBe('SCOPE_MISSING');
      expect(await take(municipal, 'resumeApplication', id)).toBe('WRONG_STATE');
    });
    expect(told).toEqual({ TEST: [], FORMAL: [] });
  });

  test('stays done and told though FORMAL takes back its own part: all that was made, by its ids', async () => {
    const { municipal } = officesOf(world);
    const told = await toldBy(() =>
      municipal.ask(
        `mutation ($id: ID!) { approveForTest(id: $id, opinion: "同意") { state }
          again: approveForTest(id: $id, opinion: "同意") { state } }`,
        { id },
      ),
    );

    const scopes = await idsOf('Scope', 'id', 'scope');
    expect(scopes).toHaveLength(10);
    expect(told.FORMAL).toEqual([]);
    expect(told.TEST.toSorted()).toEqual(
      [
        'approveForTest Tenant pudong',
        ...(await idsOf('PurposeDeclaration', 'id', 'purpose_declaration')),
        ...scopes,
        ...(await idsOf('CertificateApproval', 'id', 'certificate_approval')),
        ...(await idsOf('Certificate', 'fingerprint', 'certificate')),
      ].toSorted(),
    );
    expect(await waiting('TEST')).toEqual([]);
  });

  test('by an approval that finds the tenant there is its approval and its certificate', async () => {
    const { municipal } = officesOf(world);
    const before = await idsOf('CertificateApproval', 'id', 'certificate_approval');
    const told = await toldBy(() => ask(municipal, 'approveForTest', id));

    expect(told.FORMAL).toEqual([`approveForTest Application ${id}`]);
    const approvals = await idsOf('CertificateApproval', 'id', 'certificate_approval');
    expect(told.TEST).toEqual([
      ...approvals.filter((one) => !before.includes(one)),
      expect.stringMatching(/^approveForTest Certificate [0-9a-f]{64}$/),
    ]);
  });

  test.each([
    ['suspendApplication', 'SUSPENDED'],
    ['resumeApplication', 'APPROVED_TEST'],
    ['withdrawApproval', 'WITHDRAWN'],
  ])('by %s is in its ledger', async (mutation, state) => {
    const { municipal } = officesOf(world);
    const told = await toldBy(async () => expect(await take(municipal, mutation, id)).toBe(state));

    expect(told).toEqual({
      TEST: [`${mutation} Tenant pudong`],
      FORMAL: [`${mutation} Application ${id}`],
    });
    expect(await waiting('TEST')).toEqual([]);
  });
});

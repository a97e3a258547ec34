import { createHash } from 'node:crypto';
import type { ActFacts } from '../../gateway/ledger/entry.js';
import { decide, proposed, aDay } from '../corrections/proposals.js';
import { aConsent, aScope, recordConsents, revokeConsent } from '../world/admin.js';
import type { Caller } from '../world/caller.js';
import { smallCity, USCC_NORTH } from '../world/city.js';
import { aMeter, anEnterprise } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

describe.each(['together', 'apart'] as const)('with rooms %s', (rooms) => {
  let world: World;
  let operator: Caller;
  let district: Caller;
  beforeAll(async () => {
    world = await openWorld({ rooms });
    await smallCity(world);
    operator = world.as('municipal').for('PLATFORM_OPERATION');
    district = world.as('district-310101');
  }, 120_000);
  afterAll(() => world.close());

  /** The events that the ledger gains by `act`, and the acts among them. */
  async function recordedBy<T>(act: () => Promise<T>) {
    const [before] = await world.sql<{ last: string }>('select max(sequence) as last from ledger.entry');
    const answer = await act();
    const rows = await world.sql<{ facts: string }>(
      'select facts from ledger.entry where sequence > $1 order by sequence',
      [before?.last],
    );
    const entries = rows.map(
      ({ facts }) => JSON.parse(facts) as ActFacts | { event: string; request: string },
    );
    const told = entries.filter((entry): entry is ActFacts => entry.event === 'ACT');
    return { answer, entries, told, acts: told.flatMap(({ acts }) => acts) };
  }

  const ADD = `mutation ($scopes: [ScopeInput!]!, $more: [ScopeInput!]!) {
    addScopes(scopes: $scopes) { id } again: addScopes(scopes: $more) { id } }`;
  const scope = (rest: object = {}) => ({
    ...aScope({ tenant: 'service-co', area: '310101' }),
    purposes: ['ENERGY_SERVICE'],
    ...rest,
  });

  test('a mutation that is refused leaves none, nor does what was done before in the same transaction', async () => {
    const { answer, entries, acts } = await recordedBy(() =>
      operator.ask(ADD, { scopes: [scope()], more: [scope({ area: '999999' })] }),
    );

    expect(answer.errors).toHaveLength(1);
    expect(acts).toEqual([]);
    expect(entries).toMatchObject([{ event: 'DECISION' }, { event: 'DECISION_AND_RELEASE' }]);
  });

  test('a query leaves none', async () => {
    const { acts } = await recordedBy(() => district.mustAsk('{ meters { nodes { id } } }'));

    expect(acts).toEqual([]);
  });

  test('scopes that were added stand in the ledger by id, field by field, under the request that added them', async () => {
    const { answer, entries, told, acts } = await recordedBy(() =>
      operator.mustAsk<Record<'addScopes' | 'again', { id: string }[]>>(ADD, {
        scopes: [scope(), scope({ category: 'meters' })],
        more: [scope({ category: 'audits' })],
      }),
    );

    expect(acts.map(({ act, type, object }) => [act, type, object])).toEqual(
      [...answer.addScopes, ...answer.again].map(({ id }) => ['addScopes', 'Scope', id]),
    );
    expect(entries.map(({ event }) => event)).toEqual(['DECISION', 'DECISION_AND_RELEASE', 'ACT']);
    expect(told).toMatchObject([
      { request: entries[0]?.request, tenant: 'municipal', purpose: 'PLATFORM_OPERATION' },
    ]);
  });

  test('an act commits to the row as it was afterwards, under a salt of its own', async () => {
    const { acts } = await recordedBy(() => operator.mustAsk(ADD, { scopes: [scope()], more: [] }));

    const [{ object, sha256, salt } = { object: '', sha256: '', salt: '' }] = acts;
    const [row] = await world.sql<{ text: string }>(
      `select jsonb_build_object('id', id, 'tenant', tenant, 'tenantArea', tenant_area, 'category', category,
         'action', action, 'area', area, 'energyKinds', energy_kinds, 'buildingTypes', building_types,
         'purposes', purposes, 'validFrom', valid_from::text, 'validTo', valid_to::text, 'replaces', replaces,
         'setBy', set_by, 'setAt', set_at::text, 'endedBy', ended_by)::text as text
       from tenants.scope where id = $1`,
      [object],
    );
    const members = Object.entries(JSON.parse(row?.text ?? '{}') as object).toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    );
    const text = JSON.stringify({ row: Object.fromEntries(members), salt });
    expect([salt, sha256]).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      createHash('sha256').update(text).digest('hex'),
    ]);
  });

  test('an approved correction and a revoked consent stand there by their ids', async () => {
    const proposal = await recordedBy(() => proposed(district, { day: aDay() }));
    const approval = await recordedBy(() =>
      decide(world.as('municipal'), 'approveCorrection', proposal.answer),
    );
    const enterprise = world.as('enterprise-a');
    const [consent = ''] = await recordConsents(world, enterprise, aConsent());
    const end = await recordedBy(() => revokeConsent(enterprise, consent));

    expect(proposal.acts).toMatchObject([
      { act: 'proposeCorrection', type: 'Correction', object: proposal.answer },
    ]);
    expect(approval.acts).toMatchObject([
      { act: 'approveCorrection', type: 'Correction', object: proposal.answer },
    ]);
    expect(end.acts).toMatchObject([{ act: 'revokeConsent', type: 'Consent', object: consent }]);
  });

  test('a credit code never stands there: an enterprise is committed to and not named', async () => {
    const enterprises = [anEnterprise({ uscc: USCC_NORTH, area: '310104' })];
    const text = `mutation ($rows: [EnterpriseInput!]!) { registerEnterprises(enterprises: $rows) { uscc } }`;
    const { entries, acts } = await recordedBy(() =>
      world.as('district-310104').mustAsk(text, { rows: enterprises }),
    );

    expect(acts).toMatchObject([{ act: 'registerEnterprises', type: 'Enterprise', object: null }]);
    expect(JSON.stringify(entries)).not.toContain(USCC_NORTH);
  });

  test('as many entries are made as it takes for what was done to all of them', async () => {
    const meters = Array.from({ length: 130 }, (_, n) => aMeter({ id: `${'many-'.repeat(8)}${n}` }));
    const text = 'mutation ($rows: [MeterInput!]!) { registerMeters(meters: $rows) { id } }';
    const { told, acts } = await recordedBy(() => district.mustAsk(text, { rows: meters }));

    expect(told.length).toBeGreaterThan(1);
    expect(acts.map(({ object }) => object).toSorted()).toEqual(meters.map(({ id }) => id).toSorted());
  });
});

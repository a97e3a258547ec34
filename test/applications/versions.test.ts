import { makeRequest } from '../../certs/request.js';
import { usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import {
  aBatch,
  aCertificate,
  aForm,
  anApplication,
  apply,
  ask,
  aUnit,
  freshKey,
  officesOf,
  SHA,
  take,
  toTesting,
} from './application.js';

describe('versions, batches and offices', () => {
  let world: World;
  let id: string;
  beforeAll(async () => {
    world = await openWorld();
    id = await toTesting(world);
  }, 60_000);
  afterAll(() => world.close());

  test('a changed list of units is the next version; the old one stays, and both can be compared', async () => {
    const { bureau } = officesOf(world);
    const units = [aUnit({ name: '更名单位' }), aUnit({ uscc: usccOf(21) })];
    const amend = `mutation ($id: ID!, $form: ApplicationFormInput!) { amendApplication(id: $id, form: $form) { version } }`;
    expect(await bureau.ask(amend, { id, form: aForm({ units }) })).toEqual({
      data: { amendApplication: { version: 2 } },
    });

    const { changes, one, two } = await bureau.mustAsk<Record<string, { nodes: { name: string }[] }>>(
      `query ($id: ID!) { changes: applicationChanges(application: $id, from: 1, to: 2) { field unit { uscc } kind fields }
        one: applicationUnits(application: $id, version: 1) { nodes { name } }
        two: applicationUnits(application: $id, version: 2) { nodes { name } } }`,
      { id },
    );
    expect(changes).toEqual([
      { field: 'numberOfUnits', unit: null, kind: 'CHANGED', fields: [] },
      { field: null, unit: { uscc: usccOf(15) }, kind: 'CHANGED', fields: ['name'] },
      { field: null, unit: { uscc: usccOf(21) }, kind: 'ADDED', fields: [] },
    ]);
    expect([one?.nodes.length, two?.nodes.length]).toEqual([1, 2]);
  });

  const APPLY = `mutation ($batch: ApplicationBatchInput!) {
    done: applyForConnections(batch: $batch) { id state batch form { numberOfUnits scopes { area } } } }`;

  test.each<[string, (batch: ReturnType<typeof aBatch>) => void, string]>([
    [
      'an enterprise whose unit lies elsewhere',
      ({ enterprises: [, bad] }) => void (bad!.unit.place = '310104'),
      'BAD_USER_INPUT: enterprises[1] (works-2): unit.place: lies outside 310115.',
    ],
    [
      'one enterprise twice',
      ({ enterprises }) => void (enterprises[1] = enterprises[0]!),
      'CONFLICT: enterprises[1] (works-1): ',
    ],
    [
      'a common form that is wrong',
      ({ form }) => void (form.network = 'VPN'),
      'BAD_USER_INPUT: form.network: GOVERNMENT_EXTRANET or INTERNET.',
    ],
    [
      'a number that is not that of its enterprises',
      ({ form }) => void (form.numberOfUnits = 3),
      'BAD_USER_INPUT: form.numberOfUnits: says 3, the batch holds 2.',
    ],
  ])('a batch with %s stores nothing and says where', async (_what, spoil, said) => {
    const batch = aBatch(2);
    spoil(batch);

    const { errors } = await officesOf(world).bureau.ask(APPLY, { batch });

    expect(`${errors?.[0]?.extensions.code}: ${errors?.[0]?.message}`.startsWith(said)).toBe(true);
    expect(await world.sql('select from tenants.application where batch is not null')).toEqual([]);
    expect(await world.sql(`select from tenants.application_key where tenant like 'works-%'`)).toEqual([]);
  });

  test('a batch is an application for each enterprise, in its own area, found by the batch', async () => {
    const { bureau } = officesOf(world);
    const { done } = await bureau.mustAsk<{ done: { id: string; batch: string; state: string }[] }>(APPLY, {
      batch: aBatch(2),
    });

    const form = { numberOfUnits: 1, scopes: [{ area: '310115' }] };
    const [{ batch = '' } = {}] = done;
    expect(batch).toMatch(/^apb_/);
    expect(done).toMatchObject([
      { state: 'DRAFT', batch, form },
      { state: 'DRAFT', batch, form },
    ]);
    expect(
      await bureau.ask('query ($batch: ID!) { applications(batch: $batch) { nodes { tenant } } }', { batch }),
    ).toEqual({ data: { applications: { nodes: [{ tenant: 'works-2' }, { tenant: 'works-1' }] } } });
  });

  test('nobody reads an application who has no office, and a waiver is for what may be waived', async () => {
    const { center, national } = officesOf(world);
    expect(
      await world.as('district-310101').ask('query ($id: ID!) { application(id: $id) { id } }', { id }),
    ).toMatchObject({
      data: { application: null },
      errors: [{ extensions: { code: 'SCOPE_MISSING' } }],
    });
    expect(await take(center, 'waiveRequirement', id, 'TEST_TRANSMISSION')).toBe('SCOPE_MISSING');
    expect(await take(national, 'waiveRequirement', id, 'TRIAL_RUN_REPORT')).toBe('BAD_USER_INPUT');
    const { errors } = await national.ask(
      'mutation ($id: ID!) { waiveRequirement(id: $id, requirement: "TEST_TRANSMISSION") { id } }',
      { id },
    );
    expect(errors?.[0]?.message).toMatch(/the opinion or reason is missing/);
    const withoutLetter = await national.ask(
      'mutation ($id: ID!) { waiveRequirement(id: $id, requirement: "TEST_TRANSMISSION", opinion: "来函说明") { id } }',
      { id },
    );
    expect(withoutLetter.errors?.[0]).toMatchObject({
      message: 'WAIVE: the letter is missing.',
      extensions: { code: 'BAD_USER_INPUT', remedy: expect.stringMatching(/evidenceSha256/) },
    });
  });

  test('a waiver by another approver opens the way, with its reason; who waived does not approve', async () => {
    const { bureau, center, info, municipal, national } = officesOf(world);
    expect(await take(center, 'reviewProtocol', id, 'CONFIRM_STABLE')).toBe('CONNECTION_NOT_READY');
    for (const requirement of ['TEST_TRANSMISSION', 'SOFTWARE_TEST_REPORT', 'SECURITY_TEST_REPORT'])
      expect(await take(national, 'waiveRequirement', id, requirement)).toBe('TESTING');
    expect(await take(municipal, 'waiveRequirement', id, 'TEST_TRANSMISSION')).toBe('WRONG_STATE');
    expect(await take(center, 'reviewProtocol', id, 'CONFIRM_STABLE')).toBe('STABLE');
    const papers = ['ACCEPTANCE_REPORT', 'TRIAL_RUN_REPORT'].map((kind) => ({
      kind,
      name: kind,
      sha256: SHA,
    }));
    const certificates = [aCertificate(), aCertificate({ accessType: 'FORMAL' })];
    await bureau.mustAsk(
      `mutation ($id: ID!, $form: ApplicationFormInput!) { amendApplication(id: $id, form: $form) { version } }`,
      { id, form: aForm({ papers, certificates }) },
    );
    await take(center, 'reviewProtocol', id, 'PASS_PROTOCOL');
    await take(info, 'reviewSecurity', id, 'PASS_SECURITY');

    const refused = await ask(national, 'approveForFormal', id);
    expect(refused.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/has waived/),
      extensions: { code: 'FOUR_EYES' },
    });
    const { readiness } = await bureau.mustAsk<{ readiness: { isReady: boolean; requirements: object[] } }>(
      `query ($id: ID!) { readiness: connectionReadiness(application: $id) { isReady requirements { requirement isMet waivedBy waivedFor } } }`,
      { id },
    );
    expect(readiness.isReady).toBe(true);
    expect(readiness.requirements).toContainEqual({
      requirement: 'SOFTWARE_TEST_REPORT',
      isMet: true,
      waivedBy: 'national',
      waivedFor: '来函说明',
    });
    expect(await take(municipal, 'approveForFormal', id)).toBe('APPROVED_FORMAL');
    expect(await take(municipal, 'withdrawApproval', id)).toBe('WITHDRAWN');
    expect(await world.sql(`select status from tenants.tenant where id = 'pudong'`, [], 'TEST')).toEqual([
      { status: 'CLOSED' },
    ]);
  });

  test('no application brings a certificate in the name of a tenant that is there already', async () => {
    const { bureau, center, info, municipal } = officesOf(world);
    const tenant = { id: 'district-310115', name: '浦东新区', tier: 'DISTRICT', area: '310115' };
    await municipal.mustAsk(
      'mutation ($tenants: [TenantInput!]!) { registerTenants(tenants: $tenants) { id } }',
      { tenants: [tenant] },
    );
    const csr = makeRequest(freshKey(), tenant.id);
    const other = await apply(
      bureau,
      anApplication({ tenant, form: aForm({ certificates: [aCertificate({ csr })] }) }),
    );
    await take(bureau, 'submitApplication', other);
    await take(center, 'reviewProtocol', other, 'TAKE_UP');
    await take(center, 'reviewProtocol', other, 'PASS_PROTOCOL');
    await take(info, 'reviewSecurity', other, 'PASS_SECURITY');

    const { errors } = await ask(municipal, 'approveForTest', other);

    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(/district-310115 is registered already/),
      extensions: { code: 'CONFLICT', rule: 'application/tenant' },
    });
    expect(await world.sql(`select from tenants.tenant where id = 'district-310115'`, [], 'TEST')).toEqual(
      [],
    );
  });

  test('one platform with every scope still acts in one office only', async () => {
    const { bureau, municipal } = officesOf(world);
    const again = await apply(bureau, anApplication({ tenant: { ...anApplication().tenant, id: 'pudong' } }));
    await take(bureau, 'submitApplication', again);
    expect(await take(municipal, 'reviewProtocol', again, 'TAKE_UP')).toBe('PROTOCOL_REVIEW');
    expect(await take(municipal, 'reviewProtocol', again, 'PASS_PROTOCOL')).toBe('SECURITY_REVIEW');
    expect(await take(municipal, 'reviewSecurity', again, 'PASS_SECURITY')).toBe('FOUR_EYES');
    expect(await take(municipal, 'decideApplication', again, 'RETURN')).toBe('FOUR_EYES');
    expect(await take(municipal, 'reviewProtocol', again, 'SUBMIT')).toBe('BAD_USER_INPUT');
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAuthority } from '../../certs/authority.js';
import type { ActFacts } from '../../gateway/ledger/entry.js';
import type { Caller } from '../world/caller.js';
import { aBuilding, aMeter, has, usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { aForm, ask, asIssued, aUnit, formalForm, officesOf, take, toTesting } from './application.js';
import { aMeterInTest, asTheyWentBy, dayLines, daysBefore } from './month.js';

const MONTH = daysBefore(31);

describe('first tested, then connected', () => {
  let world: World;
  let id: string;
  let inTest: Caller;
  beforeAll(async () => {
    world = await openWorld();
    id = await toTesting(world);
    inTest = await asIssued(world, id, 'TEST');
  }, 60_000);
  afterAll(async () => {
    await inTest.close();
    await world.close();
  });

  const amend = (form: object) =>
    world
      .as('energy-bureau')
      .ask(
        'mutation ($id: ID!, $form: ApplicationFormInput!) { amendApplication(id: $id, form: $form) { version state } }',
        { id, form },
      );

  test('the certificate that was issued calls TEST with what was applied for; FORMAL knows nobody of that name', async () => {
    expect(await inTest.ask('{ me { tenant stage area purposes } }')).toEqual({
      data: { me: { tenant: 'pudong', stage: 'TEST', area: '310115', purposes: ['DATA_REPORTING'] } },
    });
    expect(await world.sql(`select from tenants.tenant where id = 'pudong'`)).toEqual([]);
    const rights = await world.sql<{ what: string }>(
      `select category || ':' || action as what from tenants.scope where tenant = 'pudong' order by 1`,
      [],
      'TEST',
    );
    expect(rights).toHaveLength(10);
    expect(await inTest.ask('{ tenants { nodes { id } } }')).toMatchObject({
      errors: [{ extensions: { code: 'SCOPE_MISSING' } }],
    });
  });

  test('the hub held no key of it: the key of the certificate is that of the request', async () => {
    const records = await (await openAuthority(world.home)).list('pudong');
    expect(records.map(({ stage, kind }) => [stage, kind])).toEqual([['TEST', 'CLIENT']]);
    expect(() => readFileSync(join(world.home, 'certs', 'pudong.key'))).toThrow('ENOENT');
  });

  test('before a month of stable days nobody finds it stable, and the refusal says what is missing', async () => {
    const { center } = officesOf(world);
    await aMeterInTest(inTest);
    const days = MONTH.slice(-2);
    expect(await inTest.upload(dayLines(days))).toMatchObject({ json: { accepted: 2 } });
    await asTheyWentBy(world, days);

    const { errors } = await ask(center, 'reviewProtocol', id, 'CONFIRM_STABLE');

    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(
        /TEST_TRANSMISSION: 2 days of stable transmission; a month is asked for/,
      ),
      extensions: {
        code: 'CONNECTION_NOT_READY',
        rule: 'application/readiness',
        remedy: expect.stringMatching(/90 % of the points within 24 h/),
      },
    });
    expect((await world.sql<{ state: string }>('select state from tenants.application'))[0]?.state).toBe(
      'TESTING',
    );
  });

  const twoMore = [
    aUnit({ uscc: usccOf(21), name: '无表单位' }),
    aUnit({ uscc: usccOf(22), name: '楼宇业主' }),
  ];

  test('a listed unit without a meter, or one that is silent, keeps the month from being stable, and is named', async () => {
    const { bureau, center } = officesOf(world);
    await inTest.upload(dayLines(MONTH));
    // A meter in a building counts for the owner of the building.
    const building = aBuilding({ id: '310115A001', ownerUscc: usccOf(22) });
    await has(inTest, {
      buildings: [building],
      meters: [aMeter({ id: 'pd-house', buildingId: building.id })],
    });
    await asTheyWentBy(world, MONTH);
    await amend(aForm({ units: [aUnit(), ...twoMore] }));

    const { errors } = await ask(center, 'reviewProtocol', id, 'CONFIRM_STABLE');
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining(
        `without a meter in TEST: 无表单位 (${usccOf(21)}). Listed units with meters of which nothing came in time: 楼宇业主 (${usccOf(22)}).`,
      ),
      extensions: {
        code: 'CONNECTION_NOT_READY',
        remedy: expect.stringMatching(/Register meters of theirs, or amend the list of units/),
      },
    });
    const { readiness, list } = await bureau.mustAsk<{ readiness: { days: object[] }; list: object }>(
      `query ($id: ID!) {
        readiness: connectionReadiness(application: $id) {
          units { listed withoutMeter silent named { uscc } } days { unitsListed unitsOnTime isStable } }
        list: applicationUnits(application: $id, version: 2) {
          nodes { uscc inTest { isRegistered meters daysOnTime lastOnTime } } } }`,
      { id },
    );
    expect(readiness).toMatchObject({
      units: {
        listed: 3,
        withoutMeter: 1,
        silent: 1,
        named: [{ uscc: usccOf(21) }, { uscc: usccOf(22) }],
      },
    });
    expect(readiness.days.at(-1)).toEqual({ unitsListed: 3, unitsOnTime: 1, isStable: false });
    expect(list).toEqual({
      nodes: [
        {
          uscc: usccOf(15),
          inTest: { isRegistered: true, meters: 1, daysOnTime: MONTH.length, lastOnTime: MONTH.at(-1) },
        },
        { uscc: usccOf(21), inTest: { isRegistered: false, meters: 0, daysOnTime: 0, lastOnTime: null } },
        { uscc: usccOf(22), inTest: { isRegistered: false, meters: 1, daysOnTime: 0, lastOnTime: null } },
      ],
    });
  });

  test('after it, it is stable; not before opinions, papers and annex 7 are there is FORMAL approved', async () => {
    const { center, info, municipal } = officesOf(world);
    await inTest.upload(dayLines(MONTH, 0, 'pd-house'));
    await asTheyWentBy(world, MONTH);
    await amend(aForm({ units: [aUnit(), aUnit({ uscc: usccOf(22) })] }));

    expect(await take(center, 'reviewProtocol', id, 'CONFIRM_STABLE')).toBe('STABLE');
    expect(await take(municipal, 'approveForFormal', id)).toBe('WRONG_STATE');
    expect(await take(center, 'reviewProtocol', id, 'PASS_PROTOCOL')).toBe('STABLE');
    expect(await take(info, 'reviewSecurity', id, 'PASS_SECURITY')).toBe('STABLE');
    const { errors } = await ask(municipal, 'approveForFormal', id);
    expect(errors?.[0]?.extensions.code).toBe('CONNECTION_NOT_READY');
    expect(errors?.[0]?.message).toMatch(/ACCEPTANCE_REPORT.*FORMAL_CERTIFICATE.*SECURITY_TEST/);

    expect(await amend(aForm({ ...formalForm(), network: 'INTERNET' }))).toMatchObject({
      errors: [{ extensions: { code: 'WRONG_STATE', rule: 'application/amendment' } }],
    });
    expect(await amend(formalForm({ units: [aUnit(), ...twoMore] }))).toMatchObject({
      data: { amendApplication: { version: 4, state: 'STABLE' } },
    });
    // The opinions were on the version before.
    expect(await take(municipal, 'approveForFormal', id)).toBe('WRONG_STATE');
    await take(center, 'reviewProtocol', id, 'PASS_PROTOCOL');
    await take(info, 'reviewSecurity', id, 'PASS_SECURITY');
    expect((await ask(municipal, 'approveForFormal', id)).errors?.[0]).toMatchObject({
      message: expect.stringContaining(`TEST: 无表单位 (${usccOf(21)}).`),
      extensions: { code: 'CONNECTION_NOT_READY' },
    });
    await amend(formalForm());
    await take(center, 'reviewProtocol', id, 'PASS_PROTOCOL');
    await take(info, 'reviewSecurity', id, 'PASS_SECURITY');
    expect(await take(municipal, 'approveForFormal', id)).toBe('APPROVED_FORMAL');
    expect(await world.sql(`select from tenants.tenant where id = 'pudong'`)).toEqual([]);
  });

  test('connected, a certificate of its own calls FORMAL, for as long as was approved; that of TEST stays in TEST', async () => {
    const { municipal } = officesOf(world);
    expect(await take(municipal, 'connectApplication', id)).toBe('CONNECTED');
    const [{ facts = '' } = {}] = await world.sql<{ facts: string }>(
      `select facts from ledger.entry where facts::json ->> 'event' = 'ACT' order by sequence desc limit 1`,
    );
    const types = (JSON.parse(facts) as ActFacts).acts.map(({ act, type }) => `${act} ${type}`);
    expect(new Set(types)).toEqual(
      new Set(
        ['Tenant', 'PurposeDeclaration', 'Scope', 'CertificateApproval', 'Certificate', 'Application'].map(
          (type) => `connectApplication ${type}`,
        ),
      ),
    );
    await world.registryCatchesUp();
    const formal = await asIssued(world, id, 'FORMAL');

    expect(await formal.ask('{ me { tenant stage } buildings { nodes { id } } }')).toEqual({
      data: { me: { tenant: 'pudong', stage: 'FORMAL' }, buildings: { nodes: [] } },
    });
    expect(await formal.ask('{ meters { nodes { id } } }')).toEqual({ data: { meters: { nodes: [] } } });
    expect(await inTest.ask('{ me { stage } }')).toEqual({ data: { me: { stage: 'TEST' } } });
    const [{ months = 0 } = {}] = await world.sql<{ months: number }>(
      `select extract(year from age(not_after, not_before - interval '1 hour'))::int * 12 as months
       from tenants.certificate where tenant = 'pudong'`,
    );
    expect(months).toBe(24);

    expect(await take(municipal, 'suspendApplication', id)).toBe('SUSPENDED');
    await world.registryCatchesUp();
    expect(await formal.ask('{ me { stage } }')).toMatchObject({
      errors: [{ extensions: { code: 'TENANT_INACTIVE' } }],
    });
    expect(await take(municipal, 'resumeApplication', id)).toBe('CONNECTED');
    await world.registryCatchesUp();
    expect(await formal.ask('{ me { stage } }')).toEqual({ data: { me: { stage: 'FORMAL' } } });
    await formal.close();
  });

  test('of what was done, by whom and with which opinion, all is kept', async () => {
    const { application } = await world.as('energy-bureau').mustAsk<{
      application: { events: { nodes: { act: string; actor: string; version: number }[] } };
    }>('query ($id: ID!) { application(id: $id) { events(first: 100) { nodes { act actor version opinion at } } } }', { id });
    expect(application.events.nodes.map(({ act, actor }) => `${act} ${actor}`).slice(0, 9)).toEqual([
      'SUBMIT energy-bureau',
      'TAKE_UP energy-center',
      'PASS_PROTOCOL energy-center',
      'PASS_SECURITY info-center',
      'APPROVE_TEST municipal',
      'BEGIN_TEST energy-center',
      'AMEND energy-bureau',
      'AMEND energy-bureau',
      'CONFIRM_STABLE energy-center',
    ]);
  });
});

import { type City, smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';
import type { GraphqlReply } from '../world/caller.js';
import { limited } from './limited.js';
import { aDay, codeOf, decide, hourly, idIn, propose, proposed } from './proposals.js';

describe('corrections of the archive, rooms apart', () => {
  let world: World;
  let city: City;
  beforeAll(async () => {
    world = await openWorld({ rooms: 'apart' });
    city = await smallCity(world);
  }, 120_000);
  afterAll(() => world.close());

  const audit = (fields: Record<string, string | null>, id = city.district.audits[1]): object =>
    record('ENERGY_AUDIT', id ?? '', fields);
  const record = (kind: string, id: string, fields: Record<string, string | null>): object => ({
    record: { kind, id, fields: Object.entries(fields).map(([field, value]) => ({ field, value })) },
  });

  test('nobody proposes what the archive would not take', async () => {
    const district = world.as('district-310101');
    const REFUSED: [object, string][] = [
      [audit({ conclusion: 'New.' }, city.north.audits[0]), 'NOT_FOUND'],
      [audit({ conclusion: 'New.' }, 'aud_none'), 'NOT_FOUND'],
      [record('INSPECTION', city.district.audits[0] ?? '', { state: 'COMPLETED' }), 'NOT_FOUND'],
      [audit({ area: '310104' }), 'BAD_USER_INPUT'],
      [audit({ recordedAt: '2026-01-01T00:00:00Z' }), 'BAD_USER_INPUT'],
      [audit({ year: 'last' }), 'BAD_USER_INPUT'],
      [audit({ savingPotentialPercent: '101' }), 'BAD_USER_INPUT'],
      [audit({ conclusion: null }), 'BAD_USER_INPUT'],
      [audit({ conclusion: 'Saves little.' }), 'BAD_USER_INPUT'],
      [audit({}), 'BAD_USER_INPUT'],
      [record('BUILDING', '310101A001', { name: 'Other' }), 'BAD_USER_INPUT'],
      [record('METER_DAY', 'a-gate', { values: '1' }), 'BAD_USER_INPUT'],
    ];
    const answers = await Promise.all(REFUSED.map(([correction]) => propose(district, correction)));

    expect(answers.map(codeOf)).toEqual(REFUSED.map(([, code]) => code));
    expect(answers.slice(5, 8).map(({ errors }) => errors?.[0]?.message)).toEqual([
      'year: is no smallint.',
      'savingPotentialPercent: the table does not take this (energy_audit_saving_potential_percent_check).',
      'conclusion: must not be empty.',
    ]);
    expect(await world.sql('select id from corrections.correction')).toEqual([]);
  });

  test('an audit is corrected field by field, exactly; what it was is kept whole', async () => {
    const [, id = ''] = city.district.audits;
    const fields = {
      energyUseKwhPerM2: '120.123456789012345',
      conclusion: 'Saves much.',
      savingPotentialPercent: null,
    };
    const answer = await propose(
      world.as('district-310101'),
      audit({ ...fields, savingPotentialPercent: '7' }),
    );

    expect(answer.data?.['done']).toMatchObject({
      kind: 'ENERGY_AUDIT',
      valuesAfter: null,
      changes: expect.arrayContaining([
        { field: 'energyUseKwhPerM2', before: '120.5', after: '120.123456789012345' },
        { field: 'savingPotentialPercent', before: null, after: '7' },
      ]),
    });
    const correction = idIn(answer);
    expect((await decide(world.as('municipal'), 'approveCorrection', correction)).data).toMatchObject({
      done: { state: 'APPROVED' },
    });

    const [stored] = await world.sql<object>('select * from audits.energy_audit where id = $1', [id]);
    expect(stored).toMatchObject({
      energy_use_kwh_per_m2: '120.123456789012345',
      conclusion: 'Saves much.',
      year: 2025,
    });
    expect(
      await world.sql(
        `select before ->> 'conclusion' as before, after ->> 'conclusion' as after, approved_by
         from audits.applied_correction where correction = $1`,
        [correction],
      ),
    ).toEqual([{ before: 'Saves little.', after: 'Saves much.', approved_by: 'municipal' }]);
  });

  test('two corrections of one field: the second finds other values than it was proposed for', async () => {
    const [id = ''] = city.district.reviews;
    const district = world.as('district-310101');
    const [first, second, beside] = [
      await proposed(district, record('METERING_REVIEW', id, { result: 'CORRECTION', nonconformities: '2' })),
      await proposed(district, record('METERING_REVIEW', id, { result: 'EXEMPT' })),
      await proposed(district, record('METERING_REVIEW', id, { leader: 'Wang' })),
    ];
    const organ = world.as('municipal');

    expect(codeOf(await decide(organ, 'approveCorrection', first))).toBeUndefined();
    expect(codeOf(await decide(organ, 'approveCorrection', second))).toBe('CORRECTION_STALE');
    expect(codeOf(await decide(organ, 'approveCorrection', beside))).toBeUndefined();
    expect(
      await world.sql('select result, nonconformities, leader from audits.metering_review where id = $1', [
        id,
      ]),
    ).toEqual([{ result: 'CORRECTION', nonconformities: 2, leader: 'Wang' }]);
  });

  test('an inspection, its documents and its findings are corrected alike', async () => {
    const [id = ''] = city.district.inspections;
    const district = world.as('district-310101');
    const query = `{ inspections(enterpriseUscc: "91310101HUB000011G") { nodes { id state documents { nodes { id name } }
      findings { nodes { id severity } } } } }`;
    type Archive = Record<'documents' | 'findings', { nodes: { id: string }[] }>;
    const before = await district.mustAsk<{ inspections: { nodes: Archive[] } }>(query);
    const [archive] = before.inspections.nodes;
    const corrections = [
      record('INSPECTION', id, { state: 'COMPLETED' }),
      record('INSPECTION_DOCUMENT', archive?.documents.nodes[0]?.id ?? '', { sha256: 'cd'.repeat(32) }),
      record('INSPECTION_FINDING', archive?.findings.nodes[0]?.id ?? '', {
        severity: 'VIOLATION',
        clause: null,
      }),
    ];
    for (const correction of corrections) {
      const proposal = await proposed(district, correction);
      expect(codeOf(await decide(world.as('municipal'), 'approveCorrection', proposal))).toBeUndefined();
    }

    expect(
      (await district.mustAsk<{ inspections: { nodes: object[] } }>(query)).inspections.nodes[0],
    ).toMatchObject({
      state: 'COMPLETED',
      findings: { nodes: [{ severity: 'VIOLATION' }] },
    });
    expect(
      await world.sql('select sha256 from inspections.document where id = $1', [
        archive?.documents.nodes[0]?.id,
      ]),
    ).toEqual([{ sha256: 'cd'.repeat(32) }]);
  });

  const AUDITS_OF_SHOPS = { tenant: 'national', category: 'audits', buildingTypes: ['B'] };
  const SHOW = `query ($record: ID!) { corrections(record: $record, state: "PROPOSED") { nodes {
    state proposedBy events { kind actor } changes { before after } valuesBefore valuesAfter } } }`;
  const show = (id: string) => world.as('national').ask(SHOW, { record: id });

  test('who may not read the record sees that it is being corrected and by whom, no value, and decides nothing', async () => {
    const [, , id = ''] = city.district.audits;
    const correction = await proposed(world.as('district-310101'), audit({ conclusion: 'Secret.' }, id));
    const national = world.as('national');
    const [seen, decisions] = await limited(world, AUDITS_OF_SHOPS, async () => [
      await show(id),
      [
        await decide(national, 'approveCorrection', correction),
        await decide(national, 'rejectCorrection', correction, 'No.'),
      ],
    ]);

    expect(seen.data).toEqual({
      corrections: {
        nodes: [
          {
            state: 'PROPOSED',
            proposedBy: 'district-310101',
            events: [{ kind: 'PROPOSED', actor: 'district-310101' }],
            changes: null,
            valuesBefore: null,
            valuesAfter: null,
          },
        ],
      },
    });
    expect(seen.errors?.[0]).toMatchObject({
      path: ['corrections', 'nodes', 0, 'changes'],
      extensions: {
        code: 'ROW_OUT_OF_REACH',
        rule: 'corrections/seen',
        field: 'Correction.changes',
        places: 1,
        remedy: expect.stringContaining('audits:read'),
      },
    });
    expect(JSON.stringify(seen)).not.toContain('Secret');
    expect(decisions.map(({ errors }) => errors?.[0]?.extensions)).toMatchObject([
      { code: 'ROW_OUT_OF_REACH', rule: 'corrections/seen' },
      { code: 'ROW_OUT_OF_REACH', rule: 'corrections/seen' },
    ]);
    expect((await show(id)).data).toMatchObject({
      corrections: { nodes: [{ changes: [{ before: 'Saves little.', after: 'Secret.' }] }] },
    });
    expect(codeOf(await decide(national, 'approveCorrection', correction))).toBeUndefined();
  });

  test('a day’s values follow the energy kinds that the reader may see', async () => {
    const day = { day: aDay({ meter: 'b-gate' }) };
    await proposed(world.as('district-310101'), day);
    type Shown = { nodes: { valuesBefore: unknown }[] };
    const values = ({ data }: GraphqlReply): unknown =>
      (data!['corrections'] as Shown).nodes[0]?.valuesBefore;

    const under = (kind: string): Promise<unknown> =>
      limited(world, { tenant: 'national', category: 'readings', energyKinds: [kind] }, async () =>
        values(await show('b-gate')),
      );
    expect(await under('03')).toBeNull();
    expect(await under('01')).toEqual(hourly('1'));
  });

  test('what a withdrawal answers with is withheld likewise, and it is withdrawn', async () => {
    const enterprise = world.as('enterprise-a');
    const id = await proposed(enterprise, audit({ conclusion: 'Better.' }, city.district.audits[0]));
    const text = 'mutation ($id: ID!) { done: withdrawCorrection(id: $id) { state changes { after } } }';
    const [again, { data, errors }] = await limited(
      world,
      { ...AUDITS_OF_SHOPS, tenant: 'enterprise-a' },
      async () => [
        await propose(enterprise, audit({ conclusion: 'Best.' }, city.district.audits[0])),
        await enterprise.ask(text, { id }),
      ],
    );

    expect(codeOf(again)).toBe('NOT_FOUND');
    expect(data).toEqual({ done: { state: 'WITHDRAWN', changes: null } });
    expect(errors?.[0]?.extensions).toMatchObject({ field: 'Correction.changes', places: 1 });
  });

  test('no right of the rooms reaches the values but through what shows them', async () => {
    const rights = await world.sql(
      `select attrelid::regclass || '.' || attname as value from pg_attribute join pg_class on pg_class.oid = attrelid
       where attname in ('before', 'after', 'changes', 'key') and attnum > 0 and relkind = 'r'
         and relname in ('correction', 'break_glass', 'break_glass_snapshot', 'applied_correction')
         and has_column_privilege('hub_rooms', attrelid, attnum, 'select')`,
    );
    expect(rights).toEqual([]);
  });
});

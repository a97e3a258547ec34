import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readUnits } from '../../scripts/console/application-form.js';
import type { ListedUnitInput } from '../../subgraphs/tenants/applications/inputs.js';
import { usccOf } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';
import { aCertificate, aForm, anApplication, apply, aUnit, officesOf } from './application.js';

const ASPECTS = ['DATA_QUALITY', 'METERING', 'END_DEVICES', 'AUTHORITY_OPINION'];

describe('what annex 6 asks of an enterprise', () => {
  let world: World;
  let id: string;
  beforeAll(async () => {
    world = await openWorld();
    id = await apply(officesOf(world).bureau, {
      ...anApplication(),
      kind: 'ENTERPRISE',
      tenant: { id: 'pudong', name: '用能单位', tier: 'ENTERPRISE', area: '310115', uscc: usccOf(15) },
      form: formOf({}),
    });
  }, 60_000);
  afterAll(() => world.close());

  const formOf = (unit: Partial<ListedUnitInput>) =>
    aForm({
      units: [aUnit(unit)],
      certificates: [
        aCertificate({
          ...{ unitDocument: 'INSTITUTION_REGISTRATION', uscc: null, unitDocumentNumber: '事证第1号' },
          ...{ unitPhone: '021-50000008', unitAddress: '世纪大道1号', county: '浦东新区', township: '陆家嘴街道' },
          ...{ mail: 'unit@example.cn', postcode: '200120', appliedOn: '2026-01-05', network: 'INTERNET' },
        }),
      ],
    }); // prettier-ignore
  const accepted = (isPassed = true) =>
    ASPECTS.map((aspect) => ({ aspect, isPassed: isPassed || aspect !== 'METERING', opinion: '合格' }));

  /** The requirements of annex 6 that are not met, with what is missing, after the unit is amended. */
  async function lacking(unit: Partial<ListedUnitInput>): Promise<string[]> {
    const { bureau } = officesOf(world);
    await bureau.mustAsk(
      'mutation ($id: ID!, $form: ApplicationFormInput!) { amendApplication(id: $id, form: $form) { version } }',
      { id, form: formOf(unit) },
    );
    const { readiness } = await bureau.mustAsk<{
      readiness: { requirements: { requirement: string; isMet: boolean; missing: string }[] };
    }>(
      'query ($id: ID!) { readiness: connectionReadiness(application: $id) { requirements { requirement isMet missing } } }',
      { id },
    );
    return readiness.requirements
      .filter(({ requirement, isMet }) => requirement.startsWith('UNIT_') && !isMet)
      .map(({ requirement, missing }) => `${requirement}: ${missing}`);
  }

  const BOTH_KINDS = [
    { energyKind: '01', tce: '9000.25' },
    { energyKind: '03', tce: '3000.25' },
  ];

  test('is missing until its acceptance has passed in all it tells of, and each main kind has its consumption', async () => {
    expect(await lacking({})).toEqual([
      `UNIT_ACCEPTANCE: The unit has not passed its acceptance: ${ASPECTS.join(', ')}.`,
      'UNIT_CONSUMPTION: The consumption is missing of the energy kinds 01, 03.',
    ]);
    expect(await lacking({ acceptance: accepted(false), consumption: BOTH_KINDS.slice(0, 1) })).toEqual([
      'UNIT_ACCEPTANCE: The unit has not passed its acceptance: METERING.',
      'UNIT_CONSUMPTION: The consumption is missing of the energy kinds 03.',
    ]);
    expect(await lacking({ acceptance: accepted(), consumption: BOTH_KINDS })).toEqual([]);
  });

  test('is read again as it was sent, with what annex 7 asks of its certificate', async () => {
    const { bureau } = officesOf(world);
    const { units, application } = await bureau.mustAsk<{ units: object; application: object }>(
      `query ($id: ID!) { units: applicationUnits(application: $id, version: 4) {
          nodes { consumption { energyKind tce } acceptance { aspect isPassed opinion } } }
        application(id: $id) { form { certificates { unitDocument uscc unitDocumentNumber unitPhone unitFax unitAddress
          county township mail postcode appliedOn network } } } }`,
      { id },
    );
    expect(units).toEqual({ nodes: [{ consumption: BOTH_KINDS, acceptance: accepted() }] });
    expect(application).toEqual({
      form: {
        certificates: [
          {
            ...{ unitDocument: 'INSTITUTION_REGISTRATION', uscc: null, unitDocumentNumber: '事证第1号' },
            ...{ unitPhone: '021-50000008', unitFax: '021-50000009', unitAddress: '世纪大道1号' },
            ...{ county: '浦东新区', township: '陆家嘴街道', mail: 'unit@example.cn', postcode: '200120' },
            ...{ appliedOn: '2026-01-05', network: 'INTERNET' },
          },
        ],
      },
    });
  });

  test('comes from the columns of a list, too; a verdict in other words is refused', async () => {
    const list = (verdict: string): string => {
      const path = join(mkdtempSync(join(tmpdir(), 'units-')), 'units.csv');
      const head = 'uscc,name,industry,place,nature,energyKinds,tce2025,tce-01,tce-03,METERING';
      writeFileSync(path, `${head}\n${usccOf(15)},单位,4411,310115,公司,01;03,12000,9000.25,,${verdict}\n`);
      return path;
    };
    await expect(readUnits(list('合格'))).rejects.toMatchObject({
      message: expect.stringMatching(/METERING begins with PASSED or FAILED/),
    });
    expect(await readUnits(list('PASSED 计量器具齐全'))).toMatchObject([
      {
        energy: [{ year: 2025, tce: '12000' }],
        consumption: [{ energyKind: '01', tce: '9000.25' }],
        acceptance: [{ aspect: 'METERING', isPassed: true, opinion: '计量器具齐全' }],
      },
    ]);
  });
});

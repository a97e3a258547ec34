import { createHash } from 'node:crypto';
import { ACTIONS, isCategory } from '../../gateway/policy/categories.js';
import { isPurpose } from '../../gateway/policy/purposes.js';
import {
  demoCity,
  ENTERPRISE_A_USCC,
  SERVICE_CO_USCC,
  SYNTHETIC_NOTICE,
  type DemoCity,
} from '../../scripts/demo/city.js';
import { demoBills } from '../../scripts/demo/supplies.js';
import { isUscc } from '../../subgraphs/runtime/uscc.js';
import { readReference, type ReferenceRow } from '../../subgraphs/runtime/reference.js';

const october = demoCity({ until: '2026-10-31', days: 31 });

function table(room: string, file: string): ReferenceRow[] {
  return readReference(new URL(`../../subgraphs/${room}/room.ts`, import.meta.url).href, file);
}

/** The data of the city: its rows and, of the days named, its readings; who may do what in it is asserted below. */
function digest(city: DemoCity, dates: string[]): string {
  const { tenants: _, scopes: __, consents: ___, ...data } = city;
  const hash = createHash('sha256').update(JSON.stringify(data));
  for (const date of dates) for (const line of city.dayLines(date)) hash.update(JSON.stringify(line));
  for (const line of city.testStage.dayLines(city.dates[0] ?? '')) hash.update(JSON.stringify(line));
  return hash.digest('hex').slice(0, 16);
}

describe('refusals', () => {
  test.each(['2026-02-30', '2026-13-01', '26-01-01', 'yesterday', ''])('%p is no last day', (until) => {
    expect(() => demoCity({ until })).toThrow(RangeError);
  });

  test.each([0, 2, -1, 3.5])('%p days are no city', (days) => {
    expect(() => demoCity({ until: '2026-10-31', days })).toThrow('at least 3 days');
  });
});

test('the same last day gives the same city, on this machine and on any other', () => {
  const days = ['2026-10-03', '2026-10-31'];
  expect(digest(demoCity({ until: '2026-10-31', days: 31 }), days)).toBe(digest(october, days));
  expect(digest(october, days)).toBe('af8d27bcdcdeebf6');
});

test('it has the size that was promised, in two districts and on three levels', () => {
  expect(demoCity({ until: '2026-10-31' }).dates).toHaveLength(30);
  expect(october.dates.at(-1)).toBe('2026-10-31');
  expect(october.enterprises).toHaveLength(20);
  expect(october.buildings).toHaveLength(64);
  expect(october.meters.length).toBeGreaterThanOrEqual(400);
  expect(new Set(october.meters.map((meter) => meter.level))).toEqual(new Set([1, 2, 3]));
  for (const area of ['310101', '310104']) {
    expect(october.buildings.filter((building) => building.area === area)).toHaveLength(32);
  }
  expect(october.audits.length).toBeGreaterThanOrEqual(32);
  expect(october.reviews).toHaveLength(10);
  expect(new Set(october.inspections.map(({ state }) => state))).toEqual(
    new Set(['NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'REVOKED']),
  );
  expect(october.testStage.buildings).toHaveLength(2);
  expect(october.testStage.meters).toHaveLength(6);
  expect([...october.testStage.dayLines('2026-10-31')]).toHaveLength(6);
});

test('enterprises have well-formed codes that no register holds, synthetic names and known industries', () => {
  const industries = new Set(table('enterprises', 'industries.csv').map((row) => row['code']));
  const all = [...october.enterprises, ...october.testStage.enterprises];
  expect(new Set(all.map(({ uscc }) => uscc)).size).toBe(21);
  for (const enterprise of all) {
    expect(isUscc(enterprise.uscc)).toBe(true);
    expect(enterprise.uscc.slice(2, 11)).toBe(`${enterprise.area}HUB`);
    expect(enterprise.name).toMatch(/^合成.*（演示）$/);
    expect(industries).toContain(enterprise.industry);
    expect(enterprise.annualTce).toMatch(/^\d+\.\d\d$/);
  }
  expect(october.enterprises[0]).toMatchObject({ uscc: ENTERPRISE_A_USCC, area: '310101' });
  expect(october.enterprises.at(-1)).toMatchObject({ uscc: SERVICE_CO_USCC, area: '310104' });
  expect(october.buildings.filter(({ ownerUscc }) => ownerUscc === ENTERPRISE_A_USCC).length).toBeGreaterThan(
    3,
  );
  expect(october.buildings.some(({ ownerUscc }) => ownerUscc === SERVICE_CO_USCC)).toBe(false);
});

test('buildings have codes of their area and type, an owner in it and a shape that the reference knows', () => {
  const types = table('buildings', 'building_types.csv').map((row) => row['stored_as']);
  const archetypes = new Set(table('buildings', 'monthly_eui.csv').map((row) => row['archetype']));
  expect(new Set(october.buildings.map(({ archetype }) => archetype))).toEqual(archetypes);
  expect(new Set(october.buildings.map(({ id }) => id)).size).toBe(64);
  for (const building of october.buildings) {
    expect(building.id).toMatch(new RegExp(`^${building.area}${building.typeCode}\\d{3}$`));
    expect(types).toContain(building.typeCode);
    expect(october.enterprises.find(({ uscc }) => uscc === building.ownerUscc)?.area).toBe(building.area);
    expect(building.floorAreaM2).toMatch(/^\d+\.\d\d$/);
    expect(Number(building.airConditionedAreaM2)).toBeLessThan(Number(building.floorAreaM2));
  }
});

test('meters have a parent one level up in their building, a known item and an id that the door takes', () => {
  const items = new Set(table('metering', 'energy_items.csv').map((row) => row['code']));
  const byId = new Map(october.meters.map((meter) => [meter.id, meter]));
  expect(byId.size).toBe(october.meters.length);
  for (const meter of october.meters) {
    expect(meter.id).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
    expect(items).toContain(meter.energyItem);
    const parent = meter.parentId === null ? undefined : byId.get(meter.parentId);
    expect(parent?.level ?? 0).toBe(meter.level - 1);
    if (parent) expect(parent.buildingId).toBe(meter.buildingId);
  }
});

test('every meter has an appliance with a certificate that holds all through the window, but for the planted faults', () => {
  const months = new Map(
    table('metering', 'verification_intervals.csv').map((row) => [row['code'], Number(row['months'])]),
  );
  const first = Date.parse(october.dates[0] ?? '');
  const last = Date.parse('2026-10-31');
  const ends = october.certificates.map(({ validUntil, calibratedOn, instrument }) =>
    validUntil
      ? Date.parse(validUntil)
      : Date.parse(calibratedOn) + (months.get(instrument) ?? 0) * 28 * 86_400_000,
  );

  expect(october.certificates.map(({ meter }) => meter)).toEqual(october.meters.map(({ id }) => id));
  expect(ends.filter((end) => end < last)).toHaveLength(4);
  expect(ends.filter((end) => end < first)).toHaveLength(1);
  for (const { calibratedOn, installedAt, organ } of october.certificates) {
    expect(Date.parse(installedAt)).toBeLessThan(Date.parse(calibratedOn));
    expect(organ).toMatch(/^合成.*（演示）$/);
  }
});

test('key units are planned in batches of the past and to come, some not at all, by synthetic organs', () => {
  const units = october.enterprises.filter(({ unitClass }) => unitClass !== null).map(({ uscc }) => uscc);
  const planned = october.accessPlans.map(({ enterpriseUscc }) => enterpriseUscc);

  expect(units).toEqual(expect.arrayContaining(planned));
  expect(new Set(planned).size).toBe(planned.length);
  expect(units.length - planned.length).toBeGreaterThan(0);
  expect(new Set(october.accessPlans.map(({ plannedOn }) => plannedOn < '2026-10-31'))).toEqual(
    new Set([true, false]),
  );
  for (const { organ } of october.accessPlans) expect(organ).toMatch(/^合成.*（演示）$/);
});

test('audits, reviews and inspections are of the city, of the past and name known documents', () => {
  const documents = new Set(table('inspections', 'inspection_documents.csv').map((row) => row['name_zh']));
  const owners = new Map(october.enterprises.map(({ uscc, area }) => [uscc, area]));
  for (const audit of october.audits) {
    const building = october.buildings.find(({ id }) => id === audit.buildingId);
    expect(audit).toMatchObject({ area: building?.area, ownerUscc: building?.ownerUscc });
    expect(audit.completedOn < '2026-10-31').toBe(true);
    expect(audit.energyUseKwhPerM2).toMatch(/^\d+\.\d$/);
  }
  for (const review of october.reviews) {
    expect(review.area).toBe(owners.get(review.enterpriseUscc));
    expect(review.result === 'PLANNED').toBe(review.reviewedOn === null);
    expect((review.reviewedOn ?? '') <= '2026-10-31').toBe(true);
  }
  expect(new Set(october.inspections.map(({ taskNumber }) => taskNumber)).size).toBe(
    october.inspections.length,
  );
  for (const inspection of october.inspections) {
    expect(inspection.taskNumber).toMatch(/^JC-\d{4}-\d{6}-\d{4}$/);
    expect(inspection.area).toBe(owners.get(inspection.enterpriseUscc));
    for (const { name } of inspection.documents) expect(documents).toContain(name);
    expect(inspection.findings.length > 0).toBe(inspection.state === 'COMPLETED');
  }
});

test('scopes and consents keep to the closed lists, and only the operator has two purposes', () => {
  expect(october.tenants.map(({ id }) => id)).toEqual([
    'national',
    'municipal',
    'district-310101',
    'district-310104',
    'enterprise-a',
    'service-co',
    'grid-co',
    'newcomer',
    'energy-bureau',
    'energy-center',
    'info-center',
  ]);
  for (const scope of october.scopes) {
    const tenant = october.tenants.find(({ id }) => id === scope.tenant);
    // What the city publishes is for all within it; everything else stays within the tenant's own area.
    expect(scope.area).toBe(
      scope.category === 'statistics' && tenant?.tier !== 'NATIONAL' ? '310000' : tenant?.area,
    );
    expect(isCategory(scope.category)).toBe(true);
    expect(ACTIONS).toContain(scope.action);
    expect(scope.purposes.every(isPurpose)).toBe(true);
    expect(scope.purposes).toHaveLength(scope.tenant === 'municipal' ? 2 : 1);
  }
  const writes = october.scopes
    .filter(({ action }) => action === 'write')
    .map(({ tenant, category }) => `${tenant} ${category}`);
  expect(writes.filter((right) => /^(national|service-co|enterprise-a|grid-co) /.test(right))).toEqual([
    'national packages',
    'enterprise-a quality',
    'enterprise-a consents',
    'service-co consents',
    'grid-co supplies',
  ]);
  expect(october.consents.map(({ story }) => story)).toEqual(['GRANTED', 'REVOKED', 'REQUESTED', 'PAPER']);
  const [open, ended] = [october.consents.at(0), october.consents.at(-1)];
  expect(open).toMatchObject({
    subject: ENTERPRISE_A_USCC,
    recipient: 'service-co',
    purpose: 'ENERGY_SERVICE',
  });
  expect((open?.validTo ?? '') > '2028').toBe(true);
  expect((ended?.validTo ?? '9') < (october.dates[0] ?? '')).toBe(true);
});

test('the grid company bills what the meters at the gates of one enterprise counted, but for one customer', () => {
  const bills = demoBills(october);
  const gate = (id: string): number =>
    october.dates
      .flatMap((date) => [...october.dayLines(date, '310101')].filter(({ meter }) => meter === id))
      .flatMap(({ values }) => values)
      .reduce<number>((sum, value) => sum + (value ?? 0), 0);

  expect(bills).toHaveLength(6);
  expect(bills[0]).toMatchObject({ customer: '0000000001', from: '2026-10-01', to: '2026-10-31' });
  expect(bills.map(({ amount, meter }) => (Number(amount) / gate(meter)).toFixed(4))).toEqual([
    '1.0000',
    '1.0800',
    ...Array.from({ length: 4 }, () => '1.0000'),
  ]);
});

test('it says in both languages that it is made up', () => {
  expect(october.notice).toBe(SYNTHETIC_NOTICE);
  expect(SYNTHETIC_NOTICE).toMatch(/Synthetic.*合成/s);
});

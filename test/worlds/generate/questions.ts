import type { PolicyWorld, QuestionAsked, ScopeRow, TenantFact, WrittenCategory } from '../model.js';
import { PERMISSIONS } from './categories.js';
import { purposesOf } from './rights.js';
import { PROVINCE_PAIRS, PURPOSES, type Setting } from './setting.js';

export function questionOf(
  setting: Setting,
  index: number,
  tenant: TenantFact,
  world: Omit<PolicyWorld, 'questions'>,
): Omit<QuestionAsked, 'batches'> {
  const { enterprises, buildings, meters, applications, editions, findings } = world;
  const ids = [
    ...enterprises.map(({ uscc }) => uscc),
    ...buildings.map(({ id }) => id),
    ...meters.map(({ id }) => id),
    ...applications.map(({ id }) => id),
    ...editions.map(({ id }) => id),
  ];
  const written: Record<WrittenCategory, string[]> = {
    enterprises: enterprises.map(({ uscc }) => uscc),
    buildings: buildings.map(({ id }) => id),
    meters: meters.map(({ id }) => id),
    audits: buildings.map(({ id }) => id),
    reviews: enterprises.map(({ uscc }) => uscc),
    inspections: enterprises.map(({ uscc }) => uscc),
  };
  const categories = setting.some(Object.keys(written) as WrittenCategory[], 1, 2);
  return {
    tenant: tenant.id,
    header: header(setting, tenant, world.scopes),
    uploadDay: uploadDay((setting.number % PROVINCE_PAIRS) * 10 + index),
    uploads: [...meters.map(({ id }) => id), `nobody-${setting.number}`],
    decisions: setting.some(PERMISSIONS, 2, 3),
    subjects: setting.some(enterprises, 1, 2).map(({ uscc }) => uscc),
    ids: setting.some(ids, 1, 3),
    tenantAsked: setting.pick(world.tenants).id,
    consentAsked: setting.pick(world.consents).id,
    declarationAsked: world.declarations.length > 0 ? setting.pick(world.declarations).id : 'none',
    applications: setting.some(applications, 0, 1).map(({ id }) => id),
    cases: setting.some(findings, 0, 1).map(({ meter, rule }) => `${meter} ${rule}`),
    figuresOf: setting.chance(0.7) ? tenant.area : setting.pick(setting.areas.districts),
    acknowledges: setting.some(editions, 0, 2).map(({ id }) => id),
    writes: categories.map((category) => ({ category, id: setting.pick(written[category]) })),
  };
}

function header(setting: Setting, { id }: TenantFact, scopes: ScopeRow[]): string | null {
  if (setting.chance(0.1)) return null;
  if (setting.chance(0.02)) return 'CURIOSITY';
  return setting.pick(setting.chance(0.8) ? purposesOf(id, scopes) : PURPOSES);
}

/** A day of its own for each question of the worlds side by side, before the day that is read. */
function uploadDay(number: number): string {
  return new Date(Date.UTC(2023, 5, 1 + number)).toISOString().slice(0, 10);
}

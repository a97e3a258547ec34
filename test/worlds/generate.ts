import { randomFor } from '../../scripts/demo/randomness.js';
import { devicesOf, estimatesOf, placesOf } from './generate/metered.js';
import { applicationOf, editionsOf, findingsOf, suppliesOf } from './generate/records.js';
import { questionOf } from './generate/questions.js';
import { consentsOf, declarationsOf, scopesOf, tenantOf } from './generate/rights.js';
import { buildingOf, enterpriseOf, meterOf, readingOf } from './generate/rows.js';
import { Setting } from './generate/setting.js';
import type { MeterRow, PolicyWorld } from './model.js';

/**
 * World `number` of a seed: always the same, whatever runs beside it. Chance is bent towards what makes a difference:
 * most scopes and consents are valid and meet, some just miss in one respect.
 */
export function worldOf(seed: number, number: number): PolicyWorld {
  const setting = new Setting(randomFor('world', seed, number), number);
  const enterprises = setting.times(2, 3, (index) => enterpriseOf(setting, index));
  const buildings = setting.times(2, 4, (index) => buildingOf(setting, index, enterprises));
  const meters = setting.times(3, 7, (index) => meterOf(setting, index, enterprises, buildings));
  const tenants = setting.times(3, 5, (index) => tenantOf(setting, index, enterprises));
  const readings = meters.flatMap((meter) => (setting.chance(0.85) ? [readingOf(setting, meter)] : []));
  const areaOf = ({ building, enterprise }: MeterRow): string =>
    building?.slice(0, 6) ?? enterprises.find(({ uscc }) => uscc === enterprise)!.area;
  const scopes = tenants.flatMap((tenant) => scopesOf(setting, tenant));
  const findings = meters.flatMap((meter) => findingsOf(setting, meter));
  const world = {
    tenants,
    declarations: tenants.flatMap((tenant) => declarationsOf(setting, tenant, scopes)),
    scopes,
    consents: consentsOf(setting, tenants, enterprises, scopes),
    enterprises,
    buildings,
    meters,
    readings,
    audits: setting.times(1, 3, (index) => ({
      id: setting.id('audit', index),
      building: setting.pick(buildings).id,
    })),
    reviews: setting.times(1, 2, (index) => ({
      id: setting.id('review', index),
      enterprise: setting.pick(enterprises).uscc,
    })),
    inspections: setting.times(1, 2, (index) => ({
      id: setting.id('inspection', index),
      enterprise: setting.pick(enterprises).uscc,
    })),
    findings,
    estimates: estimatesOf(setting, findings),
    devices: devicesOf(setting, meters),
    places: placesOf(setting, enterprises, meters),
    applications: setting.times(1, 2, (index) => applicationOf(setting, index, tenants, enterprises)),
    editions: editionsOf(setting),
    supplies: suppliesOf(setting, tenants, meters, areaOf),
    reports: [...new Set(setting.areas.districts)].filter(() => setting.chance(0.5)),
  };
  const questions = tenants.map((tenant, index) => questionOf(setting, index, tenant, world));
  const days = questions.map((question) => question.uploadDay);
  return {
    ...world,
    questions: questions.map((question) => ({ ...question, batches: setting.some(days, 1, 2) })),
  };
}

import { Readable } from 'node:stream';
import { bodyJson } from '../../runtime/answers.js';
import type { Session } from '../../runtime/session.js';
import type { ListedUnit } from './entities.js';
import { coverage, thresholdsOf } from './measure.js';
import type { ApplicationRepository } from './repository.js';
import type { UnitInTest } from './units.js';
import { applicationOf } from './versions.js';

/** What TEST has of each of the units, which may be of several applications: one statement an application. */
export async function testedUnits(
  session: Session,
  applications: ApplicationRepository,
  units: readonly ListedUnit[],
): Promise<UnitInTest[]> {
  const thresholds = thresholdsOf(await applications.connectionRules());
  const now = new Date();
  const found = new Map<ListedUnit, UnitInTest>();
  for (const [application, its] of Map.groupBy(units, ({ version }) => applicationOf(version))) {
    const { tenant } = await applications.known(application);
    const codes = its.map(({ uscc }) => uscc);
    const covered = await coverage(session, { tenant, units: codes }, thresholds, now);
    const byCode = new Map(covered.units.map((unit) => [unit.uscc, unit]));
    const registered = new Set(await registeredInTest(session, codes));
    for (const unit of its) {
      const { meters = 0, daysOnTime = 0, lastOnTime = null } = byCode.get(unit.uscc) ?? {};
      found.set(unit, { isRegistered: registered.has(unit.uscc), meters, daysOnTime, lastOnTime });
    }
  }
  return units.map((unit) => found.get(unit)!);
}

async function registeredInTest({ neighbours }: Session, codes: string[]): Promise<string[]> {
  const body = Readable.from([JSON.stringify(codes)]);
  return bodyJson(await neighbours.call('enterprises', 'POST /registered', { body }, { stage: 'TEST' }));
}

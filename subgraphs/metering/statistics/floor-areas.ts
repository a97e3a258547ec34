import { Readable } from 'node:stream';
import { bodyJson } from '../../runtime/answers.js';
import type { Session } from '../../runtime/session.js';

/** Hundredths of a m² of each building that has a floor area registered and is seen: one call for all of them. */
export async function floorAreasOf(
  session: Session,
  buildings: readonly string[],
): Promise<Map<string, bigint>> {
  if (buildings.length === 0) return new Map();
  const answer = await session.neighbours.call('buildings', 'POST /floor-areas', {
    body: Readable.from([JSON.stringify(buildings)]),
  });
  const areas = await bodyJson<[string, string][]>(answer);
  return new Map(areas.map(([id, area]) => [id, hundredths(area)]));
}

/** Undefined where one of the buildings has none: a sum of some would divide all of the energy. */
export function floorAreaOf(
  buildings: readonly string[],
  areas: ReadonlyMap<string, bigint>,
): bigint | undefined {
  if (buildings.length === 0 || !buildings.every((building) => areas.has(building))) return undefined;
  return buildings.reduce((sum, building) => sum + areas.get(building)!, 0n);
}

function hundredths(area: string): bigint {
  const [whole = '0', fraction = ''] = area.split('.');
  return BigInt(whole + fraction.slice(0, 2).padEnd(2, '0'));
}

import { areaPrefix } from '../../../gateway/policy/areas.js';
import { bodyJson } from '../../runtime/answers.js';
import type { Session } from '../../runtime/session.js';

/** What each building of an area is mainly used for, where it is registered: one call for all of them. */
export async function functionsOf(session: Session, area: string): Promise<[id: string, code: string][]> {
  const answer = await session.neighbours.call('buildings', 'GET /functions', {
    query: { area: areaPrefix(area) },
  });
  return bodyJson<[string, string][]>(answer);
}

import type { Neighbours } from '../../runtime/neighbours.js';
import { bodyJson } from '../../runtime/answers.js';

/** Asks this room's own inner door for the day's package: building streams in bulk, outside the asking session. */
export async function buildPackage(neighbours: Neighbours, date: string): Promise<string> {
  const answer = await neighbours.call('exchange', 'POST /packages', { query: { date } });
  return (await bodyJson<{ id: string }>(answer)).id;
}

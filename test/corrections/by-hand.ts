import type { Caller, GraphqlReply } from '../world/caller.js';
import type { World } from '../world/world.js';
import { idIn } from './proposals.js';

const REQUEST = `mutation ($request: BreakGlassInput!) { done: requestBreakGlass(request: $request) { id state events { kind actor } } }`;
/** Of the operator's two purposes, the one under which it decides. */
const FOR: Record<string, string> = { municipal: 'SUPERVISION' };

export interface Wanted {
  target?: string;
  key?: Record<string, string>;
  changes?: Record<string, string | null>;
  area?: string;
  reason?: string;
}

export function hand(world: World, name: string): Caller {
  const purpose = FOR[name];
  return purpose ? world.as(name).for(purpose) : world.as(name);
}

const columns = (values: Record<string, string | null>): object[] =>
  Object.entries(values).map(([column, value]) => ({ column, value }));

/** A's house gets another address, as district 310101 asks, unless said otherwise. */
export function askFor(world: World, name = 'district-310101', wanted: Wanted = {}): Promise<GraphqlReply> {
  const request = {
    target: wanted.target ?? 'buildings.building',
    key: columns(wanted.key ?? { id: '310101A001' }),
    changes: columns(wanted.changes ?? { address: 'By the river 1' }),
    area: wanted.area ?? '310101',
    reason: wanted.reason ?? 'The register cannot be reached.',
  };
  return hand(world, name).ask(REQUEST, { request });
}

export function decideOn(
  caller: Caller,
  decision: 'approve' | 'reject' | 'withdraw',
  id: string,
  note: string | null = null,
): Promise<GraphqlReply> {
  const text = `mutation ($id: ID!, $note: String) { done: ${decision}BreakGlass(id: $id, note: $note) { state } }`;
  return caller.ask(text, { id, note });
}

/** Asked for, and approved by both. */
export async function readied(world: World, wanted: Wanted = {}): Promise<string> {
  const id = idIn(await askFor(world, 'district-310101', wanted));
  await decideOn(hand(world, 'municipal'), 'approve', id);
  await decideOn(hand(world, 'national'), 'approve', id);
  return id;
}

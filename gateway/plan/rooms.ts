import type { DeclaredRoom, Room } from '../../subgraphs/runtime/room.js';
import { isPermission, type Permission } from '../policy/categories.js';
import type { NodeType } from './nodes.js';
import type { Subgraph } from './supergraph.js';

export function subgraphsOf(rooms: readonly Room[]): Subgraph[] {
  return rooms.map(({ name, sdl }) => ({ name, sdl }));
}

/** The category each node type belongs to; the composition compares it with what the rooms say. */
const CATEGORY_OF_NODE: Record<string, Permission> = {
  Enterprise: 'enterprises:read',
  Building: 'buildings:read',
  Meter: 'meters:read',
  EnergyAudit: 'audits:read',
  MeteringReview: 'reviews:read',
  Inspection: 'inspections:read',
  Batch: 'batches:read',
  Package: 'packages:read',
};

/** Everything that `node(id)` finds, as the rooms declare it. */
export function nodeTypes(rooms: readonly DeclaredRoom[]): NodeType[] {
  return rooms.flatMap(({ name: room, nodes }) =>
    Object.entries(nodes).map(([name, shape]): NodeType => {
      const permission = CATEGORY_OF_NODE[name];
      if (!permission || !isPermission(permission)) throw new Error(`node type ${name} has no category`);
      return { name, shape, room, key: name === 'Enterprise' ? 'uscc' : 'id', permission };
    }),
  );
}

import type { DeclaredRoom, Room } from '../../subgraphs/runtime/room.js';
import type { NodeType } from './nodes.js';
import type { Subgraph } from './supergraph.js';

export function subgraphsOf(rooms: readonly Room[]): Subgraph[] {
  return rooms.map(({ name, sdl }) => ({ name, sdl }));
}

/** Everything that `node(id)` finds, as the rooms declare it. */
export function nodeTypes(rooms: readonly DeclaredRoom[]): NodeType[] {
  return rooms.flatMap(({ name: room, nodes }) =>
    Object.entries(nodes).map(([name, { key = 'id', ...node }]): NodeType => ({ name, room, key, ...node })),
  );
}

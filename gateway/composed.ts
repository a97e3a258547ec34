import { rooms } from '../subgraphs/index.js';
import type { Room } from '../subgraphs/runtime/room.js';
import { LEDGER, ledgerSdl } from './ledger/subgraph.js';
import { Executions } from './plan/executions.js';
import { NODES, nodesSdl, type NodeType } from './plan/nodes.js';
import { Planner } from './plan/planner.js';
import { nodeTypes, subgraphsOf } from './plan/rooms.js';
import { composeSupergraph, type Supergraph } from './plan/supergraph.js';

export interface Composed {
  rooms: Room[];
  nodes: NodeType[];
  supergraph: Supergraph;
  planner: Planner;
  /** What has been planned so far. */
  executions: Executions;
}

let composed: Promise<Composed> | undefined;

/**
 * The schemas of the rooms and of the gateway's own subgraphs as one, and what plans over it: made once a process,
 * like each room's own schema, however many hubs it starts.
 *
 * @throws Error naming every fault of the composition; OpenSchemaError naming every open place.
 */
export function composeRooms(): Promise<Composed> {
  return (composed ??= compose());
}

async function compose(): Promise<Composed> {
  const built = await Promise.all(rooms.map((room) => room.build()));
  const nodes = nodeTypes(rooms);
  const supergraph = composeSupergraph([
    ...subgraphsOf(built),
    { name: NODES, sdl: nodesSdl(nodes) },
    { name: LEDGER, sdl: ledgerSdl },
  ]);
  const planner = await Planner.open(supergraph.plannedSdl);
  return { rooms: built, nodes, supergraph, planner, executions: new Executions(planner, supergraph) };
}

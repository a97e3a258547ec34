import { CallerGone } from '../../subgraphs/runtime/leaving.js';
import type { RoomClient } from '../../subgraphs/runtime/neighbours.js';
import { traced } from '../../subgraphs/runtime/tracing.js';
import { Refusal } from '../errors.js';
import type { HubMetrics } from './metrics.js';

const CLIENT = { kind: 'CLIENT' } as const;

/** The same room; what it took, and whether it failed as a whole, is counted and traced. */
export function counted(room: RoomClient, metrics: HubMetrics): RoomClient {
  const timed = async <T>(kind: 'OPERATION' | 'DOOR', answer: () => Promise<T>): Promise<T> => {
    const since = performance.now();
    let code: string | undefined;
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof CallerGone)) code = error instanceof Refusal ? error.code : 'ROOM_UNAVAILABLE';
      throw error;
    } finally {
      metrics.roomAnswered(room.name, kind, (performance.now() - since) / 1_000, code);
    }
  };
  const span = `room ${room.name}`;
  return {
    name: room.name,
    graphql: (...asked) => timed('OPERATION', () => traced(span, () => room.graphql(...asked), CLIENT)),
    door: (...asked) => timed('DOOR', () => traced(span, () => room.door(...asked), CLIENT)),
    isReady: () => room.isReady(),
  };
}

import { CallerGone } from '../../subgraphs/runtime/leaving.js';
import type { RoomClient } from '../../subgraphs/runtime/neighbours.js';
import { Refusal } from '../errors.js';
import type { HubMetrics } from './metrics.js';

/** The same room; what it took, and whether it failed as a whole, is counted. */
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
  return {
    name: room.name,
    graphql: (...asked) => timed('OPERATION', () => room.graphql(...asked)),
    door: (...asked) => timed('DOOR', () => room.door(...asked)),
    isReady: () => room.isReady(),
  };
}

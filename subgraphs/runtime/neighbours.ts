import type { DoorAnswer, DoorRequest } from './door.js';

/** How a room reaches an inner door of another room: a function call in one process, HTTPS apart; same grant. */
export interface Neighbours {
  call(room: string, door: `${'GET' | 'POST'} /${string}`, request: Partial<DoorRequest>): Promise<DoorAnswer>;
}

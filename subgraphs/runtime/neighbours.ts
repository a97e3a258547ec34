import type { Stage } from '../../gateway/policy/grant.js';
import type { Disclosed } from './disclosures.js';
import type { DoorAnswer, DoorRequest } from './door.js';

export type DoorName = `${'GET' | 'POST'} /${string}`;

/** How a room reaches an inner door of another room: a function call in one process, HTTPS apart; same grant. */
export interface Neighbours {
  /**
   * @param beside `stage: 'TEST'` does the work in the TEST database with the caller's same reach. From TEST no way
   *   leads into FORMAL.
   */
  call(
    room: string,
    door: DoorName,
    request: Partial<DoorRequest>,
    beside?: { stage?: Stage },
  ): Promise<DoorAnswer>;
}

/** Where a call of a door stands. */
export interface DoorPlace {
  /** How many others wait for this work, each of them perhaps with a connection in hand. */
  depth?: number;
  /** Whose database: the caller's own stage unless said otherwise. */
  stage?: Stage | undefined;
}

export interface RoomRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  /** The data is handed on as it is: a room elsewhere may give its bytes in its stead. */
  asBytes?: boolean;
}

export interface RoomResponse {
  data?: Record<string, unknown> | null | undefined;
  /** The JSON `{"data":{…}}` in the data's stead, where it was asked for so. */
  bytes?: Buffer;
  /** What the data tells of whom, for the ledger: the gateway keeps it from whoever asked. */
  disclosed?: Disclosed[];
  /** Stages beside the caller's own in which it worked: what it did there is in their outboxes. */
  workedIn?: Stage[];
  errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions?: Record<string, unknown>;
  }[];
}

/** A room as the gateway and its neighbours see it, in this process or another: nothing works without a sealed grant. */
export interface RoomClient {
  readonly name: string;
  graphql(request: RoomRequest, sealedGrant: string, signal?: AbortSignal): Promise<RoomResponse>;
  door(name: DoorName, request: DoorRequest, sealedGrant: string, place?: DoorPlace): Promise<DoorAnswer>;
  /** Whether the room answers. */
  isReady(): Promise<boolean>;
}

import type { PoolClient } from 'pg';
import type { Grant } from '../../gateway/policy/grant.js';
import type { Unlock } from './locks.js';
import type { Neighbours } from './neighbours.js';
import type { Session } from './session.js';

/** What a bulk door works with: PostgreSQL under the caller's grant, and the neighbouring rooms. */
export interface BulkSession {
  readonly grant: Grant;
  readonly neighbours: Neighbours;
  /**
   * Runs `work` in one transaction under the grant: row-level security filters and checks every statement,
   * `COPY … TO` included. Commits when `work` resolves, rolls back when it throws.
   */
  transaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** The same with the room's entities: what its repositories work in; what it did (`session.acts`) is kept with it. */
  unit<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** A lock shared by all processes of this stage, ended by the function that comes back; null while another has it. */
  tryLock(name: string): Promise<Unlock | null>;
  /** The hub's signature over a text, as a detached JWS: for receipts and manifests. */
  sign(payload: string): Promise<string>;
}

import type { PoolClient } from 'pg';
import type { Answer } from '../answer.js';
import type { PolicyWorld } from '../model.js';

/**
 * What a category brings into a world and asks about, beside what is registered and uploaded through the doors. What
 * has to be answered stands in oracle/.
 */
export interface Part {
  /** Tables to empty before; what refers to them goes with them. */
  tables: string[];
  /** Puts its rows in, by the owner's SQL, and says what the world calls the ids that the database gave. */
  plant(owner: PoolClient, world: PolicyWorld, names: Map<string, string>): Promise<void>;
  /** Its part of the one query for all that can be asked; the variables are answer.ts's. */
  fields: string;
  /** Its part of the answer, in the words of the oracle. */
  tell(answer: Answer): void;
}

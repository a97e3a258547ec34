import { DOOR_MUTANTS } from './mutants/doors.js';
import { RECORD_MUTANTS } from './mutants/records.js';
import type { Plant } from './planting.js';

/** A leak as somebody could make one: a real change of the running hub, which comes back as it was. */
export interface Mutant {
  name: string;
  /** An answer that must come out wrong. */
  shows: RegExp;
  /** Worlds of the seed in which it does: asked first, to be quick; where they no longer do, others are. */
  worlds: readonly number[];
  plant: Plant;
}

/** Each by itself, or several side by side that show in answers of their own. */
export const MUTANTS: Mutant[][] = [...DOOR_MUTANTS, ...RECORD_MUTANTS];

import { Failure } from '../client/failure.js';

/** Of what: `building(id: "…")` or `enterprise(uscc: "…")`, and the days. */
export interface Asked {
  root: string;
  from: string;
  to: string;
}

/** What the hub refuses of a page is said in its place; a hub that is not there ends the page. */
export function asReason(error: unknown): Failure {
  if (error instanceof Failure && !error.isPassing) return error;
  throw error;
}

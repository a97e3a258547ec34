import type { BulkSession } from '../../runtime/bulk.js';
import { fault, quoted, type Fault } from '../readings/reasons.js';
import type { Naming } from './records.js';

/** Names that are no meter's are remembered only so far: there are as many as a sender cares to invent. */
const MOST_NAMES = 50_000;

/** Which meter a format's names mean: one that the sender gave, one with that external id, or the one with that id. */
export class MeterNames {
  readonly #naming: Naming;
  readonly #found = new Map<string, string | Fault>();
  readonly #asked = new Map<string, readonly string[]>();

  constructor(naming: Naming) {
    this.#naming = naming;
  }

  /** The meter's id; `undefined` where {@link learn} has to ask first. */
  find(names: readonly string[]): string | Fault | undefined {
    const { given, scheme } = this.#naming;
    for (const name of names) {
      const id = given.get(name);
      if (id !== undefined) return id;
    }
    const [name = ''] = names;
    if (scheme === undefined) return name;
    const found = this.#found.get(name);
    if (found === undefined) this.#asked.set(name, names);
    return found;
  }

  /** Asks for all names that were not known. */
  async learn(session: BulkSession): Promise<void> {
    const { scheme } = this.#naming;
    if (scheme === undefined || this.#asked.size === 0) return;
    if (this.#found.size > MOST_NAMES) this.#found.clear();
    const asked = [...this.#asked];
    this.#asked.clear();
    const { rows } = await session.transaction((client) =>
      client.query<{ name: string; id: string }>('select name, id from metering.meters_named($1, $2)', [
        scheme,
        [...new Set(asked.flatMap(([, names]) => names))],
      ]),
    );
    const byName = Map.groupBy(rows, ({ name }) => name);
    for (const [first, names] of asked) {
      const name = names.find((text) => byName.has(text));
      this.#found.set(first, meterOf(byName.get(name ?? '') ?? [], names, scheme));
    }
  }
}

function meterOf(rows: { id: string }[], names: readonly string[], scheme: string): string | Fault {
  const [row, ...others] = rows;
  const [name = ''] = names;
  const shown = JSON.stringify(name.slice(-80));
  if (others.length > 0)
    return fault('UNKNOWN_METER', `${others.length + 1} meters are ${shown} by ${quoted(scheme)}`);
  if (row) return row.id;
  return fault('UNKNOWN_METER', `no meter of yours is ${shown} by ${quoted(scheme)}`);
}

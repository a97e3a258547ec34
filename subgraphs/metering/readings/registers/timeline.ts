import {
  readAt,
  type Reading,
  type RegisterDay,
  readingsOf,
  stepBetween,
  type Counter,
  type Contradiction,
} from './consumption.js';

/** Days of readings of one meter, as far as they are known: those asked for and their nearest neighbours. */
export class Timeline {
  readonly #days: Map<number, RegisterDay>;

  constructor(days: Iterable<RegisterDay>) {
    this.#days = new Map([...days].map((day) => [day.day, day]));
  }

  get(day: number): RegisterDay | undefined {
    return this.#days.get(day);
  }

  set(day: RegisterDay): void {
    this.#days.set(day.day, day);
  }

  copy(): Timeline {
    return new Timeline(this.#days.values());
  }

  /** The last reading before a day begins, its first minute included. */
  before(day: number): Reading | null {
    let found: RegisterDay | undefined;
    for (const other of this.#days.values())
      if (other.day < day && (!found || other.day > found.day) && hasReading(other)) found = other;
    return found ? readingsOf(found).at(-1)! : null;
  }

  /** The next day with a reading. */
  after(day: number): RegisterDay | undefined {
    let found: RegisterDay | undefined;
    for (const other of this.#days.values())
      if (other.day > day && (!found || other.day < found.day) && hasReading(other)) found = other;
    return found;
  }

  delete(day: number): void {
    this.#days.delete(day);
  }

  /**
   * What the readings of a day, or the one at the end of an interval, contradict: each other, the one before, the one
   * after. Null when nothing.
   */
  contradictionAt(
    day: number,
    slot: number | null,
    counters: readonly Counter[],
  ): { what: Contradiction; at: number } | null {
    const found = this.#days.get(day);
    const own = found ? (slot === null ? readingsOf(found) : around(found, slot)) : [];
    const first = own[0]?.at ?? Infinity;
    const isFirst = slot === null || !found || first >= readAt(day, found.interval, slot);
    const isLast = slot === null || !found || (own.at(-1)?.at ?? 0) <= readAt(day, found.interval, slot);
    let last = isFirst ? this.before(day) : null;
    if (!isFirst) last = own.shift()!;
    const next = isLast ? this.after(day) : undefined;
    for (const reading of next ? [...own, readingsOf(next)[0]!] : own) {
      const step = stepBetween(last, reading, counters);
      if ('contradiction' in step) return { what: step.contradiction, at: reading.at };
      last = reading;
    }
    return null;
  }
}

/** The reading at the end of an interval and its neighbours in the day. */
function around({ day, interval, registers }: RegisterDay, slot: number): Reading[] {
  let from = slot - 1;
  while (from >= 0 && registers[from] === null) from--;
  let to = slot + 1;
  while (to < registers.length && registers[to] === null) to++;
  return [from, slot, to].flatMap((place) => {
    const register = registers[place] ?? null;
    return register === null ? [] : [{ at: readAt(day, interval, place), register }];
  });
}

function hasReading({ registers }: RegisterDay): boolean {
  return registers.some((register) => register !== null);
}

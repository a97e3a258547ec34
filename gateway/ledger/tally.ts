interface Watch<Seen> {
  seen: Seen;
  since: number;
  /** How often it was seen since the entry that began the watch. */
  unrecorded: number;
}

export interface TallyOptions<Seen> {
  keyOf: (seen: Seen) => string;
  /** Appends an entry that stands for so many. */
  record: (seen: Seen, since: Date, count: number) => Promise<unknown>;
  fault: (error: unknown) => unknown;
}

const WINDOW_MS = 3_600_000;
const LOOK_MS = 60_000;

/**
 * What comes in any number, for the ledger: the first time at once, then, however often it comes again, as a count when
 * the hour is over. So no flood and no client in a loop can fill the ledger.
 */
export class Tally<Seen> {
  readonly #options: TallyOptions<Seen>;
  readonly #watches = new Map<string, Watch<Seen>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TallyOptions<Seen>) {
    this.#options = options;
  }

  open(): this {
    this.#timer = setInterval(() => void this.settle(Date.now() - WINDOW_MS), LOOK_MS);
    this.#timer.unref();
    return this;
  }

  /** Records what was counted and not yet told. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.settle(Infinity);
  }

  /** What is being watched. */
  get watched(): Seen[] {
    return [...this.#watches.values()].map(({ seen }) => seen);
  }

  isWatched(seen: Seen): boolean {
    return this.#watches.has(this.#options.keyOf(seen));
  }

  /** Not waited for: who is refused gets nothing that would have to be recorded first. */
  note(seen: Seen, now = Date.now()): void {
    const key = this.#options.keyOf(seen);
    const watch = this.#watches.get(key);
    if (watch) {
      watch.unrecorded += 1;
      return;
    }
    this.#watches.set(key, { seen, since: now, unrecorded: 0 });
    void this.#record(seen, now, 1);
  }

  /** Ends the watches that began before `before`, recording what they counted. */
  async settle(before: number): Promise<void> {
    const over = [...this.#watches].filter(([, { since }]) => since <= before);
    for (const [key] of over) this.#watches.delete(key);
    const counted = over.map(([, watch]) => watch).filter(({ unrecorded }) => unrecorded > 0);
    await Promise.all(counted.map(({ seen, since, unrecorded }) => this.#record(seen, since, unrecorded)));
  }

  async #record(seen: Seen, since: number, count: number): Promise<void> {
    await this.#options.record(seen, new Date(since), count).catch(this.#options.fault);
  }
}

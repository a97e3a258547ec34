import type { ErrorCode } from '../errors.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Stage } from '../policy/grant.js';

/** A certificate that was refused; null where there was none, or too many of the kind to tell apart. */
export interface Sighting {
  code: ErrorCode;
  fingerprint: string | null;
  /** Whose authority vouches for it; nobody's for a stranger. */
  stage?: Stage;
  tenant?: string;
}

interface Watch {
  sighting: Sighting;
  since: number;
  /** Refusals since the entry that began the watch. */
  unrecorded: number;
}

const WINDOW_MS = 3_600_000;
const LOOK_MS = 60_000;
/** Anybody can make certificates that we never signed, so only so many strangers an hour have an entry of their own. */
const MOST_STRANGERS = 100;

/**
 * Who was refused, for the ledger: the first time at once, then, however often it comes again, as a count when the hour
 * is over. So neither a flood of strangers nor a partner's client in a loop can fill the ledger.
 */
export class RefusedCertificates {
  readonly #ledgers: Record<Stage, Ledger>;
  readonly #fault: (error: unknown, where: string) => string;
  readonly #watches = new Map<string, Watch>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ledgers: Record<Stage, Ledger>, fault: (error: unknown, where: string) => string) {
    this.#ledgers = ledgers;
    this.#fault = fault;
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

  /** Not waited for: who is refused gets nothing that would have to be recorded first. */
  note(seen: Sighting, now = Date.now()): void {
    const sighting = this.#told(seen);
    const key = `${sighting.code} ${sighting.fingerprint}`;
    const watch = this.#watches.get(key);
    if (watch) {
      watch.unrecorded += 1;
      return;
    }
    this.#watches.set(key, { sighting, since: now, unrecorded: 0 });
    void this.#record(sighting, now, 1);
  }

  /** Ends the watches that began before `before`, recording what they counted. */
  async settle(before: number): Promise<void> {
    const over = [...this.#watches].filter(([, { since }]) => since <= before);
    for (const [key] of over) this.#watches.delete(key);
    const counted = over.map(([, watch]) => watch).filter(({ unrecorded }) => unrecorded > 0);
    await Promise.all(
      counted.map(({ sighting, since, unrecorded }) => this.#record(sighting, since, unrecorded)),
    );
  }

  #told(seen: Sighting): Sighting {
    if (seen.stage || this.#watches.has(`${seen.code} ${seen.fingerprint}`)) return seen;
    const strangers = [...this.#watches.values()].filter(({ sighting }) => !sighting.stage).length;
    return strangers < MOST_STRANGERS ? seen : { ...seen, fingerprint: null };
  }

  async #record({ code, fingerprint, stage, tenant }: Sighting, since: number, count: number): Promise<void> {
    await this.#ledgers[stage ?? 'FORMAL']
      .append({
        event: 'CERTIFICATE_REFUSED',
        code,
        fingerprint,
        tenant: tenant ?? null,
        since: new Date(since).toISOString(),
        count,
      })
      .catch((error: unknown) => this.#fault(error, 'ledger of refused certificates'));
  }
}

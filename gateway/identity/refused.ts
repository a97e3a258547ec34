import type { ErrorCode } from '../errors.js';
import type { Ledger } from '../ledger/ledger.js';
import { Tally } from '../ledger/tally.js';
import type { Stage } from '../policy/grant.js';

/** A certificate that was refused; null where there was none, or too many of the kind to tell apart. */
export interface Sighting {
  code: ErrorCode;
  fingerprint: string | null;
  /** Whose authority vouches for it; nobody's for a stranger. */
  stage?: Stage;
  tenant?: string;
}

/** Anybody can make certificates that we never signed, so only so many strangers an hour have an entry of their own. */
const MOST_STRANGERS = 100;

/** Who was refused, for the ledger: neither a flood of strangers nor a partner's client in a loop can fill it. */
export class RefusedCertificates {
  readonly #tally: Tally<Sighting>;

  constructor(ledgers: Record<Stage, Ledger>, fault: (error: unknown, where: string) => string) {
    this.#tally = new Tally({
      keyOf: ({ code, fingerprint }) => `${code} ${fingerprint}`,
      record: ({ code, fingerprint, stage, tenant = null }, since, count) =>
        ledgers[stage ?? 'FORMAL'].append({
          event: 'CERTIFICATE_REFUSED',
          code,
          fingerprint,
          tenant,
          since: since.toISOString(),
          count,
        }),
      fault: (error) => fault(error, 'ledger of refused certificates'),
    });
  }

  open(): this {
    this.#tally.open();
    return this;
  }

  close(): Promise<void> {
    return this.#tally.close();
  }

  note(seen: Sighting, now = Date.now()): void {
    this.#tally.note(this.#told(seen), now);
  }

  settle(before: number): Promise<void> {
    return this.#tally.settle(before);
  }

  #told(seen: Sighting): Sighting {
    if (seen.stage || this.#tally.isWatched(seen)) return seen;
    const strangers = this.#tally.watched.filter(({ stage }) => !stage).length;
    return strangers < MOST_STRANGERS ? seen : { ...seen, fingerprint: null };
  }
}

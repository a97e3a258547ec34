import type { Pool } from 'pg';

export interface TrustedOptions {
  /** Connections to the database that holds the documents. */
  pool: Pick<Pool, 'query'>;
  fault: (error: unknown, where: string) => unknown;
}

/** From publishing to use, at most, and the time of two statements. */
const LOOK_MS = 1_000;

/** Of what is in force, not of when it changed: of two that publish at once the earlier may be committed later. */
const STAMP = `select md5(coalesce(string_agg(sha256, '' order by sha256), '')) as stamp
  from demand.document where revoked_at is null`;
const TEXTS = 'select sha256, text from demand.document where revoked_at is null';

/**
 * The documents that the operator published and has not revoked, by the hash of their text. Known before the hub is
 * ready, and followed while it runs; a database that cannot be asked changes nothing.
 */
export class TrustedDocuments {
  readonly #options: TrustedOptions;
  #texts: ReadonlyMap<string, string> = new Map();
  #stamp: string | undefined;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #prepare: (text: string) => Promise<void> = async () => undefined;

  constructor(options: TrustedOptions) {
    this.#options = options;
  }

  /** @param prepare is told of each document before it is first in use. */
  async open(prepare: (text: string) => Promise<void>): Promise<void> {
    this.#prepare = prepare;
    await this.#look();
    this.#timer = setInterval(() => void this.#lookAgain(), LOOK_MS);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** The text of a document. */
  get(sha256: string): string | undefined {
    return this.#texts.get(sha256);
  }

  #lookAgain(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => void this.#options.fault(error, 'trusted documents'))
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { pool } = this.#options;
    const { rows: stamps } = await pool.query<{ stamp: string }>(STAMP);
    const stamp = stamps[0]?.stamp;
    if (stamp === this.#stamp) return;
    const { rows } = await pool.query<{ sha256: string; text: string }>(TEXTS);
    for (const { sha256, text } of rows) if (!this.#texts.has(sha256)) await this.#prepared(sha256, text);
    this.#texts = new Map(rows.map(({ sha256, text }) => [sha256, text]));
    this.#stamp = stamp;
  }

  /** One that cannot be prepared is told so to who asks for it, and keeps nobody from the others. */
  async #prepared(sha256: string, text: string): Promise<void> {
    await this.#prepare(text).catch((error: unknown) =>
      this.#options.fault(error, `trusted document ${sha256}`),
    );
  }
}

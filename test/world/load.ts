import type { Caller, GraphqlReply } from './caller.js';

/** One request of a load: when it was sent, and what came of it. */
export interface Sent {
  at: number;
  reply?: GraphqlReply;
  failure?: Error;
}

/** Asks the same again and again until it is stopped, several at a time. */
export class Load {
  readonly sent: Sent[] = [];
  readonly #stopping = new AbortController();
  readonly #loops: Promise<void>[];

  constructor(caller: Caller, query: string, atOnce = 6) {
    this.#loops = Array.from({ length: atOnce }, () => this.#loop(caller, query));
  }

  get failed(): Sent[] {
    return this.sent.filter(({ failure, reply }) => failure ?? reply?.errors);
  }

  /** Resolves when so many more have come back. */
  async more(count: number): Promise<void> {
    const until = this.sent.length + count;
    while (this.sent.length < until) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async stop(): Promise<this> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
    return this;
  }

  async #loop(caller: Caller, query: string): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const sent: Sent = { at: performance.now() };
      await caller.ask(query).then(
        (reply) => (sent.reply = reply),
        (failure: Error) => (sent.failure = failure),
      );
      this.sent.push(sent);
    }
  }
}

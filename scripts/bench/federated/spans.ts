/** Time during which at least one of several pieces of work was under way: what runs side by side counts once. */
export class Spans {
  /** Milliseconds so far. */
  sum = 0;
  /** Pieces of work that began. */
  count = 0;
  #running = 0;
  #since = 0;

  begin(): () => void {
    if (this.#running === 0) this.#since = performance.now();
    this.#running += 1;
    this.count += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#running -= 1;
      if (this.#running === 0) this.sum += performance.now() - this.#since;
    };
  }

  forget(): void {
    [this.sum, this.count] = [0, 0];
  }
}

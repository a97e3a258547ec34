/** A body, or a part of it, that cannot be read on: what was wrong, in words that name the bound, and what to do. */
export class Unreadable extends Error {
  readonly remedy: string;

  constructor(message: string, remedy = 'Mend the file and send it again.') {
    super(message);
    this.name = 'Unreadable';
    this.remedy = remedy;
  }
}

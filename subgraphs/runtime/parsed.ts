import { type DocumentNode, parse } from 'graphql';
import { LRUCache } from 'lru-cache';

/** What is kept of parsed documents; the gateway's plans repeat the same few. */
const MOST_BYTES = 16 * 1024 * 1024;
/** What a token takes of memory without its place in the text, measured; and what is beside it. */
const BYTES_A_TOKEN = 250;
const BYTES_A_DOCUMENT = 1_000;

/** The documents that a room is asked, by their exact text. */
export class ParsedDocuments {
  readonly #known = new LRUCache<string, DocumentNode>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ tokenCount = 0 }, { length }) =>
      2 * length + tokenCount * BYTES_A_TOKEN + BYTES_A_DOCUMENT,
  });

  of(query: string): DocumentNode {
    const known = this.#known.get(query);
    if (known) return known;
    const document = parse(query, { noLocation: true });
    this.#known.set(query, document);
    return document;
  }
}

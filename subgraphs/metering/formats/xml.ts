import sax from 'sax';
import { Unreadable } from './unreadable.js';

/** How much of XML is read; beyond a bound the document is refused by name of the bound. */
export interface XmlBounds {
  depth: number;
  elements: number;
  attributes: number;
}

export interface XmlElement {
  /** Without its prefix. */
  name: string;
  namespace: string;
  attributes: ReadonlyMap<string, string>;
  /** Directly inside it, trimmed. */
  text: string;
  children: XmlElement[];
}

export interface XmlEvents {
  open: (element: XmlElement, ancestors: readonly XmlElement[]) => void;
  /** `bytes` are those of an element that `isKept`, as they came; others are gone by then. */
  close: (element: XmlElement, ancestors: readonly XmlElement[], bytes: () => Buffer) => void;
  /** Whether an element's children and bytes are gathered until it closes. */
  isKept: (element: XmlElement) => boolean;
}

/** Text, attribute or name; the parser holds no more than this of one. */
const LONGEST_TOKEN = 65_536;
/** No entity but XML's own five: those of HTML are what another parser would not know. */
const OPTIONS = { xmlns: true, position: true, strictEntities: true };
const SLICE = 16_384;
const MARK = [0xef, 0xbb, 0xbf];
const NOT_ASCII = /[\u0080-\uffff]/;
const NOT_ASCII_ALL = /[\u0080-\uffff]/g;
const REMEDY = 'Send well-formed XML within the bound, without a document type.';

/**
 * Reads XML piece by piece: no document type, so no entities of its own and nothing external; within bounds. The
 * parser sees a character a byte, so that its positions are places in the body; texts are decoded afterwards.
 */
export class XmlReader {
  readonly #parser = sax.parser(true, OPTIONS);
  readonly #events: XmlEvents;
  readonly #bounds: XmlBounds;
  readonly #open: XmlElement[] = [];
  /** Where the outermost kept element begins, and all that came in since. */
  #keptFrom = -1;
  #keptDepth = 0;
  #window: Buffer[] = [];
  #windowStart = 0;
  /** The first bytes, until there are enough to tell a byte order mark. */
  #head: Buffer | undefined = Buffer.alloc(0);
  #elements = 0;
  #tokens = 0;
  #offset = 0;
  #decoder = new TextDecoder('utf-8', { fatal: true });

  constructor(events: XmlEvents, bounds: XmlBounds) {
    this.#events = events;
    this.#bounds = bounds;
    const parser = this.#parser;
    parser.onerror = (error) => refuse(`The XML is not well-formed: ${error.message.split('\n')[0]}`);
    parser.ondoctype = () => refuse('The XML has a document type (DTD), which is never read');
    parser.onprocessinginstruction = ({ name, body }) => this.#declare(name, body);
    parser.onattribute = () => this.#bounded(++this.#tokens, bounds.attributes, 'attributes on an element');
    parser.onopentag = (tag) => this.#opened(tag as sax.QualifiedTag);
    parser.onclosetag = () => this.#closed();
    parser.ontext = (text) => this.#text(text);
    parser.oncdata = (text) => this.#text(text);
  }

  push(piece: Buffer): void {
    if (this.#head === undefined) return this.#parse(piece);
    this.#head = Buffer.concat([this.#head, piece]);
    if (this.#head.length >= MARK.length) this.#begin();
  }

  end(): void {
    this.#begin();
    this.#parser.close();
  }

  /** A byte order mark is no part of the document. */
  #begin(): void {
    const head = this.#head;
    this.#head = undefined;
    if (head) this.#parse(MARK.every((byte, at) => head[at] === byte) ? head.subarray(MARK.length) : head);
  }

  #parse(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += SLICE) {
      const slice = bytes.subarray(at, at + SLICE);
      this.#window.push(slice);
      this.#offset += slice.length;
      this.#parser.write(charactersOf(slice));
      this.#forget();
    }
  }

  #opened({ local, uri, attributes }: sax.QualifiedTag): void {
    this.#tokens = 0;
    this.#bounded(++this.#elements, this.#bounds.elements, 'elements');
    if (this.#open.length === 0 && this.#elements > 1) refuse('The XML is not well-formed: it has two roots');
    this.#bounded(this.#open.length + 1, this.#bounds.depth, 'elements inside one another');
    const named = Object.values(attributes).map(
      ({ local: name, value }) => [name, this.#decode(value)] as const,
    );
    const element = { name: local, namespace: uri, attributes: new Map(named), text: '', children: [] };
    if (this.#keptFrom >= 0) this.#open.at(-1)?.children.push(element);
    else if (this.#events.isKept(element)) {
      this.#keptFrom = this.#parser.startTagPosition - 1;
      this.#keptDepth = this.#open.length;
    }
    this.#events.open(element, this.#open);
    this.#open.push(element);
  }

  #closed(): void {
    const element = this.#open.pop();
    if (!element) return;
    element.text = element.text.trim();
    const isOutermost = this.#keptFrom >= 0 && this.#open.length === this.#keptDepth;
    const [start, end] = [this.#keptFrom, this.#parser.position];
    if (this.#keptFrom < 0 || isOutermost)
      this.#events.close(element, this.#open, () => this.#bytes(start, end));
    if (isOutermost) this.#keptFrom = -1;
  }

  #text(text: string): void {
    const element = this.#open.at(-1);
    if (!element || text.trim() === '') return;
    element.text += this.#decode(text);
    this.#bounded(element.text.length, LONGEST_TOKEN, 'characters of text in an element');
  }

  /** Every encoding that writes markup as ASCII does will do. */
  #declare(name: string, body: string): void {
    const encoding = name === 'xml' ? /encoding\s*=\s*["']([^"']+)["']/.exec(body)?.[1] : undefined;
    if (encoding === undefined) return;
    if (!/^(utf-?8|us-ascii|iso-8859-\d+|gb2312|gbk|gb18030|windows-\d+)$/i.test(encoding))
      refuse(`The XML is written in ${encoding.slice(0, 40)}; UTF-8 and GB 18030 are read`);
    this.#decoder = new TextDecoder(encoding, { fatal: true });
  }

  #decode(text: string): string {
    if (!NOT_ASCII.test(text)) return text;
    // What is neither ASCII nor a byte came from a character reference.
    return text
      .split(/([\u0080-\uf77f\uf800-\uffff]+)/)
      .map((part, index) => (index % 2 === 1 ? part : this.#decodeBytes(part)))
      .join('');
  }

  #decodeBytes(characters: string): string {
    try {
      return this.#decoder.decode(Uint8Array.from(characters, (character) => character.charCodeAt(0) & 0xff));
    } catch {
      return refuse(`The XML holds bytes that are not ${this.#decoder.encoding}`);
    }
  }

  #bytes(start: number, end: number): Buffer {
    const parts: Buffer[] = [];
    let at = this.#windowStart;
    for (const slice of this.#window) {
      if (at < end && at + slice.length > start)
        parts.push(slice.subarray(Math.max(start - at, 0), end - at));
      at += slice.length;
    }
    return Buffer.concat(parts);
  }

  /** Lets go of bytes that no kept element can need. */
  #forget(): void {
    const needed = this.#keptFrom >= 0 ? this.#keptFrom : this.#parser.startTagPosition - 1;
    for (
      let first = this.#window[0];
      first && this.#windowStart + first.length <= needed;
      first = this.#window[0]
    ) {
      this.#windowStart += first.length;
      this.#window.shift();
    }
    this.#bounded(this.#offset - this.#windowStart, 16 * LONGEST_TOKEN, 'bytes in one record');
  }

  #bounded(number: number, bound: number, what: string): void {
    if (number > bound) refuse(`The XML has more than ${bound} ${what}`);
  }
}

/** Bytes beyond ASCII as characters of the private use area, where no reference to a real character leads. */
function charactersOf(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  if (!NOT_ASCII.test(text)) return text;
  return text.replaceAll(NOT_ASCII_ALL, (byte) => String.fromCharCode(0xf700 + byte.charCodeAt(0)));
}

function refuse(message: string): never {
  throw new Unreadable(message, REMEDY);
}

/** A whole small document as one tree. Throws {@link Unreadable}. */
export function parseXml(bytes: Buffer, bounds: XmlBounds): XmlElement {
  let root: XmlElement | undefined;
  const reader = new XmlReader(
    { isKept: () => true, open: () => undefined, close: (element) => (root = element) },
    bounds,
  );
  reader.push(bytes);
  reader.end();
  return root ?? refuse('The XML has no element');
}

/** The text of the first child of this name; undefined where there is none or it is empty. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text || undefined;
}

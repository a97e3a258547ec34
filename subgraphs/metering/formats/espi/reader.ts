import { fault } from '../../readings/reasons.js';
import type { BodyReader, FormatRecord, RecordSink } from '../records.js';
import { Unreadable } from '../unreadable.js';
import { XmlReader, type XmlElement } from '../xml.js';
import { intervalReadingOf, readInterval, type IntervalReading } from './readings.js';
import { readingTypeOf, type ReadingType } from './reading-types.js';

const ATOM = 'http://www.w3.org/2005/Atom';
const ESPI = 'http://naesb.org/espi';
const BOUNDS = { depth: 24, elements: 20_000_000, attributes: 32 };
/** Readings that stand before their reading type wait for it, so many at most; and so many meter readings are told apart. */
const MOST_HELD = 50_000;
const MOST_RESOURCES = 10_000;

/** What an entry's links say of where its content belongs. */
interface Entry {
  self: string;
  related: string[];
}

interface HeldReading {
  meterReading: string;
  reading: IntervalReading;
  bytes: Buffer;
}

/**
 * Green Button usage data (NAESB ESPI in an Atom feed): each IntervalReading is one reading of the meter that its
 * meter reading or usage point is.
 */
export class EspiReader implements BodyReader {
  readonly #sink: RecordSink;
  readonly #assumed: ReadingType | undefined;
  readonly #xml: XmlReader;
  #entry: Entry = { self: '', related: [] };
  /** By the link of the reading type; a text says why values of it cannot be taken. */
  readonly #types = new Map<string, ReadingType | string>();
  /** Link of the reading type, by that of the meter reading. */
  readonly #typeOf = new Map<string, string>();
  readonly #names = new Map<string, readonly string[]>();
  #held: HeldReading[] = [];

  /** `unit`: of values without a reading type. */
  constructor(sink: RecordSink, unit?: string) {
    this.#sink = sink;
    if (unit) this.#assumed = { unit, decades: 0, intervalLength: 0, isRegister: false, isDelivered: true };
    this.#xml = new XmlReader(
      {
        isKept: ({ name, namespace }) =>
          namespace === ESPI &&
          (name === 'IntervalReading' || name === 'ReadingType' || name === 'MeterReading'),
        open: (element, ancestors) => this.#open(element, ancestors.length),
        close: (element, _ancestors, bytes) => this.#close(element, bytes),
      },
      BOUNDS,
    );
  }

  push(piece: Buffer): void {
    this.#xml.push(piece);
  }

  end(): void {
    this.#xml.end();
    for (const { meterReading, reading, bytes } of this.#held) this.#give(meterReading, reading, bytes);
    this.#held = [];
  }

  #open({ name, namespace, attributes }: XmlElement, depth: number): void {
    if (depth === 0 && namespace !== ATOM && namespace !== ESPI) {
      const remedy = 'Send a feed of Green Button usage data, or say the right content type.';
      throw new Unreadable(`The XML is no Atom feed of ESPI: it begins with ${name.slice(0, 40)}.`, remedy);
    }
    if (namespace !== ATOM) return;
    if (name === 'entry') this.#entry = { self: '', related: [] };
    if (name !== 'link') return;
    const href = resourceOf(attributes.get('href') ?? '');
    if (attributes.get('rel') === 'self') this.#entry.self = href;
    else if (attributes.get('rel') === 'related' && this.#entry.related.length < 100)
      this.#entry.related.push(href);
  }

  #close(element: XmlElement, bytes: () => Buffer): void {
    if (element.namespace !== ESPI) return;
    const { self, related } = this.#entry;
    if (element.name === 'ReadingType') this.#learnType(self, readingTypeOf(element));
    if (element.name === 'MeterReading') {
      const type = related.find((href) => /(^|\/)ReadingType\/[^/]+$/.test(href));
      if (type && this.#typeOf.size < MOST_RESOURCES) this.#typeOf.set(self, type);
    }
    if (element.name !== 'IntervalReading') return;
    const meterReading = self.replace(/\/IntervalBlock(\/[^/]*)?$/, '');
    const reading = intervalReadingOf(element);
    if (this.#type(meterReading) === undefined && this.#held.length < MOST_HELD)
      this.#held.push({ meterReading, reading, bytes: Buffer.from(bytes()) });
    else this.#give(meterReading, reading, bytes());
  }

  /** Of two reading types under one link nobody can tell which is meant. */
  #learnType(link: string, type: ReadingType | string): void {
    const known = this.#types.get(link);
    if (known === undefined && this.#types.size >= MOST_RESOURCES) return;
    const isSame = known === undefined || JSON.stringify(known) === JSON.stringify(type);
    this.#types.set(link, isSame ? type : 'the feed has two different reading types under its link');
  }

  #type(meterReading: string): ReadingType | string | undefined {
    return this.#types.get(this.#typeOf.get(meterReading) ?? '') ?? this.#assumed;
  }

  #give(meterReading: string, reading: IntervalReading, bytes: Buffer): void {
    const type = this.#type(meterReading);
    if (typeof type === 'object') return this.#sink.record(this.#record(meterReading, type, reading, bytes));
    const why =
      type ??
      `none stands in the feed, nor among its first ${MOST_HELD} readings without one; the parameter unit= says what is meant`;
    this.#sink.refuse(fault('MALFORMED_LINE', `reading type of ${meterReading.slice(-80)}: ${why}`), bytes);
  }

  #record(meterReading: string, type: ReadingType, reading: IntervalReading, bytes: Buffer): FormatRecord {
    return {
      names: this.#namesOf(meterReading, type),
      read: (draft, meter) => readInterval(reading, type, draft, meter),
      bytes: () => bytes,
    };
  }

  /** A usage point's own name stands for what is delivered there; what flows back needs a meter of its own. */
  #namesOf(meterReading: string, { isDelivered }: ReadingType): readonly string[] {
    let names = this.#names.get(meterReading);
    if (!names) {
      const usagePoint = meterReading.replace(/\/MeterReading\/[^/]*$/, '');
      names = isDelivered && usagePoint !== meterReading ? [meterReading, usagePoint] : [meterReading];
      if (this.#names.size < MOST_RESOURCES) this.#names.set(meterReading, names);
    }
    return names;
  }
}

/** A link without host and API path: `RetailCustomer/1/UsagePoint/2/…`, so that it stays the same wherever it is served. */
function resourceOf(href: string): string {
  const path = href.slice(0, 400).replace(/^https?:\/\/[^/]*/, '');
  const place = path.search(/\/[^/]+\/[^/]+\/UsagePoint(\/|$)/);
  return place >= 0 ? path.slice(place + 1) : path;
}

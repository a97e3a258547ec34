import type { Readable } from 'node:stream';
import { fault } from '../../readings/reasons.js';
import type { BodyReader, FormatContext } from '../records.js';
import { Unreadable } from '../unreadable.js';
import { XmlReader, type XmlElement, type XmlEvents } from '../xml.js';
import { openArchive, type DailyArchive } from './archive.js';
import { reportDifferences, type DescribedBuild } from './builds.js';
import { Equivalents } from './equivalents.js';
import { hourResultOf, readHour, type HourResult } from './hours.js';
import { dayNumber, isFresh, weekYearOff } from './week-year.js';

const MOST_BYTES = 67_108_864;
const MOST_BUILDS = 20_000;
const BOUNDS = { depth: 16, elements: 20_000_000, attributes: 16 };

/** Hours whose equivalent does not agree, of one building and item: reported once. */
interface Disagreement {
  hours: number;
  first: HourResult;
  bytes: Buffer;
}

/** The daily zip of a data centre (建筑能耗监测 中转站): hours of energy items, and what the buildings are. */
export class DailyReader implements BodyReader {
  readonly #context: FormatContext;
  #pieces: Buffer[] | undefined = [];
  #bytes = 0;
  readonly #disagreements = new Map<string, Disagreement>();

  constructor(context: FormatContext) {
    this.#context = context;
  }

  /** The directory of a zip stands at its end, so it is read whole. */
  push(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > MOST_BYTES) {
      this.#pieces = undefined;
      throw new Unreadable(`The zip is larger than ${MOST_BYTES} bytes.`, 'Send fewer buildings in a zip.');
    }
    this.#pieces?.push(piece);
  }

  async end(settle: () => Promise<void>): Promise<void> {
    const bytes = Buffer.concat(this.#pieces ?? []);
    this.#pieces = undefined;
    const archive = await openArchive(bytes);
    const equivalents = await Equivalents.load(this.#context.session);
    const builds = await this.#describedBuilds(archive);
    await readXml(await archive.energy(), this.#hours(archive, equivalents), settle);
    for (const [meter, { hours, first, bytes: kept }] of this.#disagreements) {
      const detail = `${meter}: HourEquValue of ${hours} hours is no standard coal of HourValue by any coefficient here, the first ${first.equivalent} of ${first.value}`;
      this.#context.sink.refuse(fault('DIFFERENCE', detail.slice(0, 300)), kept);
    }
    await reportDifferences(builds, this.#context.session, this.#context.sink);
  }

  async #describedBuilds({ build }: DailyArchive): Promise<DescribedBuild[]> {
    const builds: DescribedBuild[] = [];
    if (!build) return builds;
    const events: XmlEvents = {
      isKept: ({ name }) => name === 'Build',
      open: () => undefined,
      close: (element, _ancestors, bytes) => {
        if (element.name !== 'Build') return;
        if (builds.length >= MOST_BUILDS)
          throw new Unreadable(`Build.xml has more than ${MOST_BUILDS} buildings.`);
        builds.push({ id: element.attributes.get('id') ?? '', element, bytes: bytes() });
      },
    };
    await readXml(await build(), events, () => Promise.resolve());
    return builds;
  }

  #hours({ date }: DailyArchive, equivalents: Equivalents): XmlEvents {
    const misdated = this.#misdated(date);
    return {
      isKept: ({ name }) => name === 'EnergyItemHourResult',
      open: () => undefined,
      close: (element, ancestors, bytes) => {
        if (element.name !== 'EnergyItemHourResult') return;
        const hour = hourResultOf(element);
        const meter = `${buildOf(ancestors)}:${hour.item}`;
        const kept = bytes();
        this.#context.sink.record({
          names: [meter],
          read: (draft, meter) => readHour(hour, misdated, draft, meter),
          bytes: () => kept,
        });
        if (equivalents.agrees(hour.item, hour.value, hour.equivalent) === false)
          this.#disagree(meter, hour, kept);
      },
    };
  }

  /** By the file's own day; and where that is itself a year off, by today. */
  #misdated(fileDate: string): (date: string) => string | undefined {
    const fileDay = dayNumber(fileDate);
    if (fileDay === undefined) throw new Unreadable(`The zip is named after ${fileDate}, which is no day.`);
    const fresh = isFresh(this.#context.now);
    const isFileOff = weekYearOff(fileDate, fresh) !== undefined;
    return (date) => weekYearOff(date, isFileOff ? fresh : (day) => Math.abs(day - fileDay) <= 1);
  }

  #disagree(meter: string, first: HourResult, bytes: Buffer): void {
    const known = this.#disagreements.get(meter);
    if (known) known.hours++;
    else this.#disagreements.set(meter, { hours: 1, first, bytes });
  }
}

function buildOf(ancestors: readonly XmlElement[]): string {
  return ancestors.findLast(({ name }) => name === 'Build')?.attributes.get('id') ?? '';
}

async function readXml(stream: Readable, events: XmlEvents, settle: () => Promise<void>): Promise<void> {
  const reader = new XmlReader(events, BOUNDS);
  for await (const piece of stream) {
    reader.push(piece as Buffer);
    await settle();
  }
  reader.end();
}

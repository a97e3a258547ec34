import { Refusal } from '../../../gateway/errors.js';
import { Zone } from '../readings/calendar.js';
import { givenMeters, mediaTypeOf, parametersOf, type Described } from './description.js';
import { DailyReader } from './daily/reader.js';
import { EspiReader } from './espi/reader.js';
import { UnreadReader } from './unread/reader.js';
import type { BodyReader, FormatContext, Naming } from './records.js';
import { WideReader, type WideFile } from './wide/reader.js';
import { DATE_ORDERS, RowClock, STAMPS, type DateOrder } from './wide/row-clock.js';

/** A format beside our own lines, as one body is written in it. */
export interface BodyFormat {
  naming: Naming;
  open: (context: FormatContext) => BodyReader;
}

type Given = Naming['given'];

/** By media type; how each is read from what the sender said of its body. */
const FORMATS: Readonly<Record<string, (contentType: string, given: Given) => BodyFormat | undefined>> = {
  'application/atom+xml': (contentType, given) => {
    const { unit } = parametersOf(mediaTypeOf(contentType), { unit: /^[A-Za-z0-9]{1,8}$/ });
    return { naming: { given, scheme: 'espi' }, open: ({ sink }) => new EspiReader(sink, unit) };
  },
  'application/octet-stream': (contentType, given) => {
    const { fault } = parametersOf(mediaTypeOf(contentType), { fault: /^[\x20-\x7e]{1,40}$/ });
    return { naming: { given, scheme: undefined }, open: ({ sink }) => new UnreadReader(sink, fault) };
  },
  'application/zip': (contentType, given) => {
    parametersOf(mediaTypeOf(contentType), {});
    return { naming: { given, scheme: 'building-item' }, open: (context) => new DailyReader(context) };
  },
  'text/csv': (contentType, given) => {
    // CSV without a layout is lines, whatever else is said of it.
    return /;\s*layout=/i.test(contentType) ? wideFormat(contentType, given) : undefined;
  },
};

function wideFormat(contentType: string, given: Given): BodyFormat {
  const { scheme, ...said } = parametersOf(mediaTypeOf(contentType), {
    layout: /^wide$/,
    dates: new RegExp(`^(${DATE_ORDERS.join('|')})$`),
    stamps: new RegExp(`^(${STAMPS.join('|')})$`),
    'time-zone': /^[A-Za-z0-9_+/-]{1,64}$/,
    scheme: /^[\w.:-]{1,64}$/,
    missing: /^.{1,40}$/,
    unlisted: /^skip$/,
  });
  const zone = said['time-zone'] === undefined ? undefined : zoneNamed(said['time-zone']);
  const file: WideFile = {
    clock: new RowClock(said.dates as DateOrder | undefined, zone),
    stamps: said.stamps === 'end' ? 'end' : 'start',
    missing: said.missing,
    only: said.unlisted ? given : undefined,
  };
  return { naming: { given, scheme }, open: ({ sink }) => new WideReader(sink, file) };
}

function zoneNamed(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    throw new Refusal('UNSUPPORTED_MEDIA_TYPE', {
      message: `time-zone=${name} is no time zone.`,
      remedy: 'Write an IANA time zone, e.g. Asia/Shanghai.',
    });
  }
}

/**
 * The format of a body that is not lines; undefined for lines.
 *
 * @throws Refusal UNSUPPORTED_MEDIA_TYPE, BAD_USER_INPUT for a description that is not understood.
 */
export function bodyFormatOf({ contentType = '', meters }: Described): BodyFormat | undefined {
  const [type = ''] = contentType.split(';');
  return FORMATS[type.trim().toLowerCase()]?.(contentType, givenMeters(meters));
}

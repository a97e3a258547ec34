import { givenMeters, mediaTypeOf, parametersOf, type Described, type MediaType } from './description.js';
import { EspiReader } from './espi/reader.js';
import type { BodyReader, Naming, RecordSink } from './records.js';

/** A format beside our own lines, as one body is written in it. */
export interface BodyFormat {
  naming: Naming;
  open: (sink: RecordSink) => BodyReader;
}

/** By media type; how each is read from what the sender said of its body. */
const FORMATS: Readonly<Record<string, (media: MediaType, given: Naming['given']) => BodyFormat>> = {
  'application/atom+xml': (media, given) => {
    const { unit } = parametersOf(media, { unit: /^[A-Za-z0-9]{1,8}$/ });
    return { naming: { given, scheme: 'espi' }, open: (sink) => new EspiReader(sink, unit) };
  },
};

/**
 * The format of a body that is not lines; undefined for lines.
 *
 * @throws Refusal UNSUPPORTED_MEDIA_TYPE, BAD_USER_INPUT for a description that is not understood.
 */
export function bodyFormatOf({ contentType, meters }: Described): BodyFormat | undefined {
  const [type = ''] = (contentType ?? '').split(';');
  const format = FORMATS[type.trim().toLowerCase()];
  return format?.(mediaTypeOf(contentType), givenMeters(meters));
}

import { Refusal } from '../../../gateway/errors.js';

/** What a sender says of its body, in the headers. */
export interface Described {
  contentType?: string | undefined;
  contentEncoding?: string | undefined;
  /** Header `hub-meters`: which name of the format is which meter, as `name=meter&name=meter`, percent-encoded. */
  meters?: string | undefined;
}

/** The headers of a request, as far as they describe its body. */
export function describedBy(headers: Record<string, string | undefined>): Described {
  return {
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    meters: headers['hub-meters'],
  };
}

/** A media type and its parameters, RFC 9110 8.3.1; names in lower case. */
export interface MediaType {
  type: string;
  parameters: ReadonlyMap<string, string>;
}

const PARAMETER = /;\s*([A-Za-z0-9-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))\s*/y;

/** @throws Refusal UNSUPPORTED_MEDIA_TYPE for what is none. */
export function mediaTypeOf(contentType: string | undefined): MediaType {
  const text = (contentType ?? '').trim();
  const type = /^[^;\s]*/.exec(text)?.[0].toLowerCase() ?? '';
  const parameters = new Map<string, string>();
  PARAMETER.lastIndex = text.indexOf(';') < 0 ? text.length : text.indexOf(';');
  while (PARAMETER.lastIndex < text.length) {
    const match = PARAMETER.exec(text);
    if (!match) throw unsupported(`The content type ${JSON.stringify(text.slice(0, 80))} cannot be read.`);
    const [, name = '', quoted, plain = ''] = match;
    parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain);
  }
  return { type, parameters };
}

/** The parameters that a format knows, each with the test of its value; `charset` says nothing new and is let be. */
export function parametersOf<Name extends string>(
  { type, parameters }: MediaType,
  known: Readonly<Record<Name, RegExp>>,
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const [name, value] of parameters) {
    if (name === 'charset') continue;
    const test = Object.hasOwn(known, name) ? known[name as Name] : undefined;
    if (!test) {
      throw unsupported(
        `${type} has no parameter ${name.slice(0, 40)}; there are: ${Object.keys(known).join(', ') || 'none'}.`,
      );
    }
    if (!test.test(value))
      throw unsupported(`${name}=${JSON.stringify(value.slice(0, 40))} is not understood.`);
    found[name as Name] = value;
  }
  return found;
}

const MOST_GIVEN = 2_000;

/** @throws Refusal BAD_USER_INPUT naming the header. */
export function givenMeters(text: string | undefined): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const [name, meter] of new URLSearchParams(text ?? '')) {
    if (name === '' || meter === '' || given.has(name)) {
      throw new Refusal('BAD_USER_INPUT', {
        message: `hub-meters: ${JSON.stringify(name.slice(0, 40))} must have one meter.`,
        remedy: 'Write name=meter&name=meter, percent-encoded, each name once.',
      });
    }
    given.set(name, meter);
  }
  if (given.size > MOST_GIVEN)
    throw new Refusal('BAD_USER_INPUT', { message: `hub-meters: at most ${MOST_GIVEN} names.` });
  return given;
}

function unsupported(message: string): Refusal {
  return new Refusal('UNSUPPORTED_MEDIA_TYPE', { message });
}

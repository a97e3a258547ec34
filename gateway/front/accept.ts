import { Refusal } from '../errors.js';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

/** How an answer is to be given. */
export interface Form {
  contentType: string;
  /**
   * Whether documents and variables that GraphQL itself refuses are answered with 200. A client that names
   * `application/json` may be of those that read the body only then.
   */
  isAlwaysOk: boolean;
}

/** Of a media range: its quality, how exactly it names a type, and where it stands. */
interface Match {
  type: string;
  quality: number;
  exactness: number;
  at: number;
}

/**
 * The form that the client prefers (RFC 9110, 12.5.1): by quality, then by how exactly it is named, then by its order.
 * Whoever names none has JSON, with status codes.
 *
 * @throws Refusal NOT_ACCEPTABLE
 */
export function formOf(accept: string | undefined): Form {
  if (accept === undefined || accept === '*/*') return PLAIN;
  const known = forms.get(accept);
  if (known) return known;
  const form = negotiated(accept);
  if (forms.size < MOST_KNOWN) forms.set(accept, form);
  return form;
}

const PLAIN: Form = { contentType: `${JSON_TYPE}; charset=utf-8`, isAlwaysOk: false };

/** Clients send few different headers, each of them with every request. */
const forms = new Map<string, Form>();
const MOST_KNOWN = 64;

function negotiated(accept: string): Form {
  const ranges = accept.split(',').map(rangeOf);
  const [best] = [JSON_TYPE, GRAPHQL_TYPE]
    .map((type) => matchOf(type, ranges))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || b.exactness - a.exactness || a.at - b.at);
  if (!best) throw new Refusal('NOT_ACCEPTABLE');
  return {
    contentType: `${best.type}; charset=utf-8`,
    isAlwaysOk: best.type === JSON_TYPE && best.exactness === 2,
  };
}

function rangeOf(range: string): { name: string; quality: number } {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  return { name, quality: Number.isNaN(quality) ? 0 : quality };
}

/** What the range that names a type most exactly says of it. */
function matchOf(type: string, ranges: readonly { name: string; quality: number }[]): Match {
  const matches = ranges.flatMap(({ name, quality }, at) => {
    const exactness = [`*/*`, 'application/*', type].indexOf(name);
    return exactness < 0 ? [] : [{ type, quality, exactness, at }];
  });
  return matches.sort((a, b) => b.exactness - a.exactness)[0] ?? { type, quality: 0, exactness: 0, at: 0 };
}

import { ERRORS, type ErrorCode } from '../../gateway/errors.js';
import type { Reply } from '../world/caller.js';

export interface Refused {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; rule?: string; remedy?: string; incident?: string };
}

/** What must never leave the hub: stacks, files of ours, SQL, and names of the schema that the caller did not say. */
const LEAKS = [
  /\n\s+at /,
  /node_modules|\.[jt]s\b:?\d*|file:\/\//,
  /\b(select|insert|update)\b.+\b(from|into|set)\b/i,
  /did you mean/i,
  /stacktrace|"stack"/i,
  /"locations":\[\],"stack/,
];

/**
 * The errors of a refused request. Throws where the answer is no JSON of ours, tells more than it may, or is a fault
 * of the hub instead of a refusal.
 */
export function refusals({ status, headers, body }: Reply): Refused[] {
  const text = body.toString('utf8');
  if (!/^application\/(json|graphql-response\+json)/.test(headers['content-type'] ?? '')) {
    throw new Error(`answered ${status} as ${headers['content-type']}: ${text}`);
  }
  const leak = LEAKS.find((pattern) => pattern.test(text));
  if (leak) throw new Error(`the answer tells too much (${String(leak)}): ${text}`);
  const { errors } = JSON.parse(text) as { errors?: Refused[] };
  if (!errors || errors.length === 0)
    throw new Error(`answered ${status} without a refusal: ${text.slice(0, 500)}`);
  for (const { extensions, message } of errors) {
    if (!Object.hasOwn(ERRORS, extensions?.code))
      throw new Error(`${extensions?.code} is no code of ours: ${text}`);
    if (extensions.code === 'INTERNAL') throw new Error(`a fault instead of a refusal: ${text}`);
    if (!extensions.remedy || !message) throw new Error(`no remedy: ${text}`);
  }
  return errors;
}

/** Status and code of a whole request that was refused: `[404, 'NOT_FOUND']`. */
export function refusalOf(reply: Reply): [status: number, code: ErrorCode] {
  const [first] = refusals(reply);
  const { data } = JSON.parse(reply.body.toString('utf8')) as { data?: unknown };
  if (data !== undefined && data !== null && Object.values(data).some((value) => value !== null)) {
    throw new Error(`served beside the refusal: ${reply.body.toString('utf8')}`);
  }
  return [reply.status, first?.extensions.code as ErrorCode];
}

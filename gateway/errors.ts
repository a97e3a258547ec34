import { ERRORS } from './error-table.js';

export { ERRORS };

export type ErrorCode = keyof typeof ERRORS;

export interface RefusalDetails {
  /** What exactly was wrong; defaults to the table's sentence. Never holds readings, keys or other people's data. */
  message?: string;
  /** The id of the policy rule that refused. */
  rule?: string;
  remedy?: string;
  /** Seconds after which the same may be asked again. */
  retryAfter?: number;
}

/** An expected refusal: it has a code of the table, leaves as JSON and is no fault of the hub. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly rule: string | undefined;
  readonly remedy: string;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, details: RefusalDetails = {}) {
    super(details.message ?? ERRORS[code][1]);
    this.name = 'Refusal';
    this.code = code;
    this.rule = details.rule;
    this.remedy = details.remedy ?? ERRORS[code][2];
    this.retryAfter = details.retryAfter;
  }

  get status(): number {
    return ERRORS[this.code][0];
  }

  get extensions(): Record<string, unknown> {
    const { code, rule, remedy, retryAfter } = this;
    return { code, ...(rule && { rule }), remedy, ...(retryAfter && { retryAfter }) };
  }

  /** The body of a refused request: the error form of GraphQL, for the bulk doors too. */
  toJSON(): { errors: { message: string; extensions: Record<string, unknown> }[] } {
    return { errors: [{ message: this.message, extensions: this.extensions }] };
  }
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}

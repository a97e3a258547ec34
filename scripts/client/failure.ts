/** What can go wrong on this side of the wire, with what to do about it. Codes of the hub itself pass through. */
const FAULTS = {
  HUB_UNREACHABLE: 'Is the hub running (npm start)? Check --url and the network.',
  CONNECTION_LOST: 'Run the same command again: it continues, and what was stored is not stored twice.',
  TLS_REFUSED: 'Ask the operator for a valid certificate (hub cert issue), and check --cert and --key.',
  SERVER_UNTRUSTED: 'Check --url, and that --ca is the ca.crt of the hub that you mean.',
  CERTIFICATE_MISSING:
    'Name a tenant with --as, or give --cert, --key and --ca; hub cert list shows what there is.',
  SIGNATURE_INVALID: 'Do not use this data. Check that --ca is of the right hub, then tell the operator.',
  PACKAGE_DAMAGED: 'Remove the damaged file and run hub pull again.',
  FILE_UNUSABLE: 'Mend the file at the place named.',
  USAGE: 'hub help COMMAND shows the options.',
  ANSWER_UNEXPECTED: 'Check that --url is the address of a hub, and that hub and client are of one version.',
  OTHER: 'If it comes again, report it with the command that you ran.',
} as const;

export type FaultCode = keyof typeof FAULTS;

export interface FailureDetails {
  code: string;
  message: string;
  remedy: string;
  /** The policy rule that refused, where the hub named one. */
  rule?: string | undefined;
  /** Whether the same request may succeed when sent again. */
  isPassing?: boolean;
  /** Seconds that the hub asks to wait before. */
  retryAfter?: number | undefined;
}

/** Why a command failed: what the user sees instead of a stack trace. */
export class Failure extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly rule: string | undefined;
  readonly isPassing: boolean;
  readonly retryAfter: number | undefined;

  constructor(details: FailureDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.name = 'Failure';
    this.code = details.code;
    this.remedy = details.remedy;
    this.rule = details.rule;
    this.isPassing = details.isPassing ?? false;
    this.retryAfter = details.retryAfter;
  }

  /** The form in which the hub itself answers, so that --json has one form of error. */
  toJSON(): { errors: { message: string; extensions: Record<string, string> }[] } {
    const extensions = { code: this.code, ...(this.rule && { rule: this.rule }), remedy: this.remedy };
    return { errors: [{ message: this.message, extensions }] };
  }
}

export function fault(code: FaultCode, message: string, cause?: unknown): Failure {
  const isPassing = code === 'HUB_UNREACHABLE' || code === 'CONNECTION_LOST';
  return new Failure({ code, message, remedy: FAULTS[code], isPassing }, { cause });
}

/** Anything thrown, as a failure that can be shown. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (FILE_ERRORS.has(code)) return fault('FILE_UNUSABLE', withoutSyscall(message), error);
  return fault('OTHER', message, error);
}

const FILE_ERRORS = new Set(['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'ENOSPC', 'EROFS', 'EPERM', 'EEXIST']);

/** "ENOENT: no such file or directory, open 'x'" without the letters that only programmers read. */
function withoutSyscall(message: string): string {
  return message.replace(/^[A-Z]+: /, '').replace(/, \w+ '/, ": '");
}

export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

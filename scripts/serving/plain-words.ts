import { CertificateError } from '../../certs/certificate-error.js';
import { ConfigurationError } from '../../gateway/config.js';
import { Refusal } from '../../gateway/errors.js';
import { codeOf, Failure } from '../client/failure.js';

/** SQLSTATE classes and codes of PostgreSQL that an operator can do something about. */
const DATABASE_REMEDIES: [pattern: RegExp, remedy: string][] = [
  [
    /^28/,
    'Check the user and password in DATABASE_URL, and that HUB_HOME is the home that prepared this database.',
  ],
  [/^3D000$/, 'Create that database, or name another in DATABASE_URL.'],
  [/^42501$/, 'The role in DATABASE_URL must be allowed to create roles, databases and schemas.'],
  [/^53300$/, 'Raise max_connections of the server, or lower HUB_DATABASE_POOL.'],
  [/^57P0[123]$/, 'The server is starting or stopping: try again shortly.'],
  [
    /^(08|ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)/,
    'Check that the database server runs and that DATABASE_URL names it.',
  ],
];

/** What a database that does not open says is for the operator as it stands. */
export function databaseUnavailable(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = message.startsWith('DATABASE_URL')
    ? 'Check the address and password, and that the server runs.'
    : '';
  throw new Failure({ code: 'DATABASE_UNAVAILABLE', message, remedy }, { cause: error });
}

/** What keeps a hub or a command at the machine from working, in words for its operator; undefined when nobody knows. */
export function inPlainWords(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const words = (code: string, said: string, remedy: string): Failure =>
    new Failure({ code, message: said, remedy }, { cause: error });
  if (error instanceof ConfigurationError)
    return words('CONFIGURATION', message, 'The README lists every setting.');
  if (error instanceof CertificateError) return words('CERT_REFUSED', message, '');
  if (error instanceof Refusal)
    return new Failure({ code: error.code, message, remedy: error.remedy, rule: error.rule });
  return portTrouble(error, words) ?? databaseTrouble(error, message, words);
}

type Words = (code: string, message: string, remedy: string) => Failure;

function portTrouble(error: unknown, words: Words): Failure | undefined {
  const { syscall, port, address } = error as { syscall?: string; port?: number; address?: string };
  if (syscall !== 'listen') return undefined;
  const where = `${address ?? 'this machine'}:${port ?? '?'}`;
  const settings = 'HUB_PORT (8443), HUB_OPS_PORT (9090) or, for a room by itself, HUB_ROOM_PORT';
  const code = codeOf(error);
  if (code === 'EADDRINUSE')
    return words(
      'PORT_TAKEN',
      `Another program, perhaps another hub, listens on ${where}.`,
      `Stop it, or set ${settings}.`,
    );
  if (code === 'EACCES')
    return words(
      'PORT_REFUSED',
      `This user may not listen on ${where}.`,
      `Set ${settings} to 1024 or above.`,
    );
  return words(
    'PORT_REFUSED',
    `Nothing can listen on ${where} (${code}).`,
    'Check HUB_HOST: it is an address of this machine.',
  );
}

function databaseTrouble(error: unknown, message: string, words: Words): Failure | undefined {
  const code = codeOf(error);
  const isDatabases = 'severity' in Object(error) || /^(ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN)/.test(code);
  const [, remedy] = DATABASE_REMEDIES.find(([pattern]) => pattern.test(code)) ?? [];
  return isDatabases && remedy
    ? words('DATABASE_REFUSED', `The database: ${message || code}.`, remedy)
    : undefined;
}

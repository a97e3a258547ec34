import { Client } from 'pg';

const PATIENCE = 10_000;

/**
 * Connects once and disconnects. Throws an error that says which server did not answer and why, and in which the
 * password does not occur, neither as typed nor decoded.
 */
export async function requireConnection(url: string): Promise<void> {
  // The fault itself goes no further, not even as a cause: drivers put the whole address into their errors.
  const why = await connect(url).then(() => undefined, reason);
  if (why === undefined) return;
  throw new Error(hide(`DATABASE_URL: cannot connect to ${withoutPassword(url)}: ${why}`, passwordsIn(url)));
}

async function connect(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: PATIENCE });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The address as it may be shown. */
export function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    const port = parsed.port && `:${parsed.port}`;
    return `${parsed.protocol}//${parsed.username && `${parsed.username}@`}${parsed.hostname}${port}${parsed.pathname}`;
  } catch {
    return 'an address that is not a URL (write special characters of the password as %XX)';
  }
}

function reason(fault: unknown): string {
  // Node gathers what happened with each address of a host name; its own message is then empty.
  if (fault instanceof AggregateError) return fault.errors.map(reason).join('; ');
  if (!(fault instanceof Error)) return 'unknown fault';
  return fault.message || (fault as NodeJS.ErrnoException).code || fault.name;
}

function passwordsIn(url: string): string[] {
  try {
    const { password, searchParams } = new URL(url);
    const raw = [password, searchParams.get('password') ?? ''];
    return [...raw, ...raw.map(decoded)].filter((secret) => secret !== '');
  } catch {
    const typed = /^[^:]+:\/\/[^:@/]*:(.*)@/.exec(url)?.[1];
    return typed === undefined ? [url] : [url, typed];
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function hide(text: string, secrets: string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}

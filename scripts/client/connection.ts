import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { codeOf, fault } from './failure.js';

export interface ConnectionOptions {
  as?: string;
  cert?: string;
  key?: string;
  ca?: string;
  url?: string;
  home?: string;
  purpose?: string;
}

/** With whom to speak and as whom. */
export interface Connection {
  /** Scheme, host and port, without a slash at the end. */
  origin: string;
  /** PEM; the certificate is followed by its issuing authority. */
  cert: string;
  key: string;
  /** PEM bundle: what server certificates and signatures are verified against. */
  ca: string;
  /** The name after --as, or the common name in the certificate: names folders and messages, authorises nothing. */
  name: string;
  purpose: string | undefined;
}

/** The options that every command which calls a hub has in common. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('--as <name>', 'call as this tenant, with $HUB_HOME/certs/<name>.crt and .key')
    .option('--cert <file>', 'client certificate, instead of --as')
    .option('--key <file>', 'key of the client certificate')
    .option('--ca <file>', "the hub's ca.crt (default: $HUB_HOME/certs/ca.crt)")
    .option('--url <address>', 'address of the hub (default: https://localhost:$HUB_PORT, else 8443)')
    .addOption(new Option('--home <folder>', 'home of the hub').env('HUB_HOME').default('.hub'))
    .option('--purpose <purpose>', 'why the data is asked for; needed when the tenant has several purposes');
}

/** Reads the certificate, key and authorities that the options name. Throws Failure CERTIFICATE_MISSING, USAGE. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const folder = join(options.home ?? '.hub', 'certs');
  const [cert, key] = pairOf(options, folder);
  // One after the other: of several files that are missing, the first is named.
  const certPem = await pem(cert);
  const keyPem = await pem(key);
  const caPem = await readAuthorities(options);
  return {
    origin: originOf(options.url),
    cert: certPem,
    key: keyPem,
    ca: caPem,
    name: options.as ?? commonName(certPem, cert),
    purpose: options.purpose,
  };
}

/** The PEM of `--ca`, or of `certs/ca.crt` in the hub's home. */
export function readAuthorities(options: Pick<ConnectionOptions, 'ca' | 'home'>): Promise<string> {
  return pem(options.ca ?? join(options.home ?? '.hub', 'certs', 'ca.crt'));
}

function pairOf(options: ConnectionOptions, folder: string): [cert: string, key: string] {
  const { as, cert, key } = options;
  if (as !== undefined && (cert !== undefined || key !== undefined)) {
    throw fault('USAGE', 'Give either --as or --cert and --key.');
  }
  if (as !== undefined) {
    if (!/^[\w.-]+$/.test(as)) throw fault('USAGE', `"${as}" is no name of a tenant.`);
    return [join(folder, `${as}.crt`), join(folder, `${as}.key`)];
  }
  if (cert === undefined || key === undefined)
    throw fault('CERTIFICATE_MISSING', 'No certificate was named.');
  return [cert, key];
}

async function pem(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
  } catch (error) {
    const reason = codeOf(error) === 'ENOENT' ? 'is not there' : `cannot be read (${codeOf(error)})`;
    throw fault('CERTIFICATE_MISSING', `${path} ${reason}.`, error);
  }
  throw fault('CERTIFICATE_MISSING', `${path} is no PEM file.`);
}

function originOf(url = `https://localhost:${process.env['HUB_PORT'] ?? '8443'}`): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'https:') throw fault('USAGE', `--url must begin with https://, was ${url}.`);
  return parsed.origin;
}

function commonName(certificate: string, path: string): string {
  try {
    const name = new X509Certificate(certificate).toLegacyObject().subject?.CN;
    return (Array.isArray(name) ? name[0] : name) ?? 'tenant';
  } catch (error) {
    throw fault('CERTIFICATE_MISSING', `${path} holds no certificate.`, error);
  }
}

import { constants, createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import forge from 'node-forge';
import type { Authority } from '../../certs/authority.js';
import { type Issuer, signCertificate, signRoot } from '../../certs/certificate.js';
import type { Judge, Verdict } from '../../certs/judge.js';
import { LEAF_BITS, generateRsa } from '../../certs/keys.js';
import { ORGANISATION } from '../../certs/names.js';
import { DAY_MS } from '../../certs/period.js';
import type { Extension } from '../../certs/profiles.js';

export interface Pair {
  certificate: string;
  key: string;
}

/** What the server made of a connection: node's own opinion beside the judge's. */
export interface Opinion {
  node: string | null;
  verdict: Verdict;
  isResumed: boolean;
}

export async function temporaryHome(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'hub-certs-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** A TLS server as the gateway runs it; each connection is told what the server made of it. */
export async function judgingServer(authority: Authority, judge: Judge): Promise<tls.Server> {
  const own = await authority.serverCredentials();
  const server = tls.createServer(
    {
      cert: own.certificate,
      key: own.key,
      ca: await authority.authorities(),
      crl: await authority.crls(),
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      secureOptions: constants.SSL_OP_NO_TICKET,
    },
    (socket) => {
      const verdict = judge.stageOf(socket.getPeerX509Certificate());
      const node = socket.authorized ? null : String(socket.authorizationError);
      socket.end(JSON.stringify({ node, verdict, isResumed: socket.isSessionReused() }));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** Connects with the pair, or with none, verifying the server as a partner does with `ca.crt`. */
export async function call(
  server: tls.Server,
  ca: string[],
  pair?: Pair,
  more: tls.ConnectionOptions = {},
): Promise<Opinion & { session: Buffer | undefined }> {
  const { port } = server.address() as AddressInfo;
  const client = { cert: pair?.certificate, key: pair?.key, ...more };
  const socket = tls.connect({ port, host: '127.0.0.1', servername: 'localhost', ca, ...client });
  let session: Buffer | undefined;
  socket.on('session', (latest) => (session = latest));
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return { ...(JSON.parse(answer) as Opinion), session };
}

/** A pair signed by any issuer, ours or forged, with any extensions. */
export async function pairFrom(issuer: Issuer, extensions: Extension[], name = 'mallory'): Promise<Pair> {
  const keys = await generateRsa(LEAF_BITS);
  const { pem } = signCertificate(draft(name, keys.publicKey, extensions), issuer);
  return { certificate: pem, key: keys.privatePem };
}

export async function selfSigned(extensions: Extension[]): Promise<Pair> {
  const keys = await generateRsa(LEAF_BITS);
  const { pem } = signRoot(draft('mallory', keys.publicKey, extensions), createPrivateKey(keys.privatePem));
  return { certificate: pem, key: keys.privatePem };
}

export function asIssuer(pair: Pair): Issuer {
  return { certificate: forge.pki.certificateFromPem(pair.certificate), key: createPrivateKey(pair.key) };
}

function draft(commonName: string, publicKey: forge.pki.rsa.PublicKey, extensions: Extension[]) {
  const now = Date.now();
  return {
    subject: { commonName, organisation: ORGANISATION },
    publicKey,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + DAY_MS),
    extensions,
  };
}

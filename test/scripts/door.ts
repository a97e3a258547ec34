import { X509Certificate, createPrivateKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign } from 'jose';
import { type Authority, openAuthority } from '../../certs/authority.js';

export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A real authority in a home of its own, as the client command finds it. */
export interface TestHome extends AsyncDisposable {
  path: string;
  authority: Authority;
  ca: string;
}

export async function homeWith(...tenants: string[]): Promise<TestHome> {
  const path = await mkdtemp(join(tmpdir(), 'hub-client-'));
  const authority = await openAuthority(path);
  for (const name of tenants) {
    await authority.handOut(name, await authority.issueClient({ name, stage: 'FORMAL' }));
  }
  const ca = (await authority.authorities()).join('');
  return { path, authority, ca, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** An HTTPS server that asks for client certificates, on any free port, and answers as the test says. */
export interface Door extends AsyncDisposable {
  url: string;
}

export async function openDoor({ authority }: TestHome, handler: Handler): Promise<Door> {
  const own = await authority.serverCredentials();
  const ca = await authority.authorities();
  const server = https.createServer(
    { cert: own.certificate, key: own.key, ca, requestCert: true, rejectUnauthorized: true },
    (request, response) => void answer(handler, request, response),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A fault of the test's own handler must not leave the client waiting. */
async function answer(handler: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await handler(request, response);
  } catch {
    response.destroy();
  }
}

/** A detached JWS over the body as the hub makes it, or by whatever else has a key. */
export async function sign(body: string | Buffer, by: { certificate: string; key: string }): Promise<string> {
  const x5c = [new X509Certificate(by.certificate).raw.toString('base64')];
  const jws = await new CompactSign(Buffer.from(body))
    .setProtectedHeader({ alg: 'RS256', x5c })
    .sign(createPrivateKey(by.key));
  return jws.replace(/\.[^.]*\./, '..');
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ message, extensions: { code, remedy: `Remedy of ${code}.` } }] }));
}

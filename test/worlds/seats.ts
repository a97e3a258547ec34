import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import forge from 'node-forge';
import { Pool } from 'undici';
import { openAuthority } from '../../certs/authority.js';
import { generateRsa, LEAF_BITS } from '../../certs/keys.js';
import { Caller } from '../world/caller.js';
import type { World } from '../world/world.js';

/**
 * A certificate with open connections that any tenant can be put behind: whom a certificate belongs to is looked up on
 * every request, so one serves a tenant after the other.
 */
export interface Seat {
  fingerprint: string;
  serial: string;
  notBefore: string;
  notAfter: string;
  caller: Caller;
}

/** Certificates from one request, so that only one key has to be made. */
export async function takeSeats(world: World, count: number): Promise<Seat[]> {
  const authority = await openAuthority(world.home);
  const { privatePem } = await generateRsa(LEAF_BITS);
  const request = requestOf(privatePem);
  const ca = await readFile(join(world.home, 'certs', 'ca.crt'), 'utf8');
  const seats: Seat[] = [];
  for (let number = 1; number <= count; number += 1) {
    const issued = await authority.issueFromCsr(request, { name: 'seat', stage: 'FORMAL' });
    const pool = new Pool(world.hub.url, {
      connections: 2,
      connect: { ca, cert: issued.certificate, key: privatePem },
      headersTimeout: 120_000,
      bodyTimeout: 120_000,
    });
    seats.push({
      fingerprint: issued.fingerprint,
      serial: issued.serial,
      notBefore: issued.notBefore.toISOString(),
      notAfter: issued.notAfter.toISOString(),
      caller: new Caller(pool),
    });
  }
  return seats;
}

function requestOf(privatePem: string): string {
  const privateKey = forge.pki.privateKeyFromPem(privatePem);
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  request.setSubject([{ name: 'commonName', value: 'seat' }]);
  request.sign(privateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request);
}

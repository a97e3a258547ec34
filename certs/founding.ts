import { createPrivateKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Draft, type Issuer, signCertificate, signRoot } from './certificate.js';
import { writePair } from './store.js';
import { PRIVATE, writeWhole } from './files.js';
import { AUTHORITY_BITS, type KeyPair, generateRsa } from './keys.js';
import { AUTHORITY_NAMES, type IssuerId, ORGANISATION, type Stage } from './names.js';
import { startOfValidity } from './period.js';
import { ISSUING, ROOT } from './profiles.js';

const ROOT_YEARS = 20;
const ISSUING_YEARS = 15;

/**
 * Makes the three authorities unless the vault exists. They are made in a folder beside it that takes the vault's
 * name when all is written: a start killed half-way leaves no half authority. Call it under the store's lock.
 */
export async function foundAuthorities(vault: string): Promise<void> {
  if (existsSync(vault)) return;
  const beginning = `.${basename(vault)}.founding-`;
  const left = (await readdir(dirname(vault))).filter((file) => file.startsWith(beginning));
  for (const file of left) await rm(join(dirname(vault), file), { recursive: true });

  const site = join(dirname(vault), `${beginning}${process.pid}`);
  await mkdir(site, { mode: 0o700 });
  await writeAuthorities(site);
  await rename(site, vault);
}

async function writeAuthorities(site: string): Promise<void> {
  const [rootKeys, testKeys, formalKeys] = await Promise.all([
    generateRsa(AUTHORITY_BITS),
    generateRsa(AUTHORITY_BITS),
    generateRsa(AUTHORITY_BITS),
  ]);
  const rootKey = createPrivateKey(rootKeys.privatePem);
  const root = signRoot(draft('ROOT', rootKeys, ROOT_YEARS), rootKey);
  const issuer: Issuer = { certificate: root.certificate, key: rootKey };
  const issuing = async (stage: Stage, keys: KeyPair): Promise<void> => {
    const { pem } = signCertificate(draft(stage, keys, ISSUING_YEARS), issuer);
    await writePair(site, stage.toLowerCase(), { certificate: pem, key: keys.privatePem });
  };

  await writePair(site, 'root', { certificate: root.pem, key: rootKeys.privatePem });
  await issuing('TEST', testKeys);
  await issuing('FORMAL', formalKeys);
  await writeWhole(join(site, 'certificates.jsonl'), '', PRIVATE);
}

function draft(id: IssuerId, keys: KeyPair, years: number): Draft {
  const notBefore = startOfValidity(new Date());
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years);
  return {
    subject: { commonName: AUTHORITY_NAMES[id], organisation: ORGANISATION },
    publicKey: keys.publicKey,
    notBefore,
    notAfter,
    extensions: id === 'ROOT' ? ROOT : ISSUING,
  };
}

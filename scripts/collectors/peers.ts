import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockCipher, Cipher } from './cipher.js';
import { type FrameSpec, type ListenerConfig, nameOf, type PeerConfig } from './config.js';
import { readKey } from './keys.js';

/** A collector that may send: how it speaks, and the key that it proves itself with. */
export interface Peer {
  name: string;
  config: PeerConfig;
  frame: FrameSpec;
  cipher: Cipher | undefined;
  /** Of the files that it announces. */
  fileCipher: BlockCipher | undefined;
  /** Whether this is the MD5 over sequence and key; takes the same time whatever is wrong. */
  isProof: (sequence: string, md5: string) => boolean;
}

/** @throws Failure FILE_UNUSABLE for a key file that does not do. */
export async function peersOf(
  { frame: ofListener, peers }: ListenerConfig,
  home: string,
): Promise<Map<string, Peer>> {
  const found = new Map<string, Peer>();
  for (const config of peers) {
    const key = await readKey(home, config.keyFile);
    const name = nameOf(config);
    const cipher = config.cipher && new Cipher(config.cipher, await readKey(home, config.cipher.keyFile));
    const file = config.archive?.cipher;
    const fileCipher = file && new BlockCipher(file, await readKey(home, file.keyFile));
    const frame = config.frame ?? ofListener;
    const isProof: Peer['isProof'] = (sequence, md5) => isMd5(config, key, sequence, md5);
    found.set(name, { name, config, frame, cipher, fileCipher, isProof });
  }
  return found;
}

function isMd5(
  { md5: { order, case: letters } }: PeerConfig,
  key: Buffer,
  sequence: string,
  md5: string,
): boolean {
  const random = Buffer.from(sequence);
  const parts = order === 'sequence+key' ? [random, key] : [key, random];
  const digest = createHash('md5').update(Buffer.concat(parts)).digest('hex');
  const expected = letters === 'upper' ? digest.toUpperCase() : digest;
  const given = Buffer.alloc(expected.length);
  given.write(letters === 'any' ? md5.toLowerCase() : md5);
  return timingSafeEqual(given, Buffer.from(expected)) && md5.length === expected.length;
}

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import type { Batch } from '../../scripts/collectors/batcher.js';
import { collectorsConfig } from '../../scripts/collectors/config.js';
import { Collectors, type Taken } from '../../scripts/collectors/server.js';
import type { Unread } from '../../scripts/collectors/unread.js';

export interface Listening extends AsyncDisposable {
  port: number;
  collectors: Collectors;
  /** What was uploaded, in order. */
  batches: Batch[];
  /** What could not be read and went to quarantine, in order. */
  kept: Unread[];
  /** Everything that was logged. */
  logged: () => string;
}

export interface ListeningOptions {
  peer?: object;
  peers?: object[];
  listener?: object;
  limits?: object;
  upload?: (batch: Batch) => Promise<Taken>;
  uploadArchive?: (zip: Buffer) => Promise<Taken>;
}

/** A folder of keys, `k1` being "secret-1". */
export async function homeOfKeys(
  keys: Record<string, string> = { k1: 'secret-1' },
  mode = 0o600,
): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'hub-collectors-'));
  await mkdir(join(home, 'collectors'));
  for (const [name, key] of Object.entries(keys)) {
    await writeFile(join(home, 'collectors', name), `${key}\n`);
    await chmod(join(home, 'collectors', name), mode);
  }
  return home;
}

/** A listener on a free port with one peer, `310101A001/01`; uploads go where the test says. */
export async function listening(options: ListeningOptions = {}, home?: string): Promise<Listening> {
  const folder = home ?? (await homeOfKeys());
  const batches: Batch[] = [];
  const kept: Unread[] = [];
  const lines: string[] = [];
  const sink = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) });
  const peers = options.peers ?? [{ building: '310101A001', gateway: '01', keyFile: 'k1', ...options.peer }];
  const collectors = await Collectors.start({
    config: collectorsConfig(
      {
        listeners: [{ port: 0, peers, ...options.listener }],
        batch: { milliseconds: 20 },
        limits: options.limits ?? {},
      },
      'test',
    ),
    home: folder,
    upload: async (batch) => {
      batches.push(batch);
      return options.upload ? options.upload(batch) : { lines: batch.lines, quarantined: 0 };
    },
    uploadUnread: async (unread) => {
      kept.push(unread);
      return { lines: 1, quarantined: 1 };
    },
    uploadArchive: options.uploadArchive ?? (() => Promise.reject(new Error('no archive is expected'))),
    log: pino({ level: 'debug' }, sink),
  });
  return {
    port: collectors.addresses[0]!.port,
    collectors,
    batches,
    kept,
    logged: () => lines.join(''),
    async [Symbol.asyncDispose]() {
      await collectors.stop();
      if (home === undefined) await rm(folder, { recursive: true });
    },
  };
}

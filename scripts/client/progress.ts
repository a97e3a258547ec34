import progress from 'cli-progress';
import type { OutputOptions } from './output.js';

/** Counts bytes as they pass; a bar on a terminal, silence elsewhere. */
export interface Progress {
  /** More to come, e.g. when the next day's size becomes known. */
  expect(bytes: number): void;
  add(bytes: number): void;
  /** A retry begins anew: what was counted did not arrive. */
  back(bytes: number): void;
  label(text: string): void;
  stop(): void;
}

const SILENT: Progress = { expect() {}, add() {}, back() {}, label() {}, stop() {} };
const MIB = 1024 * 1024;

/** A bar by bytes with rate, on stderr, so that stdout stays clean for pipes. */
export function byteProgress(options: OutputOptions, label: string): Progress {
  if (options.quiet || options.json || !process.stderr.isTTY) return SILENT;
  const bar = new progress.SingleBar({
    stream: process.stderr,
    format: '{label} {bar} {percentage}% {done} of {all} MiB · {rate} MiB/s · {left}',
    hideCursor: true,
    clearOnComplete: true,
  });
  let done = 0;
  let all = 0;
  let name = label;
  const began = performance.now();
  const payload = (): Record<string, string> => {
    const rate = done / Math.max(0.001, (performance.now() - began) / 1000);
    return {
      label: name,
      done: mebibytes(done),
      all: mebibytes(all),
      rate: mebibytes(rate),
      left: rate > 0 && all >= done ? duration((all - done) / rate) : '',
    };
  };
  bar.start(1, 0, payload());
  const draw = (): void => {
    bar.setTotal(Math.max(all, 1));
    bar.update(done, payload());
  };
  return {
    expect(bytes) {
      all += bytes;
      draw();
    },
    add(bytes) {
      done += bytes;
      draw();
    },
    back(bytes) {
      done -= bytes;
      draw();
    },
    label(text) {
      name = text;
      draw();
    },
    stop: () => bar.stop(),
  };
}

function duration(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

export function mebibytes(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

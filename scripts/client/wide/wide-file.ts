import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline, type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { cellsOf, textOfCell } from '../../../subgraphs/metering/formats/wide/cells.js';
import { fault } from '../failure.js';

const CHUNK_BYTES = 256 * 1024;

export interface WideRow {
  /** Counted from 1, the header being row 1. */
  number: number;
  cells: string[];
}

/** The names in the first row, that of the time stamp included. */
export async function headerOf(path: string): Promise<string[]> {
  for await (const { cells } of rowsOf(path)) {
    if (cells.length < 2) throw fault('FILE_UNUSABLE', `${path} has no columns of meters.`);
    return cells.map(textOfCell);
  }
  throw fault('FILE_UNUSABLE', `${path} is empty.`);
}

/** The rows of a CSV, plain or gzip, one after the other; `read` is told how many bytes of the file were used. */
export async function* rowsOf(
  path: string,
  read: (bytes: number) => void = () => undefined,
): AsyncGenerator<WideRow> {
  let number = 0;
  let columns = 0;
  for await (const line of linesOf(await textOf(path, read))) {
    number += 1;
    if (line.trim() === '') continue;
    const asWritten = cellsOf(line);
    const cells = line.includes('"') ? asWritten?.map(textOfCell) : asWritten;
    if (!cells) throw fault('FILE_UNUSABLE', `${path}: row ${number} is not CSV.`);
    columns ||= cells.length;
    if (cells.length !== columns) {
      throw fault(
        'FILE_UNUSABLE',
        `${path}: row ${number} has ${cells.length} cells, the first row ${columns}.`,
      );
    }
    yield { number, cells };
  }
}

async function textOf(path: string, read: (bytes: number) => void): Promise<Readable> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      read(chunk.length);
      done(null, chunk);
    },
  });
  const ignore = (): void => undefined; // an error reaches the reader through the last stream
  if (await isGzip(path)) return pipeline(file, counted, createGunzip({ chunkSize: CHUNK_BYTES }), ignore);
  return pipeline(file, counted, ignore);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  let isFirst = true;
  for await (const piece of stream as AsyncIterable<string>) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield withoutEnd(line, isFirst);
      isFirst = false;
    }
  }
  if (rest !== '') yield withoutEnd(rest, isFirst);
}

function withoutEnd(line: string, isFirst: boolean): string {
  const start = isFirst && line.startsWith('\uFEFF') ? 1 : 0;
  return line.slice(start, line.endsWith('\r') ? -1 : undefined);
}

import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import type { BulkSession } from '../../runtime/bulk.js';
import type { Disclosed } from '../../runtime/disclosures.js';
import type { QuarantineReason } from './reasons.js';

/** A rejected line, or a part of one longer than 64 KiB, as it was sent. */
export interface RejectedLine {
  line: number;
  part: number;
  reason: QuarantineReason;
  detail: string;
  content: string;
  encoding: 'utf8' | 'base64';
}

interface QuarantineRow {
  line: string;
  part: number;
  reason: QuarantineReason;
  detail: string;
  content: Buffer;
}

/** At most 6.4 MB of content. */
const ROWS_AT_ONCE = 100;

const PAGE = `
  select line, part, reason, detail, content from metering.quarantined_line
  where batch = $1 and (line, part) > ($2, $3) order by line, part limit ${ROWS_AT_ONCE}`;

/** The rejected lines of a batch that the caller may see, as NDJSON of {@link RejectedLine} in the order sent. */
export function quarantinedLines(session: BulkSession, batch: string): Readable {
  return Readable.from(pages(session, batch), { objectMode: false });
}

/** Whom those lines tell of: the owners of the meters that they name, as far as there are such meters. */
export async function quarantinedSubjects(session: BulkSession, batch: string): Promise<Disclosed[]> {
  const { rows } = await session.transaction((client) =>
    client.query<Omit<Disclosed, 'category'>>(
      'select subject, area, lines as values from metering.quarantined_subjects($1)',
      [batch],
    ),
  );
  return rows.map((row) => ({ category: 'readings', ...row }));
}

async function* pages(session: BulkSession, batch: string): AsyncGenerator<Buffer> {
  let line = '0';
  let part = -1;
  for (;;) {
    const after = [batch, line, part];
    const { rows } = await session.transaction((client) => client.query<QuarantineRow>(PAGE, after));
    const last = rows.at(-1);
    if (!last) return;
    ({ line, part } = last);
    yield Buffer.from(rows.map((row) => `${JSON.stringify(rejected(row))}\n`).join(''));
  }
}

function rejected({ line, part, reason, detail, content }: QuarantineRow): RejectedLine {
  const encoding = isUtf8(content) ? 'utf8' : 'base64';
  return { line: Number(line), part, reason, detail, content: content.toString(encoding), encoding };
}

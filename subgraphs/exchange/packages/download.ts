import { Refusal } from '../../../gateway/errors.js';
import type { Door, DoorAnswer } from '../../runtime/door.js';
import { reachDigest } from './build.js';
import { type Count, disclosedBy } from './disclosed.js';

const REQUIRES = ['packages:read', 'readings:read'] as const;

interface ManifestRow {
  manifest: string;
  manifest_sha256: string;
  signature: string;
  blocks: string;
  counts: Count[];
}

/** The manifest, signed; it lists the parts with their hashes and what is missing. */
export const manifestDoor: Door = {
  requires: [...REQUIRES],
  audience: 'outer',
  handle: async ({ params, headers }, session): Promise<DoorAnswer> => {
    const { rows } = await session.transaction((client) =>
      client.query<ManifestRow>(
        `select manifest, manifest_sha256, signature, blocks, counts
         from exchange.package join exchange.package_disclosure as told on told.package = id and number = 0
         where id = $1 and purpose = $2 and reach_digest = $3`,
        [params['id'], session.grant.purpose, reachDigest(session.grant)],
      ),
    );
    const [row] = rows;
    if (!row) throw new Refusal('NOT_FOUND', { message: 'No such package for you.' });
    const etag = `"${row.manifest_sha256}"`;
    if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: { etag }, body: '' };
    return {
      status: 200,
      headers: { 'content-type': 'application/json', etag, 'hub-signature': row.signature },
      body: row.manifest,
      release: {
        kind: 'MANIFEST',
        object: params['id'] ?? '',
        sha256: row.manifest_sha256,
        items: Number(row.blocks),
      },
      disclosed: disclosedBy(row.counts),
    };
  },
};

interface PartRow {
  sha256: string;
  blocks: string;
  size: number;
  counts: Count[];
}

interface Range {
  from: number;
  to: number;
}

/** One part: the same bytes at every request, whole or by range (RFC 9110, one range). */
export const partDoor: Door = {
  requires: [...REQUIRES],
  audience: 'outer',
  handle: ({ params, headers }, session) =>
    session.transaction(async (client) => {
      const [id, number] = [params['id'], partNumber(params['n'])];
      const { rows: parts } = await client.query<PartRow>(
        `select part.sha256, part.blocks, length(part.content) as size, told.counts
         from exchange.package_part as part join exchange.package as package on package.id = part.package
           join exchange.package_disclosure as told using (package, number)
         where part.package = $1 and part.number = $2 and package.purpose = $3 and package.reach_digest = $4`,
        [id, number, session.grant.purpose, reachDigest(session.grant)],
      );
      const [part] = parts;
      if (!part) throw new Refusal('NOT_FOUND', { message: 'No such part for you.' });
      const etag = `"${part.sha256}"`;
      if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: { etag }, body: '' };
      const range = rangeOf(headers, etag, part.size);
      const { from, to } = range ?? { from: 0, to: part.size - 1 };
      const { rows: contents } = await client.query<{ content: Buffer }>(
        `select substring(content from $3::int for $4::int) as content
         from exchange.package_part where package = $1 and number = $2`,
        [id, number, from + 1, to - from + 1],
      );
      return partAnswer(`${id}/${number}`, part, range, contents[0]?.content ?? Buffer.alloc(0));
    }),
};

function partAnswer(
  object: string,
  { sha256, blocks, size, counts }: PartRow,
  range: Range | null,
  content: Buffer,
): DoorAnswer {
  const headers: Record<string, string> = {
    'content-type': 'application/gzip',
    'content-length': String(content.length),
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-transform',
    etag: `"${sha256}"`,
  };
  if (range) headers['content-range'] = `bytes ${range.from}-${range.to}/${size}`;
  const release = { kind: 'PART', object, sha256, items: Number(blocks) } as const;
  return { status: range ? 206 : 200, headers, body: content, release, disclosed: disclosedBy(counts) };
}

/** @throws Refusal NOT_FOUND for what numbers no part; each part has one address. */
function partNumber(text = ''): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new Refusal('NOT_FOUND', { message: 'No such part for you.' });
}

/** Whether the caller has these bytes already (RFC 9110, 13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  const tags = header?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return tags.includes(etag) || tags.includes('*');
}

/** @throws Refusal RANGE_NOT_SATISFIABLE */
function rangeOf(headers: Record<string, string>, etag: string, size: number): Range | null {
  const wanted = /^bytes=(\d*)-(\d*)$/.exec(headers['range'] ?? '');
  if (!wanted || (wanted[1] === '' && wanted[2] === '')) return null;
  if (headers['if-range'] !== undefined && headers['if-range'] !== etag) return null;
  const [, first = '', last = ''] = wanted;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from > to || from >= size) {
    throw new Refusal('RANGE_NOT_SATISFIABLE', { message: `The part has ${size} bytes.` });
  }
  return { from, to };
}

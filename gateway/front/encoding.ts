import { promisify } from 'node:util';
import { constants, gzip, zstdCompress } from 'node:zlib';

/** Whose decoders every client has, or that are worth most; the faster ways of each. */
const WAYS: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  zstd: (body) => promisify(zstdCompress)(body, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  gzip: (body) => promisify(gzip)(body, { level: 1 }),
};

/** Below, compressing takes longer than it saves: a few packets at most. */
const LEAST_BYTES = 4_096;

export interface Encoded {
  body: Buffer;
  encoding?: string;
}

/** A body as the client takes it (RFC 9110, 12.5.3), smaller where that pays. */
export async function encoded(body: Buffer, accepted: string | undefined): Promise<Encoded> {
  if (body.length < LEAST_BYTES || accepted === undefined) return { body };
  const encoding = preferred(accepted);
  const compress = encoding === undefined ? undefined : WAYS[encoding];
  return compress ? { body: await compress(body), encoding: encoding! } : { body };
}

/** Of those that are taken equally, the first of ours. A `*` is not taken at its word: it may be anybody's default. */
function preferred(accepted: string): string | undefined {
  const qualities = new Map(
    accepted
      .toLowerCase()
      .split(',')
      .map((entry) => {
        const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
        const quality = parameters.find((parameter) => parameter.startsWith('q='));
        return [name, quality === undefined ? 1 : Number(quality.slice(2)) || 0] as const;
      }),
  );
  const taken = Object.keys(WAYS).filter((name) => (qualities.get(name) ?? 0) > 0);
  return taken.sort((a, b) => (qualities.get(b) ?? 0) - (qualities.get(a) ?? 0))[0];
}

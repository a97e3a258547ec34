import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fault } from '../client/failure.js';

/** As large as the hub takes a zip. */
export const LARGEST_ARCHIVE = 67_108_864;

const hex = z.string().regex(/^([0-9A-Fa-f]{2})*$/, 'is not hexadecimal');
const byte = z.number().int().min(0).max(255);
const seconds = z.number().positive().max(86_400);
const file = z.string().regex(/^[\w.-]{1,100}$/, 'is a file name in the home’s folder collectors');

/** How packets stand in the stream of bytes. */
const frame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plain') }),
  z.strictObject({
    kind: z.literal('header'),
    /** What every frame begins and ends with. */
    head: hex.default(''),
    tail: hex.default(''),
    /** A byte of its own for each packet; without it there is no such byte. */
    types: z
      .strictObject({
        id_validate: byte,
        heart_beat: byte,
        data: byte,
        config: byte,
        /** Of acknowledgements of zips. */
        packet: byte.default(0),
      })
      .optional(),
    lengthBytes: z.union([z.literal(2), z.literal(4)]).default(4),
    order: z.enum(['big', 'little']).default('big'),
    /** Whether the length is of the body or of the whole frame. */
    counts: z.enum(['body', 'frame']).default('body'),
  }),
]);

const blockCipher = z.strictObject({
  mode: z.enum(['aes-cbc', 'aes-ecb']),
  keyFile: file,
  /** Of CBC; without it the key's first 16 bytes. */
  iv: hex.length(32).optional(),
  padding: z.enum(['pkcs7', 'zero']).default('pkcs7'),
});

const cipher = blockCipher.extend({
  /** From the first byte, or from when the peer has proved who it is. */
  from: z.enum(['start', 'validated']).default('validated'),
});

/** Of a data centre that announces its daily zips: how each file lies in the bytes that come. */
const archive = z.strictObject({ cipher: blockCipher.optional() });

const peer = z.strictObject({
  /** A data centre's identifier; its building and gateway are 0. */
  node: z.string().min(1).max(40).optional(),
  building: z.string().min(1).max(40).default('0'),
  gateway: z.string().min(1).max(40).default('0'),
  /** How this peer's packets are framed; without it as its listener says. */
  frame: frame.optional(),
  keyFile: file,
  md5: z
    .strictObject({
      order: z.enum(['sequence+key', 'key+sequence']).default('sequence+key'),
      case: z.enum(['lower', 'upper', 'any']).default('any'),
    })
    .prefault({}),
  cipher: cipher.optional(),
  /** Values of `error` that mean a good reading. */
  good: z.array(z.string()).min(1).default(['0']),
  /** `meter/function` of the packet to the hub's meter. */
  meters: z.record(z.string(), z.string()).default({}),
  /** The meter of a function that `meters` does not have. */
  meter: z.string().default('{building}.{gateway}.{meter}.{function}'),
  /** Minutes between values: times are put on its whole multiples; without it they go as they are. */
  interval: z.number().int().min(1).max(1440).optional(),
  /** Whether a packet's time is the start or the end of its interval. */
  stamps: z.enum(['start', 'end']).default('start'),
  timeZone: z.string().refine(isTimeZone, 'is no IANA time zone').default('Asia/Shanghai'),
  /** Sent when the peer is validated: its period of collection in minutes; a query for what it has now. */
  period: z.number().int().min(1).max(1440).optional(),
  query: z.boolean().default(false),
  /** Without it a zip that the peer announces is refused. */
  archive: archive.optional(),
});

const listener = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535),
  /** Of peers that name none of their own. */
  frame: frame.default({ kind: 'plain' }),
  peers: z.array(peer).min(1),
});

/** Each may have to be tried on the first bytes of whoever connects. */
const MOST_WAYS = 64;

const schema = z
  .strictObject({
    listeners: z.array(listener).min(1),
    batch: z
      .strictObject({
        milliseconds: z.number().int().min(1).max(60_000).default(300),
        lines: z.number().int().min(1).max(100_000).default(5_000),
      })
      .prefault({}),
    limits: z
      .strictObject({
        connections: z.number().int().min(1).default(2_000),
        frameBytes: z.number().int().min(1_024).max(1_048_576).default(262_144),
        handshakeSeconds: seconds.default(20),
        frameSeconds: seconds.default(20),
        idleSeconds: seconds.default(300),
        /** For the whole of a file that is announced, and how many bytes of files may be on their way at once. */
        archiveSeconds: seconds.default(600),
        archiveBytes: z.number().int().min(LARGEST_ARCHIVE).default(134_217_728),
      })
      .prefault({}),
  })
  .superRefine(({ listeners }, context) => {
    const seen = new Set<string>();
    for (const [at, { frame: ofListener, peers }] of listeners.entries()) {
      const ways = new Set(peers.map((one) => wayOf(one.frame ?? ofListener, one.cipher)));
      if (ways.size > MOST_WAYS)
        context.addIssue({
          code: 'custom',
          message: `listener ${at}: its peers begin in ${ways.size} ways, there may be ${MOST_WAYS}; use another listener`,
        });
      for (const { node, building, gateway, frame: framing, cipher: coding, archive: file } of peers) {
        const name = nameOf({ node, building, gateway });
        const add = (message: string): void =>
          context.addIssue({ code: 'custom', message: `peer ${name}: ${message}` });
        if (seen.has(name)) add('stands twice');
        seen.add(name);
        if (node === undefined && (building === '0' || gateway === '0'))
          add('has neither a node nor a building and a gateway');
        const isPlain = (framing ?? ofListener).kind === 'plain';
        if (coding && isPlain) add('ciphers need frames with a length (kind header)');
        if (file && isPlain) add('zips need frames with a length (kind header)');
      }
    }
  });

/** Who a packet is of, or for. */
export interface Address {
  node?: string | undefined;
  building: string;
  gateway: string;
}

export type CollectorsConfig = z.infer<typeof schema>;
export type ListenerConfig = CollectorsConfig['listeners'][number];
export type PeerConfig = ListenerConfig['peers'][number];
export type FrameSpec = z.infer<typeof frame>;
export type CipherSpec = z.infer<typeof cipher>;
export type BlockCipherSpec = z.infer<typeof blockCipher>;
export type ArchiveSpec = z.infer<typeof archive>;
export type Limits = CollectorsConfig['limits'];

/** What a peer is known by. */
export function nameOf({ node, building, gateway }: Address): string {
  return node ? `node ${node}` : `${building}/${gateway}`;
}

/** How a peer's first packet lies in the bytes: peers that begin alike have one name. */
export function wayOf(framing: FrameSpec, coding: CipherSpec | undefined): string {
  return JSON.stringify([framing, coding?.from === 'start' ? coding : null]);
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** All faults at once. Throws Failure FILE_UNUSABLE. */
export function collectorsConfig(value: unknown, name: string): CollectorsConfig {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
  throw fault('FILE_UNUSABLE', `${name}: ${faults.join('; ')}.`);
}

export async function readCollectorsConfig(path: string): Promise<CollectorsConfig> {
  const text = await readFile(path, 'utf8');
  try {
    return collectorsConfig(JSON.parse(text), path);
  } catch (error) {
    throw error instanceof SyntaxError ? fault('FILE_UNUSABLE', `${path} is not JSON.`, error) : error;
  }
}

import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { PoolClient } from 'pg';
import type { Grant } from '../../../gateway/policy/grant.js';
import { bodyJson, json } from '../../runtime/answers.js';
import type { BulkSession } from '../../runtime/bulk.js';
import type { Door } from '../../runtime/door.js';
import { newId } from '../../runtime/ids.js';
import { countsOfMissing, countsOfParts, storeCounts } from './disclosed.js';
import { partsOf, type Part } from './parts.js';

/** What the metering room says of a day before its blocks are asked for. */
interface DayState {
  blocks: number;
  readings: number;
  changedSince: boolean;
  snapshot: string;
  missing: { meter: string; reason: string; subject: string; area: string }[];
}

interface Earlier {
  id: string;
  revision: number;
  snapshot: string;
}

type SealedPart = Omit<Part, 'content' | 'first'> & { bytes: number };

/** Well below the life of a grant, which has to be good still when the neighbour is asked for the day. */
const LONGEST_WAIT = '30s';

/**
 * The day's package for the caller: the one there is while nothing has changed, otherwise the next revision. One
 * recipient's day is built by one request at a time; who waits too long for another's is told to come again.
 */
export const buildDoor: Door = {
  requires: ['packages:read', 'readings:read'],
  audience: 'inner',
  handle: async ({ query }, session) => {
    const date = query['date'] ?? '';
    const id = await session.transaction(async (client) => {
      const { caller, purpose } = session.grant;
      const reach = reachDigest(session.grant);
      await client.query(
        `select set_config('lock_timeout', $2, true), pg_advisory_xact_lock(hashtextextended($1, 1))`,
        [`${caller.tenant} ${date} ${purpose} ${reach}`, LONGEST_WAIT],
      );
      const earlier = await latest(client, session.grant, date, reach);
      const state = await dayState(session, date, earlier?.snapshot);
      if (earlier && !state.changedSince) return earlier.id;
      return build(client, session, { date, reach, state, earlier });
    });
    return json({ id });
  },
};

async function latest(
  client: PoolClient,
  { caller, purpose }: Grant,
  date: string,
  reach: string,
): Promise<Earlier | undefined> {
  const { rows } = await client.query<Earlier>(
    `select id, revision, snapshot from exchange.package
     where tenant = $1 and date = $2 and purpose = $3 and reach_digest = $4 order by revision desc limit 1`,
    [caller.tenant, date, purpose, reach],
  );
  return rows[0];
}

async function dayState(session: BulkSession, date: string, since: string | undefined): Promise<DayState> {
  const answer = await session.neighbours.call('metering', 'GET /days/:date/state', {
    params: { date },
    query: since ? { since } : {},
  });
  return bodyJson<DayState>(answer);
}

interface Order {
  date: string;
  reach: string;
  state: DayState;
  earlier: Earlier | undefined;
}

async function build(client: PoolClient, session: BulkSession, order: Order): Promise<string> {
  const id = newId('pkg');
  const { date, state, earlier } = order;
  const revision = (earlier?.revision ?? 0) + 1;
  const createdAt = new Date().toISOString();
  // The blocks of the very snapshot that the counts are of, whatever is uploaded meanwhile.
  const { body } = await session.neighbours.call('metering', 'GET /days/:date', {
    params: { date },
    query: { at: state.snapshot },
  });
  const { tenant } = session.grant.caller;
  const { parts, starts } = await storeParts(client, id, tenant, body as Readable);
  const manifest = manifestText(session.grant, { id, date, revision, createdAt }, state, parts);
  await client.query(
    `insert into exchange.package (id, tenant, date, revision, purpose, reach_digest, snapshot, blocks, readings, parts,
       bytes, manifest, manifest_sha256, signature, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      id,
      tenant,
      date,
      revision,
      session.grant.purpose,
      order.reach,
      state.snapshot,
      state.blocks,
      state.readings,
      parts.length,
      parts.reduce((total, { bytes }) => total + bytes, 0),
      manifest,
      sha256(manifest),
      await session.sign(manifest),
      createdAt,
    ],
  );
  const counts = await countsOfParts(session, { date, at: state.snapshot, starts });
  await storeCounts(client, { id, tenant }, [countsOfMissing(state.missing), ...counts]);
  return id;
}

async function storeParts(
  client: PoolClient,
  id: string,
  tenant: string,
  lines: Readable,
): Promise<{ parts: SealedPart[]; starts: string[] }> {
  const parts: SealedPart[] = [];
  const starts: string[] = [];
  for await (const { content, first, ...part } of partsOf(lines)) {
    await client.query(
      'insert into exchange.package_part (package, number, tenant, sha256, blocks, content) values ($1, $2, $3, $4, $5, $6)',
      [id, part.number, tenant, part.sha256, part.blocks, content],
    );
    parts.push({ ...part, bytes: content.length });
    starts.push((JSON.parse(first) as { meter: string }).meter);
  }
  return { parts, starts };
}

/** What is signed: recipient, parts with their hashes, what is missing and why, and the ledger's state. */
function manifestText(
  { caller, purpose, checkpoint }: Grant,
  { id, ...made }: { id: string; date: string; revision: number; createdAt: string },
  { blocks, readings, missing, snapshot }: DayState,
  parts: SealedPart[],
): string {
  const listed = parts.map((part) => ({
    ...part,
    contentType: 'application/x-ndjson',
    contentEncoding: 'gzip',
  }));
  const recipient = { recipient: caller.tenant, stage: caller.stage, purpose };
  const named = missing.map(({ meter, reason }) => ({ meter, reason }));
  const content = { blocks, readings, parts: listed, missing: named, snapshot, checkpoint };
  return JSON.stringify({ format: 'hub-package/1', package: id, ...recipient, ...made, ...content });
}

/** A package belongs to the reach it was built under: when the scopes change, an older package is not served again. */
export function reachDigest({ reach }: Grant): string {
  const { areas = [], subjects = [], limited = [] } = reach['readings:read'] ?? {};
  const limits = limited.map((one) => JSON.stringify(one));
  return sha256(JSON.stringify([[...areas].sort(), [...subjects].sort(), limits.sort()]));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Refusal } from '../../../gateway/errors.js';
import { bodyJson } from '../../runtime/answers.js';
import { markBreak } from '../../runtime/breaks.js';
import type { BulkSession } from '../../runtime/bulk.js';
import type { Door, DoorAnswer, DoorRequest } from '../../runtime/door.js';
import { newId } from '../../runtime/ids.js';
import { receiptAnswer, receiptText, type Outcome } from './receipt.js';

/** What is uploaded, and whose door of the metering room takes it in. */
const KINDS = {
  READINGS: { requires: 'readings:write', door: 'POST /ingest' },
  SUPPLIES: { requires: 'supplies:write', door: 'POST /supplies' },
} as const;
type Kind = keyof typeof KINDS;

/** What the sender says of its body; the room of readings understands it. */
const DESCRIBING_HEADERS = ['content-type', 'content-encoding', 'hub-meters'];
const LONGEST_KEY = 200;

/**
 * Lines in: opens a batch, lets the metering room take the lines, answers with a signed receipt. With an
 * Idempotency-Key the same content gives the same receipt again; what was stored before a broken connection is found
 * unchanged at the next try.
 */
export function uploadDoor(kind: Kind): Door {
  return {
    requires: [KINDS[kind].requires],
    audience: 'outer',
    handle: async (request, session) => {
      const key = request.headers['idempotency-key'];
      if (key === undefined) return receive(request, session, { kind, key: null });
      if (key.length < 1 || key.length > LONGEST_KEY) {
        throw new Refusal('BAD_USER_INPUT', { message: `Idempotency-Key: 1 to ${LONGEST_KEY} characters.` });
      }
      return underKey(request, session, { kind, key });
    },
  };
}

interface Upload<Key = string | null> {
  kind: Kind;
  key: Key;
}

/** The lock ends with the process, so a hub that died leaves no key locked. */
async function underKey(
  request: DoorRequest,
  session: BulkSession,
  { kind, key }: Upload<string>,
): Promise<DoorAnswer> {
  const unlock = await session.tryLock(`${session.grant.caller.tenant} ${key}`);
  if (!unlock) throw new Refusal('IDEMPOTENCY_IN_PROGRESS');
  try {
    const earlier = await finished(session, key);
    if (earlier) return await replay(request.body, kind, earlier);
    await endAbandoned(session, key);
    return await receive(request, session, { kind, key });
  } finally {
    await unlock();
  }
}

interface Finished {
  id: string;
  kind: Kind;
  sha256: string;
  receipt: string;
  signature: string;
  lines: string;
}

async function finished(session: BulkSession, key: string): Promise<Finished | undefined> {
  const { rows } = await session.transaction((client) =>
    client.query<Finished>(
      `select id, kind, sha256, receipt, signature, lines from exchange.batch
       where tenant = $1 and idempotency_key = $2 and state = 'COMPLETE'`,
      [session.grant.caller.tenant, key],
    ),
  );
  return rows[0];
}

/** Who holds the key knows that no other try is under way: one that seems so was left behind by a hub that died. */
async function endAbandoned(session: BulkSession, key: string): Promise<void> {
  await session.transaction((client) =>
    client.query(
      `update exchange.batch set state = 'INTERRUPTED', interruption = 'The hub ended meanwhile.', ended_at = now()
       where tenant = $1 and idempotency_key = $2 and state = 'RECEIVING'`,
      [session.grant.caller.tenant, key],
    ),
  );
}

/** Reads the body to its end only to compare it: another content under the same key is an error of the caller. */
async function replay(
  body: Readable,
  kind: Kind,
  { id, kind: earlier, sha256, receipt, signature, lines }: Finished,
): Promise<DoorAnswer> {
  const hash = createHash('sha256');
  for await (const chunk of body as AsyncIterable<Buffer>) hash.update(chunk);
  if (earlier !== kind || hash.digest('hex') !== sha256) throw new Refusal('IDEMPOTENCY_KEY_REUSED');
  const answer = receiptAnswer(id, receipt, signature, sha256, Number(lines));
  return { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } };
}

async function receive(
  request: DoorRequest,
  session: BulkSession,
  { kind, key }: Upload,
): Promise<DoorAnswer> {
  const batch = newId('bat');
  const { caller } = session.grant;
  await session.transaction((client) =>
    client.query(
      'insert into exchange.batch (id, tenant, area, kind, idempotency_key) values ($1, $2, $3, $4, $5)',
      [batch, caller.tenant, caller.area, kind, key],
    ),
  );
  const outcome = await store(request, session, { kind, batch });
  if (outcome.interrupted) {
    await end(session, batch, outcome, { state: 'INTERRUPTED', interruption: outcome.interrupted });
    throw new Refusal('UPLOAD_INTERRUPTED', {
      message: `${outcome.interrupted} ${outcome.lines} whole lines before that were stored or quarantined (batch ${batch}).`,
      ...(outcome.remedy && { remedy: outcome.remedy }),
    });
  }
  const receipt = receiptText(session, { kind, batch }, outcome);
  const signature = await session.sign(receipt);
  await end(session, batch, outcome, { state: 'COMPLETE', receipt, signature });
  return receiptAnswer(batch, receipt, signature, outcome.sha256, outcome.lines);
}

async function store(
  { body, headers }: DoorRequest,
  session: BulkSession,
  { kind, batch }: { kind: Kind; batch: string },
): Promise<Outcome> {
  const described = DESCRIBING_HEADERS.flatMap((name) => (headers[name] ? [[name, headers[name]]] : []));
  const mark = randomUUID();
  try {
    const answer = await session.neighbours.call('metering', KINDS[kind].door, {
      query: { batch, mark },
      headers: Object.fromEntries(described) as Record<string, string>,
      body: markBreak(body, mark),
    });
    return await bodyJson<Outcome>(answer);
  } catch (error) {
    const nothing = {
      lines: 0,
      accepted: 0,
      unchanged: 0,
      corrected: 0,
      quarantined: 0,
      reasons: {},
      readings: 0,
      sha256: '',
      bytes: 0,
    };
    await end(session, batch, nothing, {
      state: 'INTERRUPTED',
      interruption: 'The upload was refused or failed.',
    });
    throw error;
  }
}

interface Ending {
  state: 'COMPLETE' | 'INTERRUPTED';
  interruption?: string;
  receipt?: string;
  signature?: string;
}

async function end(session: BulkSession, batch: string, outcome: Outcome, ending: Ending): Promise<void> {
  const { lines, accepted, unchanged, corrected, quarantined, readings, bytes, sha256 } = outcome;
  await session.transaction((client) =>
    client.query(
      `update exchange.batch set state = $2, lines = $3, accepted = $4, unchanged = $5, corrected = $6, quarantined = $7,
         readings = $8, bytes = $9, sha256 = $10, ended_at = now(), interruption = $11, receipt = $12, signature = $13
       where id = $1`,
      [
        batch,
        ending.state,
        lines,
        accepted,
        unchanged,
        corrected,
        quarantined,
        readings,
        bytes,
        sha256,
        ending.interruption ?? null,
        ending.receipt ?? null,
        ending.signature ?? null,
      ],
    ),
  );
}

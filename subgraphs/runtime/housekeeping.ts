import { text } from 'node:stream/consumers';
import type { Permission } from '../../gateway/policy/categories.js';
import { json } from './answers.js';
import type { BulkSession } from './bulk.js';
import type { Doors } from './door.js';

/** One thing that has fallen due by itself, without anybody's request: a consent that has run out, for one. */
export interface Due {
  /** As the ledger names it (`AdminAct`). */
  act: string;
  /** Id of what it is done to. */
  object: string;
  /** For the log alone: what the operator wants to read beside the id. */
  note?: Record<string, string | number>;
  /** Somebody has to do something about it, so the log warns: `npm start` shows nothing less. */
  isUrgent?: boolean;
}

/** A number of now for `/metrics`, without labels: never about one tenant or subject. */
export interface Gauge {
  /** Snake case, without the `hub_` in front. */
  name: string;
  help: string;
  value: number;
}

/** How often something happened since the round before; labels name no tenant and no subject. */
export interface Counted {
  /** Snake case, without the `hub_` in front. */
  name: string;
  help: string;
  labels: Record<string, string>;
  value: number;
  /** The act of a log line about it, written whenever it happened at all. */
  line?: string;
}

/** What a room does by itself as time passes. */
export interface Chore {
  /** What the hub's own grant must hold; it reaches every row. */
  requires: Permission[];
  /** What is due now, a few hundred at most: the rest comes at the next round. Changes nothing. */
  due(session: BulkSession): Promise<Due[]>;
  /** Does what stands in the ledger by now; what somebody else did meanwhile is passed over. */
  perform(session: BulkSession, due: Due[]): Promise<void>;
  gauges?(session: BulkSession): Promise<Gauge[]>;
  /** Counts from where the round before came to, which `until` said; from now on where there was none. */
  counts?(session: BulkSession, since: string | null): Promise<{ counted: Counted[]; until: string }>;
}

/** The answer of `GET /housekeeping`: by chore what is due. */
export interface Duties {
  due: Record<string, Due[]>;
  gauges: Gauge[];
}

/** The answer of `GET /housekeeping/counts`. */
export interface Counts {
  counted: Counted[];
  /** By chore how far it has counted: given back with the next question as `since`. */
  until: Record<string, string>;
}

/**
 * The inner doors by which the gateway has a room keep house, under a grant of the hub's own: asked first what is due,
 * told to do it once it is recorded, so that nothing is ever done and not in the ledger. What is counted is asked for
 * last and by itself, so that nothing due waits for a neighbour that a count needs.
 */
export function housekeepingDoors(chores: Record<string, Chore>): Doors {
  const requires = [...new Set(Object.values(chores).flatMap((chore) => chore.requires))];
  return {
    'GET /housekeeping': {
      requires,
      audience: 'inner',
      handle: async (_request, session) => json(await dutiesOf(chores, session)),
    },
    'POST /housekeeping': {
      requires,
      audience: 'inner',
      handle: async ({ body }, session) => {
        const due = JSON.parse(await text(body)) as Duties['due'];
        for (const [name, acts] of Object.entries(due)) await chores[name]?.perform(session, acts);
        return json({});
      },
    },
    'GET /housekeeping/counts': {
      requires,
      audience: 'inner',
      handle: async ({ query }, session) =>
        json(await countsOf(chores, session, JSON.parse(query['since'] ?? '{}') as Counts['until'])),
    },
  };
}

async function dutiesOf(chores: Record<string, Chore>, session: BulkSession): Promise<Duties> {
  const duties: Duties = { due: {}, gauges: [] };
  for (const [name, chore] of Object.entries(chores)) {
    const due = await chore.due(session);
    if (due.length > 0) duties.due[name] = due;
    duties.gauges.push(...((await chore.gauges?.(session)) ?? []));
  }
  return duties;
}

async function countsOf(
  chores: Record<string, Chore>,
  session: BulkSession,
  since: Counts['until'],
): Promise<Counts> {
  const counts: Counts = { counted: [], until: {} };
  for (const [name, chore] of Object.entries(chores)) {
    const its = await chore.counts?.(session, since[name] ?? null);
    if (!its) continue;
    counts.counted.push(...its.counted);
    counts.until[name] = its.until;
  }
  return counts;
}

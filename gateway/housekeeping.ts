import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { Counter, Gauge, Registry as Metrics } from 'prom-client';
import { bodyJson } from '../subgraphs/runtime/answers.js';
import type { Counted, Counts, Duties } from '../subgraphs/runtime/housekeeping.js';
import type { DoorName, RoomClient } from '../subgraphs/runtime/neighbours.js';
import type { DeclaredRoom } from '../subgraphs/runtime/room.js';
import { recordLeft } from './acting.js';
import type { AdminAct } from './ledger/entry.js';
import type { Log } from './log.js';
import type { Permission } from './policy/categories.js';
import { type Grant, STAGES, type Stage } from './policy/grant.js';
import { sealGrant } from './policy/seal.js';
import type { RequestServices } from './requests.js';

export interface HousekeepingOptions {
  rooms: readonly DeclaredRoom[];
  clientOf: (room: string) => RoomClient;
  services: RequestServices;
  log: Log;
  everyMs: number;
}

const ASK: DoorName = 'GET /housekeeping';
const DO: DoorName = 'POST /housekeeping';
const COUNT: DoorName = 'GET /housekeeping/counts';
const LOCK = 0x6875_6223;
/** A room that hangs must not keep the hub from ending. */
const PATIENCE_MS = 5_000;
const EVERYWHERE = { areas: [''], subjects: [] };

/**
 * What falls due by itself, on both stages: the gateway asks each room that keeps house what is due, records it, and
 * has it done, under a grant in the name of the hub. Of several gateways on one database one works at a time.
 */
export class Housekeeping {
  /** What the rooms count, for `/metrics`. */
  readonly metrics = new Metrics();
  readonly #options: HousekeepingOptions;
  readonly #rooms: { client: RoomClient; requires: Permission[] }[];
  readonly #gauges = new Map<string, Gauge>();
  readonly #counters = new Map<string, Counter>();
  /** How far each room has counted for this gateway, by stage and room. */
  readonly #counted = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
    this.#rooms = options.rooms.flatMap(({ name, doors }) => {
      const door = doors[DO];
      return door ? [{ client: options.clientOf(name), requires: door.requires }] : [];
    });
  }

  /** What a gateway that is gone left unrecorded comes first. */
  async open(): Promise<this> {
    for (const stage of STAGES) await this.#recordLeft(stage);
    this.#timer = setInterval(() => void this.keepHouse(), this.#options.everyMs);
    this.#timer.unref();
    return this;
  }

  /** Waits for the round under way, within reason. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.race([this.#round, pause(PATIENCE_MS, undefined, { ref: false })]);
  }

  /** One round at a time, however long it takes; what fails is logged and tried again at the next. */
  keepHouse(): Promise<void> {
    this.#round ??= this.#keepStages().finally(() => (this.#round = undefined));
    return this.#round;
  }

  async #keepStages(): Promise<void> {
    const { fault } = this.#options.services;
    for (const stage of STAGES) {
      await this.#alone(stage, async () => {
        await this.#recordLeft(stage);
        for (const room of this.#rooms) {
          await this.#keepRoom(room, stage).catch((error: unknown) =>
            fault(error, `housekeeping of ${room.client.name}`),
          );
        }
      }).catch((error: unknown) => fault(error, `housekeeping of ${stage}`));
    }
  }

  /** The lock ends with the transaction, whatever becomes of this process. */
  async #alone(stage: Stage, work: () => Promise<void>): Promise<void> {
    const client = await this.#options.services.stages[stage].pool.connect();
    try {
      await client.query('begin');
      if (await isFirst(client)) await work();
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  async #recordLeft(stage: Stage): Promise<void> {
    const { stages, fault } = this.#options.services;
    const requests = await recordLeft(stages[stage]).catch((error: unknown) => {
      fault(error, `acts of ${stage}`);
      return [];
    });
    for (const request of requests)
      this.#options.log.warn({ event: 'housekeeping', stage, act: 'ACT_RECORDED_LATE', request });
  }

  async #keepRoom(
    { client, requires }: { client: RoomClient; requires: Permission[] },
    stage: Stage,
  ): Promise<void> {
    const { keys, stages } = this.#options.services;
    const { ledger } = stages[stage];
    const grant = hubGrant(stage, requires, ledger.checkpoint());
    const call = async (door: DoorName, body: string, query: Record<string, string> = {}) =>
      client.door(
        door,
        { params: {}, query, headers: {}, body: Readable.from([body]) },
        await sealGrant(grant, keys.privateKey),
      );
    const { due, gauges } = await bodyJson<Duties>(await call(ASK, ''));
    for (const { name, help, value } of gauges) this.#gauge(name, help).set({ stage }, value);
    const acts = Object.values(due).flat();
    await Promise.all(
      acts.map(({ act, object }) =>
        ledger.append({
          event: 'ADMIN',
          request: grant.request,
          actor: 'hub',
          act: act as AdminAct,
          object,
        }),
      ),
    );
    if (acts.length > 0) await call(DO, JSON.stringify(due));
    for (const { act, object, note, isUrgent } of acts) {
      const level = isUrgent ? 'warn' : 'info';
      this.#options.log[level]({ event: 'housekeeping', stage, room: client.name, act, object, ...note });
    }
    const place = `${stage} ${client.name}`;
    const since = this.#counted.get(place) ?? '{}';
    const { counted, until } = await bodyJson<Counts>(await call(COUNT, '', { since }));
    for (const one of counted) {
      this.#count(stage, one);
      const { line: act, value } = one;
      if (act && value > 0)
        this.#options.log.info({ event: 'housekeeping', stage, room: client.name, act, count: value });
    }
    this.#counted.set(place, JSON.stringify(until));
  }

  #count(stage: Stage, { name, help, labels, value }: Counted): void {
    const labelNames = ['stage', ...Object.keys(labels)];
    const known = this.#counters.get(name);
    const counter =
      known ?? new Counter({ name: `hub_${name}`, help, labelNames, registers: [this.metrics] });
    this.#counters.set(name, counter);
    counter.inc({ stage, ...labels }, value);
  }

  #gauge(name: string, help: string): Gauge {
    const known = this.#gauges.get(name);
    if (known) return known;
    const gauge = new Gauge({ name: `hub_${name}`, help, labelNames: ['stage'], registers: [this.metrics] });
    this.#gauges.set(name, gauge);
    return gauge;
  }
}

async function isFirst(client: PoolClient): Promise<boolean> {
  const { rows } = await client.query<{ first: boolean }>('select pg_try_advisory_xact_lock($1) as first', [
    LOCK,
  ]);
  return rows[0]?.first === true;
}

function hubGrant(stage: Stage, requires: Permission[], checkpoint: Grant['checkpoint']): Grant {
  return {
    request: randomUUID(),
    caller: {
      tenant: 'hub',
      name: 'hub',
      tier: 'NATIONAL',
      area: '100000',
      uscc: null,
      stage,
      fingerprint: '',
    },
    purpose: 'PLATFORM_OPERATION',
    reach: Object.fromEntries(requires.map((permission) => [permission, EVERYWHERE])),
    checkpoint,
  };
}

import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { whenEnded } from '../../subgraphs/runtime/ended.js';
import { CallerGone, goneWith } from '../../subgraphs/runtime/leaving.js';
import type { Config } from '../config.js';
import { bytesOf, connectionOf, hasLeft } from '../connections.js';
import { Refusal } from '../errors.js';
import type { Ledger } from '../ledger/ledger.js';
import { Tally } from '../ledger/tally.js';
import type { Caller, Stage } from '../policy/grant.js';
import { classOf, type DemandClass } from './allowance.js';
import { Budgets, type Charge, type Exchange } from './budgets.js';
import { type Done, Turns } from './turns.js';

export interface DemandOptions {
  settings: Config['demand'];
  stages: Record<Stage, { pool: Pool; ledger: Ledger }>;
  fault: (error: unknown, where: string) => string;
}

interface Refused {
  caller: Caller;
  refusal: Refusal;
}

/** A database that hangs is one that cannot be asked. */
const PATIENCE_MS = 2_000;
/** Of what goes through a door, as one object: bytes are copied, not made. */
const BYTES_AN_OBJECT = 1_024;

/** How much each tenant may ask of this gateway, and of all gateways on its databases together. */
export class Demand {
  readonly #budgets: Budgets;
  readonly #operations: Turns;
  readonly #transfers: Turns;
  /** Apart, so that a database that hangs keeps no other stage waiting. */
  readonly #readings: Record<Stage, Turns>;
  readonly #refused: Tally<Refused>;
  /** What each connection had carried when a transfer over it was last charged. */
  readonly #charged = new WeakMap<Socket, number>();

  constructor({ settings, stages, fault }: DemandOptions) {
    const { operations, tenantOperations, tenantTransfers, queue, patienceMs } = settings;
    this.#operations = new Turns({ each: tenantOperations, all: operations, queue, patienceMs });
    // Bodies may be hours on their way, so what one tenant sends must never be in another's way.
    this.#transfers = new Turns({ each: tenantTransfers, all: Infinity, queue, patienceMs });
    const readings = (): Turns => new Turns({ each: 1, all: 1, queue: tenantOperations, patienceMs });
    this.#readings = { FORMAL: readings(), TEST: readings() };
    this.#budgets = new Budgets({
      settings: settings.budgets,
      exchange: (exchange) => exchanged(stages[exchange.stage].pool, exchange),
      fault,
    });
    this.#refused = new Tally<Refused>({
      keyOf: ({ caller: { stage, tenant }, refusal }) => `${stage} ${tenant} ${refusal.code}`,
      record: ({ caller: { stage, tenant }, refusal: { code } }, since, count) =>
        stages[stage].ledger.append({
          event: 'DEMAND_REFUSED',
          code,
          tenant,
          since: since.toISOString(),
          count,
        }),
      fault: (error) => fault(error, 'ledger of refused demand'),
    }).open();
  }

  /** @throws Refusal BUDGET_SPENT */
  charge(caller: Caller, of: DemandClass, estimate: number): Promise<Charge> {
    return this.#noted(caller, this.#budgets.charge(caller, of, estimate));
  }

  /**
   * To read what nobody has asked before: it takes the thread that all share, so one tenant after the other does.
   *
   * @throws Refusal TOO_MANY_AT_ONCE
   */
  reading(caller: Caller, of: DemandClass, left?: AbortSignal): Promise<Done> {
    return this.#noted(caller, this.#readings[caller.stage].wait(caller.tenant, of, left));
  }

  /** Operations of these routes wait for their turn when they have been read, and end it with their answer. */
  limitOperations(server: FastifyInstance): void {
    const turns = new WeakMap<FastifyRequest, Done>();
    server.addHook('preHandler', async (request, reply) => {
      turns.set(request, await this.#turn(this.#operations, request, reply));
    });
    // A slow reader keeps its answer, not its turn.
    server.addHook('onSend', async (request) => turns.get(request)?.());
    whenEnded(server, (request) => turns.get(request)?.());
  }

  /** Transfers of these routes have their turn until the last byte is through, and are charged by what went through. */
  limitTransfers(server: FastifyInstance): void {
    const ends = new WeakMap<FastifyRequest, Done>();
    const end = (request: FastifyRequest): void => {
      ends.get(request)?.();
      ends.delete(request);
    };
    server.addHook('preHandler', async (request, reply) => {
      const { caller } = request;
      // Kept from the start: once its body is read, a request no longer knows its connection.
      const connection = connectionOf(request);
      const before = bytesOf(connection);
      const done = await this.#turn(this.#transfers, request, reply);
      ends.set(request, done);
      const charge = await this.charge(caller, 'UNATTENDED', 0);
      ends.set(request, () => {
        done();
        charge.settle(this.#carried(connection, before) / BYTES_AN_OBJECT);
      });
      if (hasLeft(request)) end(request);
    });
    whenEnded(server, end);
  }

  /** Bytes since a transfer began that no other has been charged with: over HTTP/2 several share a connection. */
  #carried(connection: Socket | undefined, before: number): number {
    if (!connection) return 0;
    const now = bytesOf(connection);
    const from = Math.max(before, this.#charged.get(connection) ?? 0);
    this.#charged.set(connection, now);
    return Math.max(0, now - from);
  }

  async close(): Promise<void> {
    await this.#budgets.close();
    await this.#refused.close();
  }

  async #turn(turns: Turns, { caller, headers }: FastifyRequest, { raw }: FastifyReply): Promise<Done> {
    const tenant = `${caller.stage} ${caller.tenant}`;
    const now = turns.now(tenant);
    return now ?? this.#noted(caller, turns.wait(tenant, classOf(headers), goneWith(raw)));
  }

  async #noted<T>(caller: Caller, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      // Nobody is there to be refused, and nothing is wrong with the hub.
      if (error instanceof CallerGone) throw new Refusal('TOO_MANY_AT_ONCE');
      if (error instanceof Refusal) this.#refused.note({ caller, refusal: error });
      throw error;
    }
  }
}

async function exchanged(
  pool: Pool,
  { tenant, of, given, wanted, capacity, aSecond }: Exchange,
): Promise<number> {
  const { rows } = await pool.query<{ granted: number }>({
    text: 'select demand.exchange($1, $2, $3, $4, $5, $6) as granted',
    values: [tenant, of, given, wanted, capacity, aSecond],
    query_timeout: PATIENCE_MS,
  } as never);
  return rows[0]?.granted ?? 0;
}

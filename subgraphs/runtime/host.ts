import type { KeyObject } from 'node:crypto';
import { Readable } from 'node:stream';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type DocumentNode, execute, getOperationAST } from 'graphql';
import type { Pool, PoolClient } from 'pg';
import { Refusal } from '../../gateway/errors.js';
import type { Grant, Stage } from '../../gateway/policy/grant.js';
import { openGrant } from '../../gateway/policy/seal.js';
import type { BulkSession } from './bulk.js';
import { cancellable, toItsEnd } from './cancelling.js';
import type { Database } from './database.js';
import type { DoorAnswer, DoorRequest } from './door.js';
import type { DoorName, DoorPlace, Neighbours, RoomClient, RoomRequest, RoomResponse } from './neighbours.js';
import { outward } from './outward.js';
import { ParsedDocuments } from './parsed.js';
import type { Room } from './room.js';
import type { RoomServices } from './services.js';
import { asRefusal, rootCauses, Session } from './session.js';
import { inTransaction, withClient } from './transactions.js';

export interface HostOptions {
  /** The database of a stage; TEST is another one. */
  databaseOf: (stage: Stage) => Promise<Database>;
  /** Verifies grants: the gateway's public key. */
  grantKey: KeyObject;
  services: RoomServices;
  /** The other rooms, known only once all are built. */
  roomOf: (name: string) => RoomClient;
}

interface Operation {
  request: RoomRequest;
  document: DocumentNode;
  isMutation: boolean;
  /** Aborted when nobody waits for the answer any more. */
  leaving: AbortSignal | undefined;
}

/** Bulk work has doors; what takes longer here keeps connections from others. */
const LONGEST_STATEMENT_MS = 30_000;

/** One room living in this process: opens sessions from sealed grants and runs operations and doors in them. */
export class RoomHost implements RoomClient {
  readonly name: string;
  readonly #room: Room;
  readonly #options: HostOptions;
  readonly #orms = new Map<Pool, Promise<MikroORM>>();
  readonly #documents = new ParsedDocuments();

  constructor(room: Room, options: HostOptions) {
    this.name = room.name;
    this.#room = room;
    this.#options = options;
  }

  /** What only asks ends when `signal` is aborted, in PostgreSQL too; a mutation goes on to its end. */
  async graphql(request: RoomRequest, sealedGrant: string, signal?: AbortSignal): Promise<RoomResponse> {
    const grant = await openGrant(sealedGrant, this.#options.grantKey);
    const document = this.#documents.of(request.query);
    const isMutation = getOperationAST(document, request.operationName)?.operation === 'mutation';
    const leaving = isMutation ? undefined : signal;
    const database = await this.#options.databaseOf(grant.caller.stage);
    const operation = { request, document, isMutation, leaving };
    const work = (): Promise<RoomResponse> => this.#operation(operation, grant, sealedGrant);
    return cancellable(
      leaving,
      (backend) => database.cancel(backend),
      () => database.lend(grant.caller.tenant, 0, work, leaving),
    );
  }

  async #operation(
    { request, document, isMutation, leaving }: Operation,
    grant: Grant,
    sealedGrant: string,
  ): Promise<RoomResponse> {
    const { stage } = grant.caller;
    const em = (await this.#orm(stage)).em.fork();
    em.setSessionContext({
      variables: { 'hub.grant': JSON.stringify(grant), statement_timeout: String(LONGEST_STATEMENT_MS) },
    });
    await em.begin({ readOnly: !isMutation });
    try {
      const workedIn = new Set<Stage>();
      const neighbours = this.#neighbours(sealedGrant, 0, stage, (other) => workedIn.add(other));
      const session = new Session(grant, em, neighbours, this.#options.services, {
        isReading: !isMutation,
      });
      const result = await execute({
        schema: this.#room.schema,
        document,
        contextValue: this.#room.context(session),
        variableValues: request.variables ?? null,
        operationName: request.operationName ?? null,
      });
      leaving?.throwIfAborted();
      const hasFailed = (result.errors?.length ?? 0) > 0;
      if (isMutation && !hasFailed) await session.keepActs();
      // What was only read has not changed: the entity manager need not compare it.
      if (!isMutation) em.clear();
      await (isMutation && hasFailed ? em.rollback() : em.commit());
      const disclosed = session.disclosures.list();
      const withheld = session.withheld.errors();
      const told = { disclosed, ...(isMutation && workedIn.size > 0 && { workedIn: [...workedIn] }) };
      if (!result.errors)
        return { data: result.data, ...told, ...(withheld.length > 0 && { errors: withheld }) };
      const causes = rootCauses(result.errors);
      return {
        ...(isMutation ? { ...told, data: null, disclosed: [] } : { ...told, data: result.data }),
        errors: [
          ...result.errors.map((error, index) =>
            outward(error, causes[index], (failure) => this.#fault(failure)),
          ),
          ...(isMutation ? [] : withheld),
        ],
      };
    } catch (error) {
      await rollback(em);
      throw error;
    }
  }

  async door(
    name: DoorName,
    request: DoorRequest,
    sealedGrant: string,
    { depth = 0, stage }: DoorPlace = {},
  ): Promise<DoorAnswer> {
    const grant = lookingDown(await openGrant(sealedGrant, this.#options.grantKey), stage);
    const door = this.#room.doors?.[name];
    if (!door) throw new Refusal('NOT_FOUND');
    const missing = door.requires.find((permission) => !grant.reach[permission]);
    if (missing) throw new Refusal('GRANT_INVALID', { message: `The grant does not hold ${missing}.` });
    return door.handle(request, await this.#bulkSession(grant, sealedGrant, depth));
  }

  async isReady(): Promise<boolean> {
    return (await this.#options.databaseOf('FORMAL')).answers();
  }

  async #orm(stage: Stage, depth = 0): Promise<MikroORM> {
    const database = await this.#options.databaseOf(stage);
    const pool = database.poolAt(depth);
    let orm = this.#orms.get(pool);
    if (!orm) {
      orm = database.orm(this.#room.entities, pool);
      orm.catch(() => this.#orms.delete(pool));
      this.#orms.set(pool, orm);
    }
    return orm;
  }

  #neighbours(
    sealedGrant: string,
    depth: number,
    here: Stage,
    onElsewhere: (stage: Stage) => void = () => undefined,
  ): Neighbours {
    return {
      call: async (room, door, request, beside) => {
        const { params = {}, query = {}, headers = {}, body = Readable.from([]) } = request;
        const stage = beside?.stage ?? here;
        if (here === 'TEST' && stage === 'FORMAL') throw upwards();
        if (stage !== here) onElsewhere(stage);
        const place = { depth: depth + 1, stage };
        const neighbour = this.#options.roomOf(room);
        return toItsEnd(() => neighbour.door(door, { params, query, headers, body }, sealedGrant, place));
      },
    };
  }

  async #bulkSession(grant: Grant, sealedGrant: string, depth: number): Promise<BulkSession> {
    const database = await this.#options.databaseOf(grant.caller.stage);
    const pool = database.poolAt(depth);
    const inTurn = <T>(work: () => Promise<T>): Promise<T> => database.lend(grant.caller.tenant, depth, work);
    const setting = JSON.stringify(grant);
    const neighbours = this.#neighbours(sealedGrant, depth, grant.caller.stage);
    return {
      grant,
      neighbours,
      sign: this.#options.services.sign,
      transaction: (work) =>
        inTurn(async () =>
          withClient(await this.#connected(pool), (client) => inTransaction(client, setting, work)),
        ),
      unit: (work) =>
        inTurn(async () => {
          const em = (await this.#orm(grant.caller.stage, depth)).em.fork();
          em.setSessionContext({ variables: { 'hub.grant': setting } });
          try {
            return await em.transactional(async (inner) => {
              const session = new Session(grant, inner, neighbours, this.#options.services);
              const result = await work(session);
              await session.keepActs();
              return result;
            });
          } catch (error) {
            throw asRefusal(error);
          }
        }),
      tryLock: (name) => database.locks.tryLock(name),
    };
  }

  #fault(failure: unknown): string {
    return this.#options.services.fault(failure, `room ${this.name}`);
  }

  async #connected(pool: Pool): Promise<PoolClient> {
    return pool.connect().catch((error: unknown) => {
      this.#options.services.fault(error, `database of room ${this.name}`);
      throw new Refusal('ROOM_UNAVAILABLE', { message: `The room ${this.name} has no connection free.` });
    });
  }
}

/** The grant as it holds in a stage: whoever may work in FORMAL may do the same in TEST, never the other way. */
function lookingDown(grant: Grant, stage: Stage = grant.caller.stage): Grant {
  if (stage === grant.caller.stage) return grant;
  if (stage === 'FORMAL') throw upwards();
  return { ...grant, caller: { ...grant.caller, stage } };
}

function upwards(): Refusal {
  return new Refusal('GRANT_INVALID', {
    message: 'A grant of the TEST stage does not reach the FORMAL one.',
  });
}

async function rollback(em: EntityManager): Promise<void> {
  if (!em.isInTransaction()) return;
  // The first error is the one to tell; a lost connection rolls back by itself.
  await em.rollback().catch(() => undefined);
}

import { Pool } from 'pg';
import { openWorld, type World, type WorldOptions } from '../world/world.js';
import { arrange } from './arrange.js';
import { Asking } from './ask.js';
import { askDisclosures, audit } from './ledger.js';
import type { PolicyWorld, QuestionAsked, Told } from './model.js';
import { oracle } from './oracle.js';
import { toldAbout } from './oracle/disclosures.js';
import { type Seat, takeSeats } from './seats.js';

/** Where the hub told somebody something else than the rules say. */
export interface Disagreement {
  question: QuestionAsked;
  /** What was asked about; the rules and the hub have one line each, or none. */
  line: string;
  rules: string | undefined;
  hub: string | undefined;
}

const AT_ONCE = 8;

/** A hub whose world can be changed at will, and the certificates to call it with. */
export class Courtroom {
  readonly world: World;
  /** The database's owner: writes what nobody could over the wire, such as a scope of last year. */
  readonly owner: Pool;
  readonly #seats: Seat[];

  private constructor(world: World, owner: Pool, seats: Seat[]) {
    this.world = world;
    this.owner = owner;
    this.#seats = seats;
  }

  static async open(tenants: number, options: WorldOptions = {}): Promise<Courtroom> {
    // All lists are asked for in one query, each of them whole.
    const settings = {
      HUB_QUERY_OBJECTS: '10000000',
      HUB_QUERY_ALIASES: '2000',
      HUB_QUERY_ROOT_FIELDS: '2000',
      ...options.settings,
    };
    const world = await openWorld({ ...options, settings });
    const owner = new Pool({ connectionString: world.ownerUrl, max: 2 });
    // A connection that ends while it is idle is replaced by the pool.
    owner.on('error', () => undefined);
    return new Courtroom(world, owner, await takeSeats(world, tenants + 1));
  }

  /** Puts the world into the hub, asks every question of it at every door, and compares. */
  async judge(world: PolicyWorld): Promise<{ told: Told[]; disagreements: Disagreement[] }> {
    const arranged = await arrange(this.owner, this.#seats, world);
    const askings = world.questions.map((question) => new Asking(arranged, question));
    await eachOf(askings, (asking) => asking.upload(this.owner));
    await eachOf(askings, (asking) => asking.receive());
    await eachOf(askings, (asking) => asking.query(askings));
    await eachOf(askings, (asking) => asking.write());
    const toldOfAll = new Set(world.questions.flatMap((question) => toldAbout(world, question)));
    await eachOf(askings, (asking) => audit(asking, this.owner, toldOfAll));
    await eachOf(askings, askDisclosures);
    return {
      told: askings.map(({ told }) => told),
      disagreements: askings.flatMap(({ question, told }) =>
        differences(question, oracle(world, question), told),
      ),
    };
  }

  async close(): Promise<void> {
    for (const { caller } of this.#seats) await caller.close();
    await this.owner.end();
    await this.world.close();
  }
}

async function eachOf<Item>(items: Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function differences(question: QuestionAsked, rules: Told, hub: Told): Disagreement[] {
  const lines = [...new Set([...Object.keys(rules), ...Object.keys(hub)])].toSorted();
  return lines
    .filter((line) => rules[line] !== hub[line])
    .map((line) => ({ question, line, rules: rules[line], hub: hub[line] }));
}

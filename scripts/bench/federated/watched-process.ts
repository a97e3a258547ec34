import { Session } from 'node:inspector/promises';
import pg from 'pg';
import { PolicedGateway } from '../../../gateway/plan/executor.js';
import { RoomHost } from '../../../subgraphs/runtime/host.js';
import { hubHere } from '../hub-here.js';
import { Spans } from './spans.js';
import { sharesOf, type Profile } from './shares.js';

/** A statement as it was sent, with its parameters. */
export interface Sent {
  /** Which of the connections of this process. */
  connection: number;
  text: string;
  values: unknown[];
  /** Of one that is prepared. */
  name?: string | undefined;
}

/** Milliseconds during which anything of the kind was under way, summed over requests. */
export interface Seen {
  requests: number;
  answering: number;
  rooms: number;
  driver: number;
  statements: Sent[];
}

export type Order = 'spans' | 'statements' | 'seen' | 'profile' | 'shares' | 'cpu';

/**
 * A process of its own with a hub that is watched: when its gateway, its rooms and its driver are at work. Methods are
 * exchanged here; the product has no such switches.
 */
const [home = ''] = process.argv.slice(2);
const [answering, rooms, driver] = [new Spans(), new Spans(), new Spans()];
let statements: Sent[] = [];
let isKeeping = false;
let isWatching = false;

function watch<Target extends object, Name extends keyof Target & string>(
  target: Target,
  name: Name,
  spans: Spans,
): void {
  const original = target[name] as (...given: unknown[]) => Promise<unknown>;
  target[name] = async function (this: unknown, ...given: unknown[]) {
    if (!isWatching) return original.apply(this, given);
    const end = spans.begin();
    try {
      return await original.apply(this, given);
    } finally {
      end();
    }
  } as Target[Name];
}

const connections = new WeakMap<object, number>();
let known = 0;

function keep(client: object, [first, second]: unknown[]): void {
  const config = (typeof first === 'string' ? { text: first } : first) as Partial<Sent>;
  if (!config?.text) return;
  if (!connections.has(client)) connections.set(client, (known += 1));
  const values = config.values ?? (Array.isArray(second) ? (second as unknown[]) : []);
  statements.push({ connection: connections.get(client)!, text: config.text, values, name: config.name });
}

watch(PolicedGateway.prototype, 'answer', answering);
watch(RoomHost.prototype, 'graphql', rooms);
const query = pg.Client.prototype.query as (...given: unknown[]) => unknown;
pg.Client.prototype.query = function (this: object, ...given: unknown[]) {
  const isOfRooms =
    (this as { connectionParameters?: { application_name?: string } }).connectionParameters
      ?.application_name === 'hub rooms';
  if (!isOfRooms) return query.apply(this, given);
  if (isKeeping) keep(this, given);
  const answer = query.apply(this, given);
  if (isWatching && answer instanceof Promise) {
    const end = driver.begin();
    answer.then(end, end);
  }
  return answer;
} as typeof pg.Client.prototype.query;

const hub = await hubHere(home);
const inspector = new Session();
inspector.connect();

async function done(order: Order): Promise<object> {
  switch (order) {
    case 'spans':
      for (const spans of [answering, rooms, driver]) spans.forget();
      isWatching = true;
      return {};
    case 'statements':
      statements = [];
      isKeeping = true;
      return {};
    case 'seen': {
      [isWatching, isKeeping] = [false, false];
      const { count: requests } = answering;
      const seen: Seen = {
        requests,
        answering: answering.sum,
        rooms: rooms.sum,
        driver: driver.sum,
        statements,
      };
      return seen;
    }
    case 'profile':
      await inspector.post('Profiler.enable');
      await inspector.post('Profiler.setSamplingInterval', { interval: 200 });
      await inspector.post('Profiler.start');
      return {};
    case 'shares': {
      const { profile } = await inspector.post('Profiler.stop');
      return sharesOf(profile as Profile);
    }
    case 'cpu':
      return { cpu: process.cpuUsage() };
  }
}

process.on('message', (order: Order) => void done(order).then((answer) => process.send?.(answer)));
process.once('disconnect', () => void hub.stop().then(() => process.exit()));
process.send?.({ url: hub.url });

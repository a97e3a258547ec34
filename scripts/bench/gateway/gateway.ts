import { isDeepStrictEqual } from 'node:util';
import type { BenchHub } from '../bench-hub.js';
import { median, quantile } from '../timing.js';
import { Contender, Surroundings } from './contender.js';
import type { Variant } from './hub-process.js';
import type { Load } from './load.js';
import { installPeers, type Peer, PEERS } from './peers.js';
import { canPin } from './pinned.js';
import { type Asked, QUERIES } from './queries.js';

/** What a gateway did with one query: medians over the turns. */
export interface GatewayFigures {
  perSecond: number;
  /** Slowest and fastest turn. */
  spread: [number, number];
  /** Of the gateway's processor, microseconds a request. */
  processor: number;
  /** Milliseconds. */
  medianWait: number;
  wait99: number;
}

export interface GatewayBench {
  name: string;
  query: string;
  connections: number;
  answerBytes: number;
  turns: number;
  pinned: boolean;
  gateways: Record<string, GatewayFigures>;
  bestPeer: string;
  /** How many times as many requests as the best peer: ours as plain as they are. */
  timesBestPeer: number;
  /** The same by what a request takes of the gateway's processor, which others at work on the machine change less. */
  timesBestByProcessor: number;
  bar: string;
  /** Of what we answer without certificates, policy and ledger, the part that we answer with all of them. */
  everythingOfPlain: number;
  /** The same by the gateway's processor: with few connections it waits for the ledger's disk, and could do other work. */
  everythingByProcessor: number;
  everythingBar: string;
}

export interface GatewayMemory {
  name: string;
  /** Resident, in MB, when all turns are done. */
  [gateway: string]: number | string;
}

const OURS: readonly Variant[] = ['plain', 'TLS', 'everything'];
const EVERYTHING_BAR = 0.85;
/** With the smallest query, before all else: compiled code comes with the number of calls. */
const FIRST_WARM_UP_MS = 4_000;
const WARM_UP_MS = 1_500;
const TURN_MS = 1_000;

interface Turn extends Load {
  processor: number;
}

/**
 * The same subgraphs and queries, served by our gateway and by others, in turns of a second. Who is first changes, so
 * that a machine that slows down favours nobody.
 */
export async function benchGateway(
  hub: BenchHub,
  rounds: number,
  say: (text: string) => void,
): Promise<(GatewayBench | GatewayMemory)[]> {
  const folder = await installPeers(say);
  const contenders: Contender[] = [];
  const surroundings = await Surroundings.open(hub.home);
  const { places } = surroundings;
  try {
    for (const variant of OURS) contenders.push(await Contender.ours(hub.home, variant, places));
    for (const name of Object.keys(PEERS) as Peer[])
      contenders.push(await Contender.peer(name, folder, places));
    say('  warming up');
    for (const contender of contenders) {
      const { query, connections } = QUERIES[0]!;
      await surroundings.load(contender.work(query, { connections, milliseconds: FIRST_WARM_UP_MS }));
    }
    const benches: GatewayBench[] = [];
    for (const asked of QUERIES) {
      say(`  ${asked.name}`);
      const answerBytes = await mustAnswerAlike(contenders, asked);
      const turns = await turnsOf(surroundings, contenders, asked, rounds);
      benches.push(figuresOf(asked, answerBytes, contenders, turns));
    }
    const memory: GatewayMemory = { name: 'memory, MB' };
    for (const contender of contenders) {
      memory[contender.name] = Math.round((await contender.taken()).resident / 1_048_576);
    }
    return [...benches, memory];
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
    await surroundings.stop();
  }
}

/** @returns bytes of the answer */
async function mustAnswerAlike(contenders: readonly Contender[], { name, query }: Asked): Promise<number> {
  const [first, ...others] = contenders;
  const expected = await first!.answer(query);
  // None of these queries has a null in its answer: one would mean that a subgraph was not reached.
  const isWhole = !/"errors":|:null/.test(JSON.stringify(expected));
  if (!isWhole) throw new Error(`${name} was not answered: ${JSON.stringify(expected).slice(0, 500)}`);
  for (const other of others) {
    const answer = await other.answer(query);
    if (!isDeepStrictEqual(answer, expected)) {
      throw new Error(`${other.name} answers ${name} otherwise: ${JSON.stringify(answer).slice(0, 500)}`);
    }
  }
  return Buffer.byteLength(JSON.stringify(expected));
}

async function turnsOf(
  surroundings: Surroundings,
  contenders: readonly Contender[],
  { query, connections }: Asked,
  rounds: number,
): Promise<Turn[][]> {
  const turn = async (contender: Contender, milliseconds: number): Promise<Turn> => {
    const before = await contender.taken();
    const load = await surroundings.load(contender.work(query, { connections, milliseconds }));
    const after = await contender.taken();
    return { ...load, processor: (after.processor - before.processor) / load.requests };
  };
  for (const contender of contenders) await turn(contender, WARM_UP_MS);
  const turns = contenders.map((): Turn[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < contenders.length; place += 1) {
      const next = (place + round) % contenders.length;
      turns[next]!.push(await turn(contenders[next]!, TURN_MS));
    }
  }
  return turns;
}

function figuresOf(
  { name, query, connections, bar }: Asked,
  answerBytes: number,
  contenders: readonly Contender[],
  turns: readonly Turn[][],
): GatewayBench {
  const gateways = Object.fromEntries(
    contenders.map((contender, place) => [contender.name, summary(turns[place]!)]),
  );
  const speed = (of: string): number => gateways[of]!.perSecond;
  const bestPeer = Object.keys(PEERS).toSorted((one, other) => speed(other) - speed(one))[0]!;
  const timesBestPeer = speed('ours, plain') / speed(bestPeer);
  const thriftiest = Math.min(...Object.keys(PEERS).map((peer) => gateways[peer]!.processor));
  const everythingOfPlain = speed('ours, everything') / speed('ours, plain');
  return {
    name: `gateway: ${name}`,
    query,
    connections,
    answerBytes,
    turns: turns[0]!.length,
    pinned: canPin,
    gateways,
    bestPeer,
    timesBestPeer,
    timesBestByProcessor: thriftiest / gateways['ours, plain']!.processor,
    bar: bar === undefined ? 'none' : judged(timesBestPeer, bar),
    everythingOfPlain,
    everythingByProcessor: gateways['ours, plain']!.processor / gateways['ours, everything']!.processor,
    everythingBar: judged(everythingOfPlain, EVERYTHING_BAR),
  };
}

function judged(figure: number, bar: number): string {
  return `${figure >= bar ? 'met' : 'missed'} (at least ${bar})`;
}

function summary(turns: readonly Turn[]): GatewayFigures {
  const of = (figure: (turn: Turn) => number): number => median(turns.map(figure));
  const speeds = turns.map(({ perSecond }) => perSecond);
  return {
    perSecond: of(({ perSecond }) => perSecond),
    spread: [quantile(speeds, 0), quantile(speeds, 1)],
    processor: of(({ processor }) => processor),
    medianWait: of(({ medianWait }) => medianWait),
    wait99: of(({ wait99 }) => wait99),
  };
}

import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import pg from 'pg';
import { BenchHub } from '../bench/bench-hub.js';
import { benchCollectors } from '../bench/collectors.js';
import { benchDoor, cityDay } from '../bench/door.js';
import { benchDays } from '../bench/ingest-input.js';
import { benchFederated } from '../bench/federated/federated.js';
import { benchGateway } from '../bench/gateway/gateway.js';
import { sealKey } from '../../gateway/keys.js';
import { benchLedger } from '../bench/ledger.js';
import { benchLedgerMillion } from '../bench/ledger-million.js';
import { benchLedgerShare } from '../bench/ledger-share.js';
import { benchPolicyShare } from '../bench/policy-share.js';
import { benchPackages } from '../bench/packages.js';
import { benchQuality } from '../bench/quality.js';
import { benchRollups } from '../bench/rollups.js';
import { benchRevocation } from '../bench/revocation.js';
import { benchStatements } from '../bench/statements.js';

type Figures = object & { name: string };
type Say = (text: string) => void;

/** Every measurement by name; each verifies what it timed. */
const BENCHES: Record<
  string,
  { summary: string; run: (rounds: number, say: Say, isHuge: boolean) => Promise<Figures[]> }
> = {
  exchange: {
    summary: 'readings in through the door and out as packages, beside bare COPY (BDG2 when it is there)',
    run: (rounds, say) => withHub((hub) => exchange(hub, rounds, say)),
  },
  city: {
    summary: 'the same for a city’s day: 20,000 meters, quarter-hourly',
    run: (rounds, say) => withHub((hub) => city(hub, rounds, say)),
  },
  statements: {
    summary: 'SQL statements of a query over 5, 20 and 50 buildings with owner, meters and latest audit',
    run: () => withHub(async (hub) => [await benchStatements(hub)]),
  },
  rollups: {
    summary:
      'a month of a city by category with 1, 10 and (--huge) 100 million readings behind it; what the sums cost a write',
    run: (_rounds, say, isHuge) => withHub((hub) => benchRollups(hub, { isHuge, say })),
  },
  collectors: {
    summary:
      'packets a second of 500 collectors over TCP into the database, and the memory of their listener',
    run: () => withHub(async (hub) => [await benchCollectors(hub)]),
  },
  quality: {
    summary: 'what judging costs an upload, beside bare COPY; findings in real data where it is there',
    run: (rounds, say) => withHub((hub) => benchQuality(hub, rounds, say)),
  },
  revocation: {
    summary:
      'from a revocation to the last byte that is still answered: certificate and consent, idle and downloading',
    run: (_rounds, say) => withHub((hub) => benchRevocation(hub, say)),
  },
  ledger: {
    summary: 'ledger entries a second, their share of a busy gateway, and the verification of a million',
    run: (rounds, say) => withHub((hub) => ledger(hub, rounds, say)),
  },
  federated: {
    summary:
      'one query over 50 buildings, meters, a month, owners and audits: where its time goes, from socket to SQL',
    run: (rounds) => withHub(async (hub) => [await benchFederated(hub, rounds)]),
  },
  gateway: {
    summary:
      'requests a second of our gateway and of others before the same subgraphs, with and without all it does',
    run: (rounds, say) => withHub((hub) => benchGateway(hub, rounds, say)),
  },
  policy: {
    summary:
      'what identity, limits and policy take of a busy gateway: one that decides on every request once, one twice',
    run: (rounds) => withHub((hub) => benchPolicyShare(hub, rounds)),
  },
};

/** `hub bench [NAME…]`; what `npm run bench` runs. */
export const benchCommand = new Command('bench')
  .summary('measure this hub against PostgreSQL on this machine')
  .argument('[names...]', `which: ${Object.keys(BENCHES).join(', ')}; all by default`)
  .option('--rounds <n>', 'rounds; medians are shown', Number, 3)
  .option('--huge', 'rollups: 100 million readings too, which takes minutes and gigabytes')
  .option('--json', 'one JSON document')
  .action(
    async (names: string[], { rounds, huge, json }: { rounds: number; huge?: boolean; json?: boolean }) => {
      const wanted = names.length > 0 ? names : Object.keys(BENCHES);
      const unknown = wanted.find((name) => !BENCHES[name]);
      if (unknown)
        throw new Error(`There is no bench ${unknown}; there are ${Object.keys(BENCHES).join(', ')}.`);
      const say: Say = (text) => process.stderr.write(`${text}\n`);
      const figures: Figures[] = [];
      for (const name of wanted) {
        say(`${name}: ${BENCHES[name]?.summary ?? ''} …`);
        figures.push(...((await BENCHES[name]?.run(rounds, say, huge === true)) ?? []));
      }
      console.log(json ? JSON.stringify(figures, null, 2) : figures.map(table).join('\n\n'));
    },
  );

async function exchange(hub: BenchHub, rounds: number, say: Say): Promise<Figures[]> {
  say('  loading through the door and with COPY');
  const { figures, input } = await benchDoor(hub, rounds, benchDays());
  const month = [...input.months].toSorted().includes('2017-01')
    ? '2017-01'
    : ([...input.months].toSorted()[0] ?? '');
  const last = new Date(Number(month.slice(0, 4)), Number(month.slice(5)), 0).getDate();
  const days = Array.from({ length: last }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
  say('  pulling one day');
  const day = await benchPackages(hub, `${days[0]}, one day`, days.slice(0, 1), rounds);
  say('  pulling a month');
  return [figures, day, await benchPackages(hub, `${month}, ${last} days`, days, rounds)];
}

async function city(hub: BenchHub, rounds: number, say: Say): Promise<Figures[]> {
  say('  loading through the door and with COPY');
  const { figures } = await benchDoor(hub, rounds, cityDay());
  say('  pulling the day');
  return [figures, await benchPackages(hub, 'a city’s day', ['2016-01-01'], rounds)];
}

async function ledger(hub: BenchHub, rounds: number, say: Say): Promise<Figures[]> {
  const pool = new pg.Pool({ connectionString: await hub.gatewayUrl(), max: 4 });
  try {
    say('  appending');
    const key = await sealKey(hub.home, 'FORMAL');
    const entries = await benchLedger(pool, key);
    say('  a gateway with the ledger and one without, in turns');
    const share = await benchLedgerShare(hub, rounds);
    say('  a million entries: appending, verifying, exporting, verifying offline');
    return [entries, share, await benchLedgerMillion(hub, { pool, key, entries: 1_000_000 })];
  } finally {
    await pool.end();
  }
}

async function withHub(work: (hub: BenchHub) => Promise<Figures[]>): Promise<Figures[]> {
  const hub = await BenchHub.open();
  try {
    return await work(hub);
  } finally {
    await hub.close();
    await rm(hub.home, { recursive: true, force: true });
  }
}

function table(figures: Figures): string {
  const rows = Object.entries(figures).map(([name, value]) => `  ${name.padEnd(WIDTH)} ${shown(value)}`);
  return rows.join('\n');
}

const WIDTH = 20;

function shown(value: unknown): string {
  if (typeof value === 'number')
    return value >= 100 ? Math.round(value).toLocaleString('en') : String(Math.round(value * 1000) / 1000);
  if (typeof value === 'string') return value.replaceAll(/\s+/g, ' ');
  return areRows(value) ? rowsOf(value) : JSON.stringify(value);
}

type Row = Record<string, number | number[]>;

function areRows(value: unknown): value is Record<string, Row> {
  return (
    isRecord(value) &&
    Object.values(value).every((row) => isRecord(row) && Object.values(row).every(isFigure))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFigure(value: unknown): boolean {
  return typeof value === 'number' || (Array.isArray(value) && value.every((one) => typeof one === 'number'));
}

/** Rows of the same members, one a line below their names. */
function rowsOf(rows: Record<string, Row>): string {
  const names = Object.keys(Object.values(rows)[0] ?? {});
  const cells = (row: Row): string[] =>
    Object.values(row).map((value) => (Array.isArray(value) ? value.map(shown).join(' – ') : shown(value)));
  const line = (name: string, row: readonly string[]): string =>
    `\n    ${name.padEnd(WIDTH)} ${row.map((cell) => cell.padStart(WIDTH - 4)).join(' ')}`;
  const lines = Object.entries(rows).map(([name, row]) => line(name, cells(row)));
  return [line('', names), ...lines].join('');
}

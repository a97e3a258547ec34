import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SingleBar, Presets } from 'cli-progress';
import { Command } from 'commander';
import { readConfig } from '../../gateway/config.js';
import { prepareDatabases } from '../../gateway/databases.js';
import type { StageUrls } from '../../gateway/stage-urls.js';
import { rolePasswords } from '../../gateway/keys.js';
import { openLog } from '../../gateway/log.js';
import { type Hub, startHub } from '../../gateway/main.js';
import type { Stage } from '../../gateway/policy/grant.js';
import { daysOf } from '../client/packages/days.js';
import { openDatabase } from '../database/open.js';
import { demoCity, SYNTHETIC_NOTICE } from '../demo/city.js';
import { setUpParties } from '../demo/parties-setup.js';
import { seedCity, type SeedProgress } from '../demo/seed.js';
import { databaseUnavailable } from '../serving/plain-words.js';
import { reloads, untilStopped } from '../serving/signals.js';

/** `hub start`: everything in one process, with the demo city on first start. What `npm start` runs. */
export const startCommand = new Command('start')
  .summary('run everything on this machine, with a demo city on first start')
  .option('--no-demo', 'leave the demo city out')
  .option('--until <date>', 'last day of the demo city’s readings (default: yesterday in Shanghai)')
  .action(async ({ demo, until }: { demo: boolean; until?: string }) => start(demo, lastDay(until)));

async function start(withDemo: boolean, until: string): Promise<void> {
  const startedAt = Date.now();
  const config = readConfig(process.env);
  const log = openLog(process.env['HUB_LOG'] ? config.log : 'warn');
  const step = (text: string): void =>
    console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${text}`);
  step('Database …');
  const database = await openDatabase({
    home: config.home,
    url: config.databaseUrl,
    log: (line) => log.debug(line),
  }).catch(databaseUnavailable);
  const stopping = new AbortController();
  const stopped = untilStopped();
  const reloadBy = reloads();
  void stopped.finally(() => {
    console.log('Stopping …');
    stopping.abort();
  });
  try {
    const databases = await prepareDatabases(database.url, await rolePasswords(config.home));
    step('Gateway and rooms …');
    const hub = await startHub({ config, databases, log });
    reloadBy(() => hub.reload());
    try {
      if (withDemo)
        await bringDemo({ hub, home: config.home, until, signal: stopping.signal }, databases, step);
      step('Ready.');
      console.log(whatToTry(hub, config.home, until));
      await stopped;
    } catch (error) {
      // Whoever stopped the demo city half-way finds it completed at the next start.
      if (!stopping.signal.aborted) throw error;
    } finally {
      await hub.stop();
    }
  } finally {
    await database.stop();
  }
}

async function bringDemo(
  { hub, home, until, signal }: { hub: Hub; home: string; until: string; signal: AbortSignal },
  databases: Record<Stage, StageUrls>,
  step: (text: string) => void,
): Promise<void> {
  const mark = join(home, 'demo-city.json');
  const isThere = existsSync(mark);
  const city = demoCity({ until });
  await setUpParties(city, home, databases);
  if (isThere) return;
  step('Demo city …');
  // The gateway learns of new tenants a fifth of a second later.
  await pause(500);
  const bar = new SingleBar(
    { format: '  {what} [{bar}] {value}/{total} days', clearOnComplete: true, noTTYOutput: false },
    Presets.shades_classic,
  );
  if (process.stdout.isTTY) bar.start(1, 0, { what: '' });
  const progress: SeedProgress = (what, done, of) => {
    bar.setTotal(of);
    bar.update(done, { what });
  };
  await seedCity(city, { home, url: hub.url }, progress, signal).finally(() => bar.stop());
  await writeFile(mark, `${JSON.stringify({ notice: SYNTHETIC_NOTICE, from: city.dates[0], until })}\n`);
  step(
    `${city.enterprises.length} enterprises, ${city.buildings.length} buildings, ${city.meters.length} meters, ${city.dates.length} days.`,
  );
}

function whatToTry(hub: Hub, home: string, until: string): string {
  const below = relative(process.cwd(), home);
  const certs = join(below.startsWith('..') ? home : below, 'certs');
  // What this hub was told by its environment, the commands in another terminal have to be told too.
  const settings = ['HUB_HOME', 'HUB_PORT']
    .map((name) => (process.env[name] ? `${name}=${process.env[name]} ` : ''))
    .join('');
  const query = `{"query":"{ me { tenant tier area } buildings(first: 3) { nodes { id name owner { name } } } }"}`;
  return `
${SYNTHETIC_NOTICE}

  GraphQL      ${hub.url}/graphql   (client certificate required)
  Operations   ${hub.operationsUrl}/readyz
  Certificates ${certs}/: national, municipal, district-310101, district-310104, enterprise-a, service-co, grid-co,
               newcomer (TEST stage), energy-bureau, energy-center, info-center;
               each with .crt and .key; ca.crt for all

Try, in another terminal:
  curl --cacert ${certs}/ca.crt --cert ${certs}/district-310101.crt --key ${certs}/district-310101.key \\
    -H 'content-type: application/json' -d '${query}' ${hub.url}/graphql
  ${settings}npx hub pull --as national --date ${until}
Ctrl-C stops everything.`;
}

function lastDay(until = yesterday()): string {
  daysOf({ date: until });
  return until;
}

function yesterday(): string {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date());
  return new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
}

import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

/** Members after the name, counted from 0, in ticks that Linux has a hundred of a second of. */
const USER_TIME = 11;
const SYSTEM_TIME = 12;
const MICROSECONDS_A_TICK = 10_000;

/**
 * Processor time of a PostgreSQL server in microseconds, all of its processes that there are, as Linux counts it
 * (`/proc`): what else the machine does takes time from them and does not count as theirs. Not a number elsewhere.
 */
export async function processorOf(admin: pg.Client): Promise<() => Promise<number>> {
  const { rows } = await admin.query<{ pid: number }>('select pg_backend_pid() as pid');
  const server = await parentOf(String(rows[0]?.pid));
  return async () => {
    if (server === undefined) return Number.NaN;
    const children = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const times = children.map(async (pid) => ((await parentOf(pid)) === server ? timeOf(pid) : 0));
    return (await Promise.all(times)).reduce((sum, time) => sum + time, await timeOf(server));
  };
}

/** Processor time of a process in microseconds, all of its threads; in steps of a hundredth of a second. */
export async function processorOfProcess(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const members = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(members[USER_TIME]) + Number(members[SYSTEM_TIME])) * MICROSECONDS_A_TICK;
}

/** The second member after the name, which is in brackets and may hold anything. */
async function parentOf(pid: string): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
}

async function timeOf(pid: string): Promise<number> {
  const schedule = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '0');
  return Number(schedule.split(' ')[0]) / 1_000;
}

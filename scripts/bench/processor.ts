import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

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

/** The second member after the name, which is in brackets and may hold anything. */
async function parentOf(pid: string): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
}

async function timeOf(pid: string): Promise<number> {
  const schedule = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => '0');
  return Number(schedule.split(' ')[0]) / 1_000;
}

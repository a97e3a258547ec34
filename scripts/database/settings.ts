import { totalmem } from 'node:os';
import { statfs } from 'node:fs/promises';

const MB = 2 ** 20;

/** Server settings, given on the command line so that they follow the machine and the hub's version. */
export type Settings = Record<string, string | number>;

/** Settings whose value lz4 not every build of PostgreSQL knows; a server given an unknown value does not start. */
export const LZ4_SETTINGS: Settings = { wal_compression: 'lz4', default_toast_compression: 'lz4' };

/** What every server of ours has: on the loopback only, no socket in a folder that others can write. */
export function listening(port: number): Settings {
  return { listen_addresses: '127.0.0.1', port, unix_socket_directories: '' };
}

/** Settings of the hub's own server, sized to the memory that this process may use (the container's, if less). */
export async function durableSettings(): Promise<Settings> {
  const memory = usableMemory();
  return {
    shared_buffers: `${Math.round(Math.min(1024, Math.max(64, memory / MB / 4)))}MB`,
    effective_cache_size: `${Math.round(Math.max(128, memory / MB / 2))}MB`,
    maintenance_work_mem: `${Math.round(Math.min(256, Math.max(64, memory / MB / 16)))}MB`,
    max_connections: 200,
    max_wal_size: '4GB',
    huge_pages: 'try',
    jit: 'off',
    random_page_cost: 1.1,
    timezone: 'UTC',
    log_timezone: 'UTC',
    cluster_name: 'energy-exchange-hub',
    dynamic_shared_memory_type: await dynamicMemory(),
  };
}

/** Settings of a server whose data is thrown away: nothing is flushed, so a crash of the machine loses it. */
export async function disposableSettings(): Promise<Settings> {
  return {
    ...(await durableSettings()),
    shared_buffers: '128MB',
    fsync: 'off',
    full_page_writes: 'off',
    max_wal_size: '256MB',
    cluster_name: 'energy-exchange-hub-test',
  };
}

export function asFlags(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Bytes that this process may use: the container's, if it has less than the machine. */
export function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}

/** Containers often have 64 MB of /dev/shm, which a parallel query outgrows; files in the data folder do not end. */
async function dynamicMemory(): Promise<string> {
  if (process.platform !== 'linux') return process.platform === 'win32' ? 'windows' : 'posix';
  const shm = await statfs('/dev/shm').catch(() => undefined);
  return shm !== undefined && shm.bsize * shm.bavail >= 256 * MB ? 'posix' : 'mmap';
}

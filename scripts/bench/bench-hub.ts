import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openAuthority } from '../../certs/authority.js';
import { prepareDatabases } from '../../gateway/databases.js';
import { rolePasswords } from '../../gateway/keys.js';
import type { Hub } from '../../gateway/main.js';
import type { Tier } from '../../gateway/policy/grant.js';
import { openConnection } from '../client/connection.js';
import { HubClient } from '../client/hub-client.js';
import { setUpPurposes } from '../console/purposes.js';
import { atConsole } from '../console/session.js';
import { attachDatabase } from '../database/open.js';
import { hubHere } from './hub-here.js';
import { processorOfProcess } from './processor.js';

export interface BenchParty {
  id: string;
  tier: Tier;
  area: string;
  uscc?: string;
  permissions: string[];
}

/** Who loads and who pulls. */
const PARTIES: BenchParty[] = [
  {
    id: 'bench-district',
    tier: 'DISTRICT',
    area: '310101',
    permissions: [
      'readings:write',
      'readings:read',
      'meters:read',
      'buildings:read',
      'enterprises:read',
      'audits:read',
    ],
  },
  {
    id: 'bench-national',
    tier: 'NATIONAL',
    area: '100000',
    permissions: ['readings:read', 'packages:read', 'packages:write'],
  },
];

/** A hub for measurements: the real one, as a process of its own with a database of its own, as durable as in service. */
export class BenchHub {
  readonly url: string;
  readonly home: string;
  /** The database's owner, beside the hub. */
  readonly admin: pg.Client;
  readonly #process: ChildProcess;

  private constructor(url: string, home: string, admin: pg.Client, process: ChildProcess) {
    this.url = url;
    this.home = home;
    this.admin = admin;
    this.#process = process;
  }

  static async open(): Promise<BenchHub> {
    const home = await mkdtemp(join(tmpdir(), 'hub-bench-'));
    const command = fileURLToPath(new URL('../hub.js', import.meta.url));
    const { DATABASE_URL: _, ...environment } = process.env;
    const child = spawn(process.execPath, [command, 'serve'], {
      env: { ...environment, HUB_HOME: home, HUB_PORT: '0', HUB_OPS_PORT: '0', HUB_LOG: 'error' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { url } = await readiness(child);
    const database = await attachDatabase({ home, log: () => undefined });
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await registerParties(home, database.url, PARTIES);
    // The gateway learns of new tenants a fifth of a second later.
    await pause(500);
    return new BenchHub(url, home, admin, child);
  }

  async client(id: string, url = this.url): Promise<HubClient> {
    return new HubClient(await openConnection({ as: id, home: this.home, url } as never));
  }

  /** More parties than those that load and pull; each has a certificate of its id. */
  async register(parties: BenchParty[]): Promise<void> {
    const { url } = await attachDatabase({ home: this.home, log: () => undefined });
    await registerParties(this.home, url, parties);
  }

  /** A second hub on the same home and database, in this process, to watch from inside. */
  inThisProcess(onStatement: (sql: string) => void): Promise<Hub> {
    return hubHere(this.home, onStatement);
  }

  /** The gateway's own connection to the database. */
  async gatewayUrl(): Promise<string> {
    const { url } = await attachDatabase({ home: this.home, log: () => undefined });
    return (await prepareDatabases(url, await rolePasswords(this.home))).FORMAL.gateway;
  }

  /** Resident memory of the hub's process now and at its highest since {@link forgetPeak}, in MB. */
  async memory(): Promise<{ now: number; peak: number }> {
    const status = await readFile(`/proc/${this.#process.pid}/status`, 'utf8');
    const kilobytes = (name: string): number =>
      Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN);
    return { now: Math.round(kilobytes('VmRSS') / 1024), peak: Math.round(kilobytes('VmHWM') / 1024) };
  }

  /** Processor time of the hub's process so far, in microseconds. */
  async processor(): Promise<number> {
    return processorOfProcess(this.#process.pid!);
  }

  async close(): Promise<void> {
    await this.admin.end();
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
    await rm(this.home, { recursive: true, force: true });
  }
}

async function readiness(child: ChildProcess): Promise<{ url: string }> {
  const died = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the hub ended with ${String(code)}`)),
  );
  died.catch(() => undefined);
  const said = once(child.stdout ?? child, 'data').then(
    ([bytes]) => JSON.parse(String(bytes)) as { url: string },
  );
  return Promise.race([said, died]);
}

async function registerParties(home: string, ownerUrl: string, parties: BenchParty[]): Promise<void> {
  const urls = await prepareDatabases(ownerUrl, await rolePasswords(home));
  const authority = await openAuthority(home);
  for (const { id, tier, area, uscc = null, permissions } of parties) {
    const issued = await authority.issueClient({ name: id, stage: 'FORMAL' });
    await authority.handOut(id, issued);
    await atConsole('FORMAL', urls, async ({ tenants, certificates, purposes, scopes }) => {
      await tenants.registerTenants([{ id, name: id, tier, area, uscc }]);
      const { fingerprint, serial } = issued;
      const period = {
        notBefore: new Date(issued.notBefore).toISOString(),
        notAfter: new Date(issued.notAfter).toISOString(),
      };
      await certificates.registerCertificates([{ tenant: id, fingerprint, serial, ...period }]);
      const given = permissions.map((permission) => {
        const [category = '', action = ''] = permission.split(':');
        return { tenant: id, category, action, area, purposes: ['DATA_REPORTING'] };
      });
      await setUpPurposes(purposes, id, ['DATA_REPORTING']);
      await scopes.addScopes(given);
    });
  }
}

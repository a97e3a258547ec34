import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { Agent, request } from 'undici';
import { openAuthority } from '../../../certs/authority.js';
import { CALLER } from '../gateway-turns.js';
import type { HubOptions, Variant } from './hub-process.js';
import type { Load, Work } from './load.js';
import { type Peer, PEERS } from './peers.js';
import { AROUND, MEASURED, Pinned } from './pinned.js';
import { NAMES, sdlOf } from './subgraphs.js';
import type { Places, ServerFiles } from './surroundings.js';

/** Without what they would tell their makers, or a colour in a log. */
const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  NODE_ENV: 'production',
  APOLLO_TELEMETRY_DISABLED: 'true',
};

/** What a gateway took so far: microseconds of its processor, bytes of memory. */
export interface Taken {
  processor: number;
  resident: number;
}

/** A gateway under measurement, ours or another. */
export class Contender {
  readonly name: string;
  readonly #process: Pinned;
  readonly #url: string;
  readonly #tls: Work['tls'];

  private constructor(name: string, process: Pinned, url: string, tls: Work['tls']) {
    this.name = name;
    this.#process = process;
    this.#url = url;
    this.#tls = tls;
  }

  static async ours(home: string, variant: Variant, places: Places): Promise<Contender> {
    const script = fileURLToPath(new URL('hub-process.js', import.meta.url));
    const given: HubOptions = { home, variant, places };
    const child = new Pinned(script, given, { processor: MEASURED });
    const { url } = await child.told<{ url: string }>();
    const read = (file: string): string => readFileSync(join(home, 'certs', file), 'utf8');
    const tls = { ca: read('ca.crt'), cert: read(`${CALLER}.crt`), key: read(`${CALLER}.key`) };
    return new Contender(`ours, ${variant}`, child, url, variant === 'plain' ? undefined : tls);
  }

  static async peer(name: Peer, folder: string, places: Places): Promise<Contender> {
    const supergraph = join(folder, 'supergraph.graphql');
    await writeFile(supergraph, supergraphOf(places));
    const services = NAMES.map((of) => ({ name: of, url: `${places[of].http}/graphql` }));
    const child = new Pinned(
      join(folder, PEERS[name]),
      { supergraph, services },
      {
        processor: MEASURED,
        cwd: folder,
        env: ENVIRONMENT,
      },
    );
    const { url } = await child.told<{ url: string }>();
    return new Contender(name, child, url, undefined);
  }

  /** One answer, parsed. */
  async answer(query: string): Promise<unknown> {
    const dispatcher = new Agent({ connect: { ...this.#tls } });
    try {
      const { body } = await request(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query }),
        dispatcher,
      });
      return await body.json();
    } finally {
      await dispatcher.close();
    }
  }

  work(query: string, { connections, milliseconds }: Pick<Work, 'connections' | 'milliseconds'>): Work {
    return { url: this.#url, query, connections, milliseconds, ...(this.#tls && { tls: this.#tls }) };
  }

  async taken(): Promise<Taken> {
    const { cpu, resident } = await this.#process.told<{ cpu: NodeJS.CpuUsage; resident: number }>('taken');
    return { processor: cpu.user + cpu.system, resident };
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}

/** The subgraphs and whoever asks the gateways. */
export class Surroundings {
  readonly places: Places;
  readonly #process: Pinned;

  private constructor(process: Pinned, places: Places) {
    this.#process = process;
    this.places = places;
  }

  static async open(home: string): Promise<Surroundings> {
    const authority = await openAuthority(home);
    const own = await authority.serverCredentials([]);
    const folder = await mkdtemp(join(tmpdir(), 'hub-bench-'));
    const files: ServerFiles = {
      key: join(folder, 'key.pem'),
      cert: join(folder, 'cert.pem'),
      ca: authority.bundlePath,
    };
    await writeFile(files.key, own.key, { mode: 0o600 });
    await writeFile(files.cert, own.certificate);
    const script = fileURLToPath(new URL('surroundings.js', import.meta.url));
    const child = new Pinned(script, files, { processor: AROUND });
    const { places } = await child.told<{ places: Places }>();
    return new Surroundings(child, places);
  }

  load(work: Work): Promise<Load> {
    return this.#process.told<Load>(work);
  }

  stop(): Promise<void> {
    return this.#process.stop();
  }
}

function supergraphOf(places: Places): string {
  const services = NAMES.map((name) => ({
    name,
    typeDefs: parse(sdlOf(name, 'federation 2')),
    url: `${places[name].http}/graphql`,
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(String(errors));
  return supergraphSdl;
}

/** What the profiler of V8 gives. */
export interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** Microseconds of the processor by what ran. */
export type Shares = Record<string, number>;

/** Parts of the process by where their source is; the first that fits. */
const PARTS: readonly [string, RegExp][] = [
  ['driver', /node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+)\//],
  ['entities (MikroORM, Kysely)', /node_modules\/(@mikro-orm|kysely)\//],
  ['rooms (graphql-js, type-graphql)', /node_modules\/(graphql|type-graphql|dataloader|@apollo\/subgraph)\//],
  ['rooms (ours)', /dist\/subgraphs\//],
  ['seals (jose)', /node_modules\/jose\//],
  ['ledger', /dist\/gateway\/ledger\//],
  ['gateway (ours)', /dist\/(gateway|certs)\//],
  [
    'HTTP (fastify, Node.js)',
    /node_modules\/(fastify|find-my-way|light-my-request|fast-json)|node:(_http|https|http)/,
  ],
  [
    'TLS and sockets (Node.js)',
    /node:(_tls|internal\/tls|net|internal\/stream|internal\/js_stream|tls|stream)/,
  ],
  ['seals (jose)', /node:internal\/crypto/],
];

const OTHERS = 'others';

/**
 * Native work and libraries count to whoever of the parts called them: what parses JSON for the driver is the driver's.
 */
export function sharesOf({ nodes, samples, timeDeltas }: Profile): Shares {
  const parents = new Map<number, number>();
  for (const { id, children = [] } of nodes) for (const child of children) parents.set(child, id);
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const known = new Map<number, string>();
  const partOf = (id: number): string => {
    const before = known.get(id);
    if (before) return before;
    const { functionName, url } = frames.get(id)!;
    const parent = parents.get(id);
    const part =
      functionName === '(idle)' || functionName === '(garbage collector)'
        ? functionName.slice(1, -1)
        : (PARTS.find(([, place]) => place.test(url))?.[0] ??
          (parent === undefined ? OTHERS : partOf(parent)));
    known.set(id, part);
    return part;
  };
  const shares: Shares = {};
  for (const [index, id] of samples.entries()) {
    const part = partOf(id);
    shares[part] = (shares[part] ?? 0) + (timeDeltas[index] ?? 0);
  }
  return shares;
}

import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { circlesOf, filesIn, type Import, type Source, sourceOf, sourcesIn } from './sources.js';

/** The walls of the house (docs/decisions/0001), held up by reading what every source imports and uses. */

const ROOMS = [
  'tenants',
  'enterprises',
  'buildings',
  'metering',
  'audits',
  'inspections',
  'exchange',
  'corrections',
];
const SOURCES = sourcesIn(['gateway', 'subgraphs', 'certs', 'scripts', 'test']);
const SHIPPED = SOURCES.filter(({ path }) => !path.startsWith('test/'));

const isOurs = (name: string): boolean => /^(gateway|subgraphs|certs|scripts|test)\//.test(name);
const isIn =
  (folder: string) =>
  (source: Source): boolean =>
    source.path.startsWith(`${folder}/`);
const paths = (sources: Source[]): string[] => sources.map(({ path }) => path);

/** `path → import` for each import below a folder that nothing allows. */
function breaches(folder: string, isAllowed: (name: string, path: string) => boolean): string[] {
  return SOURCES.filter(isIn(folder)).flatMap(({ path, imports }) =>
    imports.filter(({ of }) => !isAllowed(of, path)).map(({ of }) => `${path} → ${of}`),
  );
}

/** Allows packages, and of our own files those in the places named. */
const only =
  (...places: string[]) =>
  (name: string): boolean =>
    !isOurs(name) || places.some((place) => name === place || name.startsWith(`${place}/`));

const SHARED = ['gateway/errors.ts', 'gateway/policy'];
/** One place for all, though in two files. */
const ERROR_TABLE = ['gateway/error-table.ts', 'gateway/errors.ts'];

test('the scanner sees imports of every form, and what is used', () => {
  const { imports, uses, calls } = sourceOf(
    'gateway/plan/x.ts',
    `import a from './a.js'; import type { B } from '../b.js'; export * from 'c'; export { d } from './d.js';
    import './e.js'; const f = await import('./f.js'); type G = import('./g.js').G; import { type H, i } from 'h';
    import { type J } from 'j'; await import(f); // import './comment.js'
    const h: any = process.env['X']; console.log("import './text.js'"); session.em.find();`,
  );
  const types = imports.filter(({ isType }) => isType).map(({ of }) => of);
  expect(imports.map(({ of }) => of)).toEqual(
    [
      'gateway/plan/a.ts',
      'gateway/b.ts',
      'c',
      'gateway/plan/d.ts',
      'gateway/plan/e.ts',
      'gateway/plan/f.ts',
    ].concat(['gateway/plan/g.ts', 'h', 'j', '(computed)']),
  );
  expect(types).toEqual(['gateway/b.ts', 'gateway/plan/g.ts', 'j']);
  expect([...uses]).toEqual(['any', 'process.env', 'console', 'em']);
  expect([...calls]).toEqual(['log', 'find']);
  expect(circlesOf(new Map(Object.entries({ a: new Set('b'), b: new Set('c'), c: new Set('a') })))).toEqual([
    'a ⇄ b',
    'b ⇄ c',
  ]);
});

test('it sees all of the project: every import of ours leads to a file, and none is computed', () => {
  const isLost = ({ of }: Import): boolean => of === '(computed)' || (isOurs(of) && !existsSync(of));
  const lost = SOURCES.flatMap(({ path, imports }) =>
    imports.filter(isLost).map(({ of }) => `${path} → ${of}`),
  );
  expect(lost).toEqual([]);
  expect(SOURCES.length).toBeGreaterThan(200);
});

describe('walls between folders', () => {
  test('certs/ imports nothing of ours but itself', () => {
    expect(breaches('certs', only('certs'))).toEqual([]);
  });

  test('gateway/policy imports itself and the error table; only the seal imports a library', () => {
    const isSealing = (name: string, path: string): boolean =>
      path === 'gateway/policy/seal.ts' && ['lru-cache', 'node:crypto'].includes(name);
    expect(breaches('gateway/policy', only('gateway/policy', 'gateway/errors.ts'))).toEqual([]);
    expect(breaches('gateway/policy', (name, path) => isOurs(name) || isSealing(name, path))).toEqual([]);
  });

  test('the error table imports nothing, and refusals import the table', () => {
    expect(SOURCES.find(({ path }) => path === 'gateway/error-table.ts')?.imports).toEqual([]);
    expect(SOURCES.find(({ path }) => path === 'gateway/errors.ts')?.imports.map(({ of }) => of)).toEqual([
      'gateway/error-table.ts',
    ]);
  });

  test.each(ROOMS)('%s imports itself, the runtime, the policy and the error table', (room) => {
    expect(breaches(`subgraphs/${room}`, only(`subgraphs/${room}`, 'subgraphs/runtime', ...SHARED))).toEqual(
      [],
    );
  });

  test('the runtime imports itself, the policy and the error table, never a room', () => {
    expect(breaches('subgraphs/runtime', only('subgraphs/runtime', ...SHARED))).toEqual([]);
  });

  test('the gateway knows rooms by their list and the runtime alone', () => {
    const places = ['gateway', 'certs', 'subgraphs/index.ts', 'subgraphs/runtime'];
    expect(breaches('gateway', only(...places))).toEqual([]);
  });

  test('nobody but scripts/ and test/ imports scripts/, and nobody but test/ imports test/', () => {
    const isScript = (name: string): boolean => /^(scripts|test)\//.test(name);
    const product = ['gateway', 'subgraphs', 'certs'].flatMap((folder) =>
      breaches(folder, (name) => !isScript(name)),
    );
    expect(product).toEqual([]);
    expect(breaches('scripts', (name) => !name.startsWith('test/'))).toEqual([]);
  });
});

describe('circles', () => {
  const loads = ({ imports }: Source): string[] =>
    imports.filter(({ of, isType }) => isOurs(of) && !isType).map(({ of }) => of);

  test('no two files load each other', () => {
    const graph = new Map(SHIPPED.map((source) => [source.path, new Set(loads(source))]));
    expect(circlesOf(graph)).toEqual([]);
  });

  /** The error table stands by itself; a part of a room and the room are one. */
  const placeOf = (path: string): string => {
    if (ERROR_TABLE.includes(path)) return 'gateway/errors.ts';
    const [top = '', second = ''] = path.split('/');
    return top === 'subgraphs' && second !== 'index.ts' ? `${top}/${second}` : dirname(path);
  };
  const isWithin = (one: string, other: string): boolean => one === other || one.startsWith(`${other}/`);

  test('no two folders load each other, save a folder and what is in it', () => {
    const graph = new Map<string, Set<string>>();
    for (const source of SHIPPED) {
      const here = placeOf(source.path);
      const others = loads(source).map(placeOf);
      const away = others.filter((other) => !isWithin(other, here) && !isWithin(here, other));
      graph.set(here, new Set([...(graph.get(here) ?? []), ...away]));
    }
    expect(circlesOf(graph)).toEqual([]);
  });
});

describe('a room', () => {
  test('is listed here, in subgraphs/index.ts and on disk alike', () => {
    const folders = readdirSync('subgraphs', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const index = SOURCES.find(({ path }) => path === 'subgraphs/index.ts');
    const listed = index?.imports
      .map(({ of }) => of)
      .filter((name) => name.endsWith('/room.ts') && !name.includes('/runtime/'));
    expect(folders.map(({ name }) => name).toSorted()).toEqual([...ROOMS, 'runtime'].toSorted());
    expect(listed?.toSorted()).toEqual(ROOMS.map((room) => `subgraphs/${room}/room.ts`).toSorted());
  });

  test.each(ROOMS)('%s has the names that every room has, and folders for what outgrew them', (room) => {
    const entries = readdirSync(`subgraphs/${room}`, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    const names = ['entities.ts', 'inputs.ts', 'repository.ts', 'resolver.ts', 'room.ts'];
    expect(files.toSorted()).toEqual(names.toSorted());
    expect(entries.some((entry) => entry.isDirectory() && entry.name === 'migrations')).toBe(true);
  });

  test.each([...ROOMS, 'runtime'])('%s runs every migration that it has', (room) => {
    const list = room === 'runtime' ? 'subgraphs/index.ts' : `subgraphs/${room}/room.ts`;
    const imported = SOURCES.find(({ path }) => path === list)?.imports.map(({ of }) => of);
    expect(filesIn(`subgraphs/${room}/migrations`).filter((path) => !imported?.includes(path))).toEqual([]);
  });

  const MAY_QUERY = /\/(repository\.ts$|migrations\/|readings\/|batches\/|packages\/)/;
  const DATABASE = ['pg', 'pg-copy-streams', 'kysely', '@mikro-orm/postgresql', '@mikro-orm/core'];
  const QUERYING = ['rows', 'entities', 'query', 'execute', 'executeQuery', 'transaction', 'connection'];
  const SESSION = [
    'subgraphs/runtime/pages.ts',
    'subgraphs/runtime/upsert.ts',
    'subgraphs/runtime/database.ts',
  ];

  test.each(ROOMS)('%s queries in its repositories and behind its doors, nowhere else', (room) => {
    const elsewhere = SOURCES.filter(isIn(`subgraphs/${room}`)).filter(({ path }) => !MAY_QUERY.test(path));
    const importing = elsewhere.filter(({ imports }) =>
      imports.some(({ of }) => [...DATABASE, ...SESSION].includes(of)),
    );
    const resolvers = elsewhere.filter(({ path }) => path.endsWith('resolver.ts'));
    const querying = resolvers.filter(
      ({ uses, calls }) => uses.has('em') || QUERYING.some((name) => calls.has(name)),
    );
    expect(paths(importing)).toEqual([]);
    expect(resolvers.length).toBeGreaterThan(0);
    expect(paths(querying)).toEqual([]);
  });

  test('opens no connection: the runtime hands it a session', () => {
    const opening = ['subgraphs/runtime/database.ts', 'subgraphs/runtime/host.ts'];
    const rooms = SOURCES.filter(({ path }) => ROOMS.some((room) => path.startsWith(`subgraphs/${room}/`)));
    expect(paths(rooms.filter(({ imports }) => imports.some(({ of }) => opening.includes(of))))).toEqual([]);
  });
});

describe('every file', () => {
  test('is at most 250 lines long', () => {
    expect(paths(SOURCES.filter(({ lines }) => lines > 250))).toEqual([]);
  });

  test('is named for what it holds', () => {
    expect(
      paths(SHIPPED.filter(({ path }) => /\/(utils?|helpers?|types?|common|misc)\.ts$/.test(path))),
    ).toEqual([]);
  });

  test('has types: no any', () => {
    expect(paths(SOURCES.filter(({ uses }) => uses.has('any')))).toEqual([]);
  });

  test('leaves the environment to gateway/config.ts and the commands', () => {
    const product = SHIPPED.filter(({ path }) => !path.startsWith('scripts/'));
    // Apollo's parts look for their switches there and nowhere else: they are set and taken away, not read.
    expect(paths(product.filter(({ uses }) => uses.has('process.env')))).toEqual(['gateway/plan/vendor.ts']);
  });

  test('prints nothing but from a command: what the hub has to say goes to its log', () => {
    const product = SHIPPED.filter(({ path }) => !path.startsWith('scripts/'));
    expect(paths(product.filter(({ uses }) => uses.has('console')))).toEqual([]);
  });
});

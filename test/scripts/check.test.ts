import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { wallFaults } from '../../scripts/checks/database-walls.js';
import { entityDrift } from '../../scripts/checks/entity-drift.js';
import { lineOf, type Result, runChecks } from '../../scripts/checks/report.js';
import { schemaDrift, schemaFiles, writeSchemaFiles } from '../../scripts/checks/schema-files.js';
import { type ScratchDatabase, scratchDatabase } from '../../scripts/checks/scratch-database.js';
import { rooms } from '../../subgraphs/index.js';

const SERVER = process.env['HUB_TEST_DATABASE_URL'] ?? '';

describe('a database made from nothing', () => {
  let scratch: ScratchDatabase;
  beforeAll(async () => {
    scratch = await scratchDatabase(SERVER);
  });
  afterAll(() => scratch.drop());

  /** What a check says of the database after a statement, which is then undone. */
  async function after(statement: string, look: () => Promise<string[]>): Promise<string[]> {
    await scratch.owner.query('begin');
    try {
      await scratch.owner.query(statement);
      return await look();
    } finally {
      await scratch.owner.query('rollback');
    }
  }

  test.each([
    ['alter table buildings.building drop column year_built', 'buildings.building has no column year_built'],
    [
      'alter table buildings.building alter year_built type integer',
      'buildings.building.year_built is integer, the entity says smallint',
    ],
    [
      'alter table exchange.batch alter started_at type timestamp',
      'exchange.batch.started_at is timestamp without time zone, the entity says timestamp with time zone',
    ],
    [
      'alter table tenants.scope drop constraint scope_purposes_check, alter purposes type text using purposes[1]',
      'tenants.scope.purposes is text, the entity says text[]',
    ],
    [
      'alter table exchange.batch alter sha256 set not null',
      'exchange.batch.sha256 is not null, the entity says nullable',
    ],
    [
      'alter table audits.energy_audit alter auditor drop not null',
      'audits.energy_audit.auditor is nullable, the entity says not null',
    ],
    [
      'alter table exchange.batch alter lines drop default',
      'exchange.batch.lines has no default, the entity says it has',
    ],
    [
      'alter table inspections.finding drop constraint finding_pkey, add primary key (id, place)',
      'inspections.finding.place is part of the key, the entity says otherwise',
    ],
    [
      'alter table exchange.acknowledgement drop constraint acknowledgement_pkey',
      'exchange.acknowledgement.package is no part of the key, the entity says otherwise',
    ],
    [
      'alter table tenants.area drop constraint area_pkey cascade, add column edition int default 1, add primary key (code, edition)',
      'tenants.area.edition is part of the key, and no property of the entity',
    ],
    ['drop table inspections.document', 'there is no table inspections.document'],
  ])('%s: the entities no longer agree', async (statement, fault) => {
    expect(await after(statement, () => entityDrift(scratch.owner, rooms))).toEqual([fault]);
  });

  test.each([
    [
      'alter table buildings.building disable row level security',
      'buildings.building has no row-level security',
    ],
    ['create table audits.note (id text)', 'audits.note has no row-level security'],
    [
      `create table audits.note (id text); alter table audits.note enable row level security;
        grant select on audits.note to hub_rooms`,
      'audits.note is granted to hub_rooms and has no policy',
    ],
    ['drop policy reading on tenants.area', 'tenants.area is granted to hub_rooms and has no policy'],
    ['grant delete on metering.meter to hub_rooms', 'metering.meter grants delete to hub_rooms'],
    ['grant truncate on ledger.entry to hub_gateway', 'ledger.entry grants truncate to hub_gateway'],
    ['grant select on exchange.batch to public', 'exchange.batch grants select to public'],
    ['grant select (sha256) on exchange.batch to public', 'exchange.batch grants select to public'],
    ['grant update on tenants.area to pg_monitor', 'tenants.area grants update to pg_monitor'],
    [
      'create policy open on tenants.tenant for select using (true)',
      'tenants.tenant: policy open speaks of everybody',
    ],
    ['grant create on schema exchange to hub_rooms', 'exchange grants create to hub_rooms'],
    ['grant usage on schema ledger to public', 'ledger grants usage to public'],
    [
      'grant create on schema audits to hub_rooms; alter table audits.energy_audit owner to hub_rooms; revoke create on schema audits from hub_rooms',
      'table audits.energy_audit belongs to hub_rooms',
    ],
    ['grant hub_gateway to hub_rooms', 'hub_rooms has rights beyond its grants'],
    ['alter role hub_rooms bypassrls', 'hub_rooms has rights beyond its grants'],
    [
      `do $$ begin execute format('grant pg_read_all_data to %I', current_database() || '_rooms'); end $$`,
      /^hub_check_\w+_rooms has rights beyond its grants$/,
    ],
    [
      `do $$ begin execute format('grant connect on database %I to public', current_database()); end $$`,
      'everybody may connect in this database',
    ],
    [
      'grant execute on function metering.missing_on(date) to public',
      'metering.missing_on(date) runs as its owner for everybody',
    ],
    [
      'alter function metering.ensure_month(date) reset search_path',
      'metering.ensure_month(date) runs as its owner with the caller’s search_path',
    ],
    [
      'create view exchange.all_batches as select * from exchange.batch',
      'exchange.all_batches is a view that reads as its owner, past row-level security',
    ],
    [
      'alter default privileges in schema exchange grant select on tables to hub_rooms',
      /^default privileges are set for /,
    ],
  ])('%s: a wall is down', async (statement, fault) => {
    const faults = await after(statement, () => wallFaults(scratch.owner));
    expect(faults).toEqual([typeof fault === 'string' ? fault : expect.stringMatching(fault)]);
  });

  test('as it was made it agrees with the entities, and every wall stands', async () => {
    expect(await entityDrift(scratch.owner, rooms)).toEqual([]);
    expect(await wallFaults(scratch.owner)).toEqual([]);
    const { rows } = await scratch.owner.query(
      `select from pg_class where relispartition and relkind = 'r' and relname like 'day_block_%'`,
    );
    expect(rows).toHaveLength(1);
  });

  test('what only the tables have is no fault', async () => {
    const statement =
      'alter table buildings.building add column remark text; create index on buildings.building (name)';
    expect(await after(statement, () => entityDrift(scratch.owner, rooms))).toEqual([]);
  });
});

describe('schema/', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hub-schema-'));
    await writeSchemaFiles(folder, await schemaFiles());
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('a line more, a file less and a file of no room are told apart', async () => {
    await appendFile(join(folder, 'buildings.graphql'), 'type Bungalow { id: ID! }\n');
    await rm(join(folder, 'api.graphql'));
    await writeFile(join(folder, 'cellar.graphql'), '');

    const faults = await schemaDrift(folder, await schemaFiles());

    expect(faults).toEqual([
      'schema/cellar.graphql belongs to no room',
      expect.stringMatching(
        /^schema\/buildings.graphql:\d+ has "type Bungalow { id: ID! }" where the rooms say ""$/,
      ),
      'schema/api.graphql is missing',
    ]);
  });

  test('written anew it says what the rooms say', async () => {
    await writeFile(join(folder, 'cellar.graphql'), '');
    await writeSchemaFiles(folder, await schemaFiles());
    expect(await schemaDrift(folder, await schemaFiles())).toEqual([]);
  });

  test('clients see no federation, and what each field requires', async () => {
    const api = (await schemaFiles()).get('api.graphql') ?? '';
    expect(api).not.toMatch(/join__|@link|@key|@shareable|_entities|_service/);
    expect(api).toContain('buildings(');
    expect(api).toContain('): BuildingConnection @requiresScopes(scopes: [["buildings:read"]])');
    expect(api).toContain('type Building implements Node @requiresScopes(scopes: [["buildings:read"]]) {');
    expect(api).toMatch(/me: Me! @authenticated/);
  });
});

test('a check that cannot run has failed, and the others run all the same', async () => {
  const results: Result[] = [];
  const checks = [
    { name: 'the cellar is dry', remedy: 'Pump.', run: () => Promise.reject(new Error('no cellar')) },
    { name: 'the roof holds', run: () => Promise.resolve([]) },
  ];
  expect(await runChecks(checks, (result) => results.push(result))).toBe(false);
  expect(results.map(lineOf)).toEqual(['✗ the cellar is dry: no cellar\n  Pump.', '✓ the roof holds']);
  expect(await runChecks(checks.slice(1), () => undefined)).toBe(true);
});

test('hub check ends with 1 and names what is wrong; --json says the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hub-schema-'));
  try {
    const plain = await hubCheck(folder);
    expect(plain.status).toBe(1);
    expect(plain.out).toContain(
      '✗ schema/ says what the rooms say, and they compose: schema/tenants.graphql is missing',
    );
    expect(plain.out).toContain('✓ entities and tables agree');
    const { status, out } = await hubCheck(folder, '--json');
    const { passed, checks } = JSON.parse(out) as { passed: boolean; checks: Result[] };
    expect([status, passed]).toEqual([1, false]);
    expect(checks.map((check) => check.passed)).toEqual([false, true, false, true, true]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The built command, as `npm run check` runs it: from source Node cannot, because of the decorators. */
async function hubCheck(folder: string, ...args: string[]): Promise<{ status: number; out: string }> {
  const hub = join(import.meta.dirname, '..', '..', 'dist', 'scripts', 'hub.js');
  const env = { ...process.env, DATABASE_URL: SERVER, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [hub, 'check', '--schema', folder, ...args], { env });
  const [out, [status]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number]>]);
  return { status, out };
}

import { Client } from 'pg';
import { actionsOf, CATEGORIES, type Category, type Permission } from '../../gateway/policy/categories.js';
import { aDay, proposed } from '../corrections/proposals.js';
import { smallCity } from '../world/city.js';
import { aGrant } from '../world/grants.js';
import { openWorld, type World } from '../world/world.js';

/** The tables of which the rooms may change some columns, and why. Whoever adds one gives a reason here. */
const CHANGING: Record<string, string> = {
  'tenants.tenant': 'administrators rename, suspend, reactivate and close',
  'tenants.certificate': 'administrators suspend and revoke; nothing a certificate says can change',
  'tenants.scope': 'administrators end a scope; what it allows cannot change',
  'enterprises.enterprise': 'a register: the platform of the area keeps it; what it said before is kept',
  'buildings.building': 'a register: the platform of the area keeps it; what it said before is kept',
  'metering.meter': 'a register: the platform of the area keeps it; what it said before is kept',
  'metering.day_block':
    'an upload by the prescribed channel; each change keeps the version before (article 12)',
  'metering.register_day': 'an upload by the prescribed channel; each change keeps the version before',
  'metering.metered_place': 'a register: the platform of the area keeps it; what it said before is kept',
  'metering.device': 'a register; its end is written as it is taken away, once',
  'metering.customer_link': 'a claim is confirmed, once, and a link ended; nothing else of it changes',
  'demand.budget': 'what is left of a budget fills again by itself; it is about nobody’s data',
  'exchange.batch': 'an upload that is being received is completed, once',
};

/** Archives: filled by the rooms, changed by the functions of a correction alone (article 13). */
const CORRECTED = [
  'audits.energy_audit',
  'audits.metering_review',
  'inspections.document',
  'inspections.finding',
  'inspections.inspection',
];

/** What the events or days beside it come to: written by their trigger, and by nobody else. */
const PROJECTED = [
  'tenants.application',
  'metering.rollup_day',
  'metering.rollup_month',
  'metering.quality_day',
];

/** What the hub counts and runs by: no room has any right to it. */
const INWARD = ['migrations.applied', 'tenants.revision'];

/** When and by which step a row came about, and which version it is: the database’s to say. */
const BOOKKEEPING =
  /^(registered|recorded|set|granted|proposed|requested|started|created|applied)_at$|^(version|changed)$/;

interface Table {
  name: string;
  columns: string[];
  /** Columns that a role of the hub may update. */
  updatable: string[];
  insertable: boolean;
  isReadable: boolean;
  isAppendOnly: boolean;
  /** Its rows stay but for some columns that say how far they have come. */
  hasState: boolean;
}

const TABLES = `
  select relation.oid::regclass::text as name, array_agg(attname::text order by attnum) as columns,
    coalesce(array_agg(attname::text order by attnum) filter (where has_column_privilege('hub_rooms', relation.oid, attnum, 'update')
      or has_column_privilege('hub_gateway', relation.oid, attnum, 'update')), '{}') as updatable,
    has_any_column_privilege('hub_rooms', relation.oid, 'insert') as insertable,
    has_any_column_privilege('hub_rooms', relation.oid, 'select') as "isReadable",
    exists (select from pg_trigger where tgrelid = relation.oid and tgname = 'refuse_change' and tgenabled = 'A') as "isAppendOnly",
    exists (select from pg_trigger where tgrelid = relation.oid and tgname = 'refuse_other_change' and tgenabled = 'A') as "hasState"
  from pg_class as relation join pg_namespace on pg_namespace.oid = relnamespace
    join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped
  where relkind in ('r', 'p') and nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
    and not relispartition
  group by relation.oid order by 1`;

let world: World;
let tables: Table[];
/** The rooms' and the gateway's own connections. */
const roles: Client[] = [];
beforeAll(async () => {
  world = await openWorld();
  await smallCity(world);
  await proposed(world.as('district-310101'), { day: aDay() });
  tables = await world.sql<Table>(TABLES);
  for (const url of Object.values(world.databases.FORMAL)) {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`select set_config('hub.grant', $1, false)`, [JSON.stringify(everything())]);
    roles.push(client);
  }
}, 120_000);
afterAll(async () => {
  for (const role of roles) await role.end();
  await world.close();
});

/** A grant that reaches every row in every way: what is refused under it is refused to everybody. */
function everything(): object {
  const all = Object.keys(CATEGORIES).flatMap((category) =>
    actionsOf(category as Category).map((action): Permission => `${category as Category}:${action}`),
  );
  return aGrant({ reach: Object.fromEntries(all.map((name) => [name, { areas: [''], subjects: [] }])) });
}

/** For want of the right; or because nobody ever gives the column a value. */
const REFUSED = ['42501', '428C9'];

/** The statements that are not refused for want of the right to them. */
async function allowed(statements: string[]): Promise<string[]> {
  const passed: string[] = [];
  for (const role of roles) {
    for (const statement of statements) {
      const error = await role.query(`begin; ${statement}; rollback`).then(
        () => null,
        (failure: { code: string }) => failure.code,
      );
      await role.query('rollback');
      if (!REFUSED.includes(error ?? '')) passed.push(statement);
    }
  }
  return passed;
}

test('nobody who serves requests deletes or truncates anything', async () => {
  expect(tables.length).toBeGreaterThan(20);
  expect(await allowed(tables.flatMap(({ name }) => [`delete from ${name}`, `truncate ${name}`]))).toEqual(
    [],
  );
});

test('only tables with a reason can be changed, and of these only some columns', async () => {
  const changing = tables.filter(({ updatable }) => updatable.length > 0);
  expect(changing.map(({ name }) => name).toSorted()).toEqual(Object.keys(CHANGING).toSorted());

  const others = tables.flatMap(({ name, columns, updatable }) =>
    columns
      .filter((column) => !updatable.includes(column))
      .map((column) => `update ${name} set ${column} = ${column}`),
  );
  expect(others.length).toBeGreaterThan(100);
  expect(await allowed(others)).toEqual([]);
});

test('no key, time of record or version can be changed', async () => {
  const keys = await world.sql<{ name: string; key: string[] }>(
    `select indrelid::regclass::text as name, array_agg(attname::text) as key from pg_index
     join pg_attribute on attrelid = indrelid and attnum = any(indkey) where indisprimary group by 1`,
  );
  const keyOf = new Map(keys.map(({ name, key }) => [name, key]));
  const wrong = tables.flatMap(({ name, updatable }) =>
    updatable
      .filter((column) => BOOKKEEPING.test(column) || keyOf.get(name)?.includes(column))
      .map((column) => `${name}.${column}`),
  );
  expect(wrong).toEqual([]);
});

test('what is neither changing, corrected, projected nor a table of codes is history, and says so itself', () => {
  const filled = tables.filter(({ name, isReadable, insertable }) => isReadable && !isCode(name, insertable));
  const known = [...Object.keys(CHANGING), ...CORRECTED, ...PROJECTED, ...INWARD];
  const unprotected = filled.filter(({ name, isAppendOnly }) => !isAppendOnly && !known.includes(name));
  expect(unprotected.map(({ name }) => name)).toEqual([]);
  expect(tables.filter(({ isReadable }) => !isReadable).map(({ name }) => name)).toEqual(
    expect.arrayContaining(INWARD),
  );
  expect(filled.filter(({ isAppendOnly }) => isAppendOnly).length).toBeGreaterThan(8);
});

/** Codes and catalogues come with a migration: the rooms read them, nothing fills them. */
function isCode(name: string, insertable: boolean): boolean {
  const columns = tables.find((table) => table.name === name)?.columns ?? [];
  return !insertable && columns.includes('verified');
}

test('history is not changed by its owner either, as long as nobody takes its triggers off', async () => {
  const history = tables.filter(({ isAppendOnly }) => isAppendOnly);
  const statements = history.flatMap(({ name, columns, hasState }) => [
    `delete from ${name}`,
    `truncate ${name} cascade`,
    ...(hasState ? [] : [`update ${name} set ${columns.at(-1)} = ${columns.at(-1)}`]),
  ]);
  statements.push(`update corrections.correction set after = before`);
  statements.push(`update tenants.consent set status = 'GRANTED'`);
  statements.push(`insert into tenants.consent select * from tenants.consent`);
  statements.push(`update tenants.scope set area = '310000' where area <> '310000'`);
  statements.push(`update corrections.correction set state = 'WITHDRAWN', reason = 'another'`);
  const survived: string[] = [];
  for (const statement of statements) {
    const code = await world.sql(statement).then(
      () => null,
      (failure: { code: string }) => failure.code,
    );
    if (code !== '42501') survived.push(statement);
  }

  expect(history.map(({ name }) => name)).toContain('metering.day_block_superseded');
  expect(survived).toEqual([]);
});

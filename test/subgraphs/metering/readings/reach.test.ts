import { ReadingsWorld, testServer } from './readings-world.js';

let world: ReadingsWorld;
beforeAll(async () => {
  world = await ReadingsWorld.open(testServer());
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.clear();
  await world.has({ id: 'm1' }, { id: 'm2', subject: 'B' }, { id: 'south', area: '310104', subject: 'C' });
  const all = world.session('municipal', { 'readings:write': { areas: ['31'], subjects: [] } });
  await world.upload(['m1', 'm2', 'south'].map((meter) => line(meter, 1)).join('\n'), {}, all);
  await world.upload(line('m1', 2), {}, all);
});

const line = (meter: string, value: number, date = '2026-03-01'): string =>
  JSON.stringify({ meter, date, interval: 1440, values: [value] });
const TABLES = ['day_block', 'day_block_superseded', 'quarantined_line'];

/** What a role of the rooms gets to see of a table under a grant. */
async function seen(session: ReturnType<ReadingsWorld['session']>, table: string): Promise<unknown[]> {
  const statement = `select * from metering.${table} order by 1, 2`;
  return session.transaction(async (client) => (await client.query(statement)).rows);
}

test.each(TABLES)('without a grant there are no rows in %s', async (table) => {
  await world.upload('rubbish');
  const { rows } = await world.pool.query(`select * from metering.${table}`);
  expect(rows).toEqual([]);
  expect((await world.rows(`select from metering.${table}`)).length).toBeGreaterThan(0);
});

test('a grant for other data shows no readings', async () => {
  const everywhere = { areas: [''], subjects: [] };
  const session = world.session('nosy', { 'meters:read': everywhere, 'buildings:read': everywhere });
  expect(await seen(session, 'day_block')).toEqual([]);
  expect(await seen(session, 'day_block_superseded')).toEqual([]);
});

test.each([
  ['the nation', { areas: [''], subjects: [] }, ['m1', 'm2', 'south']],
  ['a municipality', { areas: ['31'], subjects: [] }, ['m1', 'm2', 'south']],
  ['a district', { areas: ['310104'], subjects: [] }, ['south']],
  ['another municipality', { areas: ['11'], subjects: [] }, []],
  ['an enterprise', { areas: [], subjects: ['B'] }, ['m2']],
])('%s reads what is in its reach', async (_who, reach, meters) => {
  const session = world.session('reader', { 'readings:read': reach });
  expect(await seen(session, 'day_block')).toEqual(meters.map((meter) => expect.objectContaining({ meter })));
});

test('superseded versions are in the same reach as the present ones', async () => {
  const north = world.session('reader', { 'readings:read': { areas: ['310101'], subjects: [] } });
  const south = world.session('reader', { 'readings:read': { areas: ['310104'], subjects: [] } });
  expect(await seen(north, 'day_block_superseded')).toMatchObject([{ meter: 'm1', version: 1, total: '1' }]);
  expect(await seen(south, 'day_block_superseded')).toEqual([]);
});

test.each([
  'select * from metering.day_block_2026_03',
  `copy metering.day_block_2026_03 to stdout`,
  'insert into metering.day_block_2026_03 select * from metering.day_block',
  'drop table metering.day_block_2026_03',
  'alter table metering.day_block disable row level security',
  'delete from metering.day_block',
  'truncate metering.day_block',
  `update metering.day_block set version = 7`,
  `update metering.day_block set meter = 'm2'`,
  `insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch, changed)
     values ('2026-03-02', 'm1', '310101', 'A', 1440, 0, '{1}', 1, 1, 'b', '3')`,
  'delete from metering.day_block_superseded',
  `update metering.day_block_superseded set total = 0`,
  'insert into metering.day_block_superseded select * from metering.day_block_superseded',
  'delete from metering.quarantined_line',
  `update metering.quarantined_line set content = ''`,
])('the rooms may not: %s', async (statement) => {
  const everywhere = { areas: [''], subjects: [] };
  const session = world.session('municipal', {
    'readings:write': everywhere,
    'readings:read': everywhere,
    'batches:write': everywhere,
  });
  const refused = session.transaction((client) => client.query(statement));
  await expect(refused).rejects.toMatchObject({ code: 'ROW_OUT_OF_REACH' });
  await expect(world.pool.query(statement)).rejects.toThrow(/permission denied|must be owner/);
});

test('a row outside the reach for writing is refused though it may be read', async () => {
  const session = world.session('reader', {
    'readings:read': { areas: ['31'], subjects: [] },
    'readings:write': { areas: ['310101'], subjects: [] },
  });
  const outcome = await world.upload([line('south', 9), line('m2', 9)].join('\n'), {}, session);
  expect(outcome).toMatchObject({ corrected: 1, reasons: { FOREIGN_METER: 1 } });
  const insert = `insert into metering.day_block (date, meter, area, subject, interval_minutes, scale, values, total, present, batch)
    values ('2026-03-02', 'south', '310104', 'C', 1440, 0, '{1}', 1, 1, 'b')`;
  await expect(session.transaction((client) => client.query(insert))).rejects.toMatchObject({
    code: 'ROW_OUT_OF_REACH',
  });
});

test('an enterprise writes its own meters and finds the neighbour’s foreign, the invented ones unknown', async () => {
  const session = world.session('enterprise-b', { 'readings:write': { areas: [], subjects: ['B'] } });
  const lines = [line('m2', 5), line('m1', 5), line('south', 5), line('invented', 5)];
  const outcome = await world.upload(lines.join('\n'), {}, session);
  expect(outcome).toMatchObject({ corrected: 1, reasons: { FOREIGN_METER: 2, UNKNOWN_METER: 1 } });
});

test('a quarantined line is stored under the tenant that sent it and no other', async () => {
  const session = world.session('sender', {});
  const insert = (tenant: string): Promise<unknown> =>
    session.transaction((client) =>
      client.query(
        `insert into metering.quarantined_line (batch, line, reason, detail, content, tenant, area)
           values ('b', 1, 'MALFORMED_LINE', '', '', $1, '310101')`,
        [tenant],
      ),
    );
  await expect(insert('somebody else')).rejects.toMatchObject({ code: 'ROW_OUT_OF_REACH' });
  await expect(insert('sender')).resolves.toBeDefined();
});

test('days that stay with an earlier owner of the meter are refused one by one, the rest is stored', async () => {
  await world.has({ id: 'moved', area: '310104', subject: 'C' });
  const all = world.session('municipal', { 'readings:write': { areas: ['31'], subjects: [] } });
  await world.upload([line('moved', 1, '2026-02-01'), line('moved', 1, '2026-02-03')].join('\n'), {}, all);
  await world.admin.query(`update metering.meter set area = '310101', subject = 'A' where id = 'moved'`);

  const lines = [1, 2, 3, 4].map((day) => line('moved', 7, `2026-02-0${day}`));
  const outcome = await world.upload([...lines, line('m1', 7, '2026-02-01')].join('\n'));
  expect(outcome).toMatchObject({ lines: 5, accepted: 3, corrected: 0, reasons: { FOREIGN_METER: 2 } });

  const reading = await world.upload(JSON.stringify({ meter: 'moved', time: '2026-02-01T00:00', value: 3 }));
  expect(reading.reasons).toEqual({ FOREIGN_METER: 1 });
  expect(
    await world.rows(`select total from metering.day_block where meter = 'moved' and date = '2026-02-01'`),
  ).toEqual([{ total: '1' }]);
});

test('no partition is made for days that no reading can have', async () => {
  const ensure = (day: string): Promise<unknown> =>
    world.pool.query('select metering.ensure_month($1)', [day]);
  await expect(ensure('1999-12-31')).rejects.toThrow(/no partition/);
  await expect(ensure('2999-01-01')).rejects.toThrow(/no partition/);
});

test('a month asked for by many at once is made once', async () => {
  const asked = Array.from({ length: 8 }, () =>
    world.pool.query(`select metering.ensure_month('2011-07-15')`),
  );
  await Promise.all(asked);
  await world.pool.query(`select metering.ensure_month('2011-07-31')`);
  const made = await world.rows(`select relrowsecurity from pg_class where relname = 'day_block_2011_07'`);
  expect(made).toEqual([{ relrowsecurity: true }]);
});

test('row-level security costs one evaluation of the grant a query, not one a row', async () => {
  const plan = await world.district.transaction(async (client) => {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>('explain select * from metering.day_block');
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });
  const filters = plan.split('\n').filter((text) => text.includes('Filter:'));
  expect(filters.length).toBeGreaterThan(0);
  for (const filter of filters) expect(filter).not.toMatch(/runtime\./);
});

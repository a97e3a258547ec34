import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pastEvents } from '../world/admin.js';
import { smallCity } from '../world/city.js';
import { openWorld, type World } from '../world/world.js';

/**
 * Each query of this folder with its answer and its SQL as they were when somebody last looked at them. An extra
 * statement, a lost `where`, a row too many shows here. After a change that is meant: HUB_TEST_UPDATE=on, and review.
 */
const QUERIES = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.graphql'));
const isUpdate = process.env['HUB_TEST_UPDATE'] === 'on';

describe('recorded queries', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
    await pastEvents(
      world,
      `insert into tenants.consent (id, subject, area, recipient, categories, purpose, valid_from, valid_to, granted_by, granted_at)
       select 'con_test', uscc, area, 'service-co', '{buildings,meters}', 'ENERGY_SERVICE', '2020-01-01', '2100-01-01', id, now()
       from tenants.tenant where id = 'enterprise-a'`,
    );
    await world.registryCatchesUp();
  }, 60_000);
  afterAll(() => world.close());

  test.each(QUERIES)('%s', async (name) => {
    const path = join(import.meta.dirname, name);
    const source = readFileSync(path, 'utf8');
    const [, tenant] = /^# as: (\S+)$/m.exec(source) ?? [];
    const [, purpose] = /^# for: (\S+)$/m.exec(source) ?? [];
    if (!tenant) throw new Error(`${name} does not begin with "# as: <tenant>"`);
    world.forget();

    const answer = await world.as(tenant).ask(source, {}, purpose ? { 'x-hub-purpose': purpose } : {});

    const found = plain(`${JSON.stringify(answer, null, 2)}\n\n${counted(world.queries)}\n`);
    const snapshot = path.replace(/\.graphql$/, '.snapshot');
    if (isUpdate) writeFileSync(snapshot, found);
    expect(existsSync(snapshot)).toBe(true);
    expect(found).toBe(readFileSync(snapshot, 'utf8'));
  });

  test('no snapshot is without its query', () => {
    const snapshots = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.snapshot'));

    expect(snapshots.map((name) => name.replace(/\.snapshot$/, '.graphql')).sort()).toEqual(
      [...QUERIES].sort(),
    );
  });
});

/** Rooms answer side by side, so the order between them says nothing: each statement once, with its number. */
function counted(statements: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const statement of statements) {
    const text = statement
      .replace(/set_config\('hub.grant', '.*', true\)/s, "set_config('hub.grant', …, true)")
      .replace(/\s+/g, ' ');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const lines = [...counts]
    .map(([text, count]) => `${count} × ${text}`)
    .sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
  return [`${statements.length} statements`, ...lines].join('\n');
}

/** Ids, times and hashes of this run, numbered in the order of their appearance. */
function plain(text: string): string {
  const seen = new Map<string, string>();
  return text.replace(
    /\b[a-z]{3}_[0-9a-z]{26}\b|\b[0-9a-f]{64}\b|\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g,
    (found) => {
      const kind = /^[a-z]{3}_/.test(found) ? found.slice(0, 3) : found.includes('T') ? 'time' : 'hash';
      const number = [...seen.values()].filter((name) => name.startsWith(`<${kind} `)).length + 1;
      if (!seen.has(found)) seen.set(found, `<${kind} ${number}>`);
      return seen.get(found) ?? found;
    },
  );
}

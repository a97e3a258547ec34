import type { Caller } from '../world/caller.js';
import { aBuilding, aMeter, anAudit, anEnterprise, has } from '../world/things.js';
import { openWorld, type World } from '../world/world.js';

const forged = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Page {
  nodes: { id: string }[];
  edges: { cursor: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

const PAGE = 'nodes { id } edges { cursor } pageInfo { hasNextPage endCursor }';
const BUILDINGS = ['310101A001', '310101A002', '310101B001'];

describe('Relay connections', () => {
  let world: World;
  let district: Caller;
  let audits: string[];
  beforeAll(async () => {
    world = await openWorld();
    district = world.as('district-310101');
    // Seven audits on three days: most of them share their sort key.
    const days = [
      '2025-06-01',
      '2025-06-01',
      '2025-06-01',
      '2025-07-01',
      '2025-07-01',
      '2025-06-01',
      '2025-01-01',
    ];
    ({ audits } = await has(district, {
      enterprises: [anEnterprise()],
      buildings: BUILDINGS.map((id) => aBuilding({ id })),
      meters: BUILDINGS.flatMap((buildingId) =>
        [1, 2, 3].map((n) => aMeter({ id: `${buildingId.slice(6)}-${n}`, buildingId })),
      ),
      audits: days.map((completedOn) => anAudit({ completedOn })),
    }));
  }, 60_000);
  afterAll(() => world.close());

  /** Follows endCursor to the end, as a client does. */
  async function walk(field: (after: string) => string, first: number): Promise<string[]> {
    const seen: string[] = [];
    let after = '';
    for (let turn = 0; turn < 20; turn += 1) {
      const text = field(`first: ${first}${after && `, after: "${after}"`}`);
      const { list } = await district.mustAsk<{ list: Page }>(`{ list: ${text} { ${PAGE} } }`);
      seen.push(...list.nodes.map(({ id }) => id));
      expect(list.pageInfo.endCursor).toBe(list.edges.at(-1)?.cursor ?? null);
      if (!list.pageInfo.hasNextPage) return seen;
      after = list.pageInfo.endCursor ?? '';
    }
    throw new Error('the list has no end');
  }

  const LISTS = [
    'buildings', 'enterprises', 'meters', 'energyAudits', 'meteringReviews', 'inspections', 'batches', 'packages',
    'meterDays(from: "2026-01-01", to: "2026-01-02",', 'building.meters', 'building.energyAudits',
  ]; // prettier-ignore

  function asked(list: string, args: string): string {
    if (list.startsWith('building.'))
      return `{ building(id: "310101A001") { ${list.slice(9)}(${args}) { __typename } } }`;
    return `{ ${list.includes('(') ? list : `${list}(`} ${args}) { __typename } }`;
  }

  test.each(LISTS)('%s refuses a first of none, of less than none and of more than 500', async (list) => {
    for (const first of [0, -1, 501, 2_000_000]) {
      const { errors } = await district.ask(asked(list, `first: ${first}`));
      expect(errors).toMatchObject([
        { extensions: { code: expect.stringMatching(/^(BAD_USER_INPUT|QUERY_TOO_WIDE)$/) } },
      ]);
    }
    expect((await district.ask(asked(list, 'first: 501'))).errors).toMatchObject([
      { message: 'first: must be 1 to 500, was 501', extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect((await district.ask(asked(list, 'first: 500'))).errors).toBeUndefined();
  });

  test.each(LISTS)('%s refuses what is no cursor of it', async (list) => {
    const { energyAudits, buildings } = await district.mustAsk<Record<'energyAudits' | 'buildings', Page>>(
      `{ energyAudits(first: 1) { ${PAGE} } buildings(first: 1) { ${PAGE} } }`,
    );
    // The sort keys of one foreign list are a day and an id, as this one's may be; those of the other an id.
    const foreign = [
      list.includes('nergyAudits') ? buildings : energyAudits,
      list === 'buildings' ? energyAudits : buildings,
    ];
    const cursors = [
      '',
      '!',
      'bm9uZQ',
      forged([]),
      forged(['x']),
      forged(['x', 'y']),
      forged(['2026-01-01', 'x', 'y']),
    ];
    for (const after of [...cursors, ...foreign.map(({ pageInfo }) => pageInfo.endCursor ?? '')]) {
      const { errors } = await district.ask(asked(list, `after: "${after}"`));
      expect([after, errors]).toMatchObject([after, [{ extensions: { code: 'BAD_USER_INPUT' } }]]);
    }
  });

  test('a cursor that was tampered with is refused as a bad value, not as a fault', async () => {
    const { energyAudits } = await district.mustAsk<{ energyAudits: Page }>(
      `{ energyAudits(first: 1) { ${PAGE} } }`,
    );
    const [list] = JSON.parse(
      Buffer.from(energyAudits.pageInfo.endCursor ?? '', 'base64url').toString('utf8'),
    ) as string[];
    for (const values of [
      ['no day', 'x'],
      ['2026-02-30', 'x'],
      ['2026-01-01', 'x\u0000'],
      [null, 'x'],
      [1, 2],
      [[], {}],
    ]) {
      const { data, errors } = await district.ask(
        `{ energyAudits(after: "${forged([list, ...values])}") { ${PAGE} } }`,
      );
      expect([values, data, errors]).toMatchObject([
        values,
        { energyAudits: null },
        [{ extensions: { code: 'BAD_USER_INPUT' } }],
      ]);
    }
  });

  test.each([1, 2, 3, 7, 500])(
    'audits that were completed on one day come once each, latest first, %i at a time',
    async (first) => {
      const [a, b, c, d, e, f, g] = audits as [string, string, string, string, string, string, string];
      const latestFirst = [...[d, e].sort().reverse(), ...[a, b, c, f].sort().reverse(), g];

      expect(await walk((page) => `energyAudits(${page})`, first)).toEqual(latestFirst);
    },
  );

  test('the end of a page that is just full is the end', async () => {
    const { meters } = await district.mustAsk<{ meters: Page }>(`{ meters(first: 9) { ${PAGE} } }`);

    expect([meters.nodes.length, meters.pageInfo.hasNextPage]).toEqual([9, false]);
  });

  test('a page behind the end is empty and has no cursor', async () => {
    const { meters } = await district.mustAsk<{ meters: Page }>(`{ meters { ${PAGE} } }`);
    const after = meters.pageInfo.endCursor ?? '';

    expect(await district.mustAsk(`{ meters(after: "${after}") { ${PAGE} } }`)).toEqual({
      meters: { nodes: [], edges: [], pageInfo: { hasNextPage: false, endCursor: null } },
    });
  });

  test('a list inside others ends at its own first for each of them, and goes on from its own cursor', async () => {
    const query = (args: string) => `{ buildings { nodes { id meters(${args}) { ${PAGE} } } } }`;
    type Answer = { buildings: { nodes: { id: string; meters: Page }[] } };
    const { buildings } = await district.mustAsk<Answer>(query('first: 2'));
    expect(
      buildings.nodes.map(({ meters }) => [meters.nodes.map(({ id }) => id), meters.pageInfo.hasNextPage]),
    ).toEqual([
      [['A001-1', 'A001-2'], true],
      [['A002-1', 'A002-2'], true],
      [['B001-1', 'B001-2'], true],
    ]);

    for (const { id, meters } of buildings.nodes) {
      const rest = await district.mustAsk<{ building: { meters: Page } }>(
        `{ building(id: "${id}") { meters(first: 2, after: "${meters.pageInfo.endCursor}") { ${PAGE} } } }`,
      );
      expect(rest.building.meters.nodes).toEqual([{ id: `${id.slice(6)}-3` }]);
      expect(rest.building.meters.pageInfo.hasNextPage).toBe(false);
    }
  });

  test('the same list twice in one query, with different pages', async () => {
    const { a, b } = await district.mustAsk<Record<'a' | 'b', { meters: Page }>>(
      `{ a: building(id: "310101A001") { meters(first: 1) { ${PAGE} } } b: building(id: "310101A001") { meters(first: 3) { ${PAGE} } } }`,
    );

    expect([a.meters.nodes.length, b.meters.nodes.length]).toEqual([1, 3]);
  });

  test('rows that come while a client pages neither repeat nor hide others', async () => {
    const { meters } = await district.mustAsk<{ meters: Page }>(`{ meters(first: 4) { ${PAGE} } }`);
    await has(district, { meters: [aMeter({ id: '0-before' }), aMeter({ id: 'Z-after' })] });
    const after = meters.pageInfo.endCursor ?? '';

    const rest = await district.mustAsk<{ meters: Page }>(`{ meters(after: "${after}") { ${PAGE} } }`);

    const ids = [...meters.nodes, ...rest.meters.nodes].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    expect([ids.length, ids.includes('Z-after')]).toEqual([10, true]);
  });
});

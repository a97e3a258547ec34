import { daily, part } from '../../exchange/packages.js';
import { aConsent, recordConsents } from '../../world/admin.js';
import { smallCity, USCC_B } from '../../world/city.js';
import { USCC_A } from '../../world/parties.js';
import { openWorld, type World } from '../../world/world.js';

const FIELDS = 'sequence at recipient purpose subject area category values consents operation object request';
const LIST = `query ($subject: ID, $recipient: ID, $from: Instant, $to: Instant, $first: Int! = 100, $after: String) {
  disclosuresOf(subject: $subject, recipient: $recipient, from: $from, to: $to, first: $first, after: $after) {
    nodes { ${FIELDS} } edges { cursor } pageInfo { hasNextPage endCursor } } }`;
const SUPERVISION = { 'x-hub-purpose': 'SUPERVISION' };

interface Listed {
  sequence: number;
  at: string;
  recipient: string;
  subject: string;
  category: string;
  values: number;
}

interface ListPage {
  nodes: Listed[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

describe('disclosuresOf', () => {
  let world: World;
  let consent: string | undefined;
  let pkg: string;
  beforeAll(async () => {
    world = await openWorld();
    await smallCity(world);
    [consent] = await recordConsents(world, world.as('enterprise-a'), aConsent());
    // What registering told its own platform is not what these tests are about.
    await world.sql('alter table ledger.disclosure disable trigger user');
    await world.sql('delete from ledger.disclosure');
    await world.sql('alter table ledger.disclosure enable always trigger refuse_change');
    await world.as('service-co').mustAsk('{ buildings { nodes { id } } }');
    pkg = (await daily(world.as('district-310101'), '2026-01-01')).id;
    await part(world.as('district-310101'), pkg, 1);
    await world.as('district-310104').mustAsk('{ meters { nodes { id } } }');
  }, 120_000);
  afterAll(() => world.close());

  async function list(
    party: string,
    variables: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<ListPage> {
    const { disclosuresOf } = await world
      .as(party)
      .mustAsk<{ disclosuresOf: ListPage }>(LIST, variables, headers);
    return disclosuresOf;
  }

  test('who has no scope for it is refused by the rule', async () => {
    for (const party of ['service-co', 'district-310101', 'scopeless']) {
      expect(await world.as(party).ask(LIST)).toMatchObject({
        data: { disclosuresOf: null },
        errors: [{ extensions: { code: 'SCOPE_MISSING', rule: 'scope/named' } }],
      });
    }
  });

  test('an enterprise lists who received its data: when, for which purpose, under which consent, how many values', async () => {
    const { nodes } = await list('enterprise-a', { subject: USCC_A });

    const same = {
      subject: USCC_A,
      area: '310101',
      at: expect.stringMatching(/Z$/),
      request: expect.any(String),
    };
    const whose = { ...same, sequence: expect.any(Number) };
    expect(nodes).toEqual([
      {
        ...whose,
        recipient: 'district-310101',
        purpose: 'DATA_REPORTING',
        category: 'readings',
        values: 24,
        consents: [],
        operation: 'GET /packages/:id/parts/:n',
        object: `${pkg}/1`,
      },
      {
        ...whose,
        recipient: 'service-co',
        purpose: 'ENERGY_SERVICE',
        category: 'buildings',
        values: 2,
        consents: [consent],
        operation: 'QUERY',
        object: null,
      },
    ]);
  });

  test('it lists nobody else’s, named or not; and to read its own list is no disclosure', async () => {
    const before = await list('enterprise-a');

    expect((await list('enterprise-a', { subject: USCC_B })).nodes).toEqual([]);
    expect(new Set(before.nodes.map(({ subject }) => subject))).toEqual(new Set([USCC_A]));
    expect(await list('enterprise-a')).toEqual(before);
  });

  test('a platform lists the subjects of its area, and they learn that it did', async () => {
    const { nodes } = await list('municipal', { subject: USCC_B }, SUPERVISION);
    expect(nodes).toMatchObject([{ recipient: 'district-310101', category: 'readings', values: 24 }]);

    const about = await list('municipal', { subject: USCC_B, recipient: 'municipal' }, SUPERVISION);
    expect(about.nodes).toMatchObject([{ category: 'disclosures', values: 1 }]);
  });

  test('by recipient and by time; a period that ends before it begins is refused', async () => {
    const { nodes } = await list('enterprise-a');
    const [latest, earliest] = [nodes[0]?.at, nodes.at(-1)?.at];

    const names = async (variables: Record<string, unknown>): Promise<string[]> =>
      (await list('enterprise-a', variables)).nodes.map(({ recipient }) => recipient);
    expect(await names({ recipient: 'service-co' })).toEqual(['service-co']);
    expect(await names({ recipient: 'nobody' })).toEqual([]);
    expect(await names({ to: latest })).not.toContain('district-310101');
    expect(await names({ from: latest })).toEqual(['district-310101']);
    expect(await names({ from: earliest, to: '2100-01-01T00:00:00Z' })).toHaveLength(nodes.length);
    expect((await world.as('enterprise-a').ask(LIST, { from: latest, to: earliest })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });

  test('page by page it is the same list', async () => {
    const { nodes } = await list('municipal', { recipient: 'district-310104' }, SUPERVISION);
    const whole = await list('enterprise-a');

    const first = await list('enterprise-a', { first: 1 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await list('enterprise-a', { first: 100, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes]).toEqual(whole.nodes);
    expect(nodes).toHaveLength(1);
    expect((await world.as('enterprise-a').ask(LIST, { after: 'x' })).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});

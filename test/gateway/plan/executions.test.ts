import { getOperationAST, parse } from 'graphql';
import { type Composed, composeRooms } from '../../../gateway/composed.js';
import { Executions } from '../../../gateway/plan/executions.js';
import { PolicedGateway } from '../../../gateway/plan/executor.js';
import { type Prepared, prepared } from '../../../gateway/plan/prepared.js';
import type { RequestContext } from '../../../gateway/plan/request.js';
import { ParsedDocuments } from '../../../subgraphs/runtime/parsed.js';

let composed: Composed;
let executions: Executions;
beforeAll(async () => {
  composed = await composeRooms();
}, 60_000);
beforeEach(() => (executions = new Executions(composed.planner, composed.supergraph)));

const NOTHING = new Set<never>();
const of = (source: string): Prepared => {
  const document = parse(source);
  return prepared(composed.supergraph, { source, document }, getOperationAST(document, null));
};
const times = (count: number, text: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ');

test('what is planned tells once what it took', () => {
  const took: number[] = [];
  const mine = of('{ me { tenant } }');
  for (let n = 0; n < 3; n++) executions.of(mine, NOTHING, (ms) => took.push(ms));
  expect(took).toEqual([expect.any(Number)]);
  expect(took[0]).toBeGreaterThan(0);
});

test('the time of planning is settled with who asked first', async () => {
  const settled: (number | undefined)[] = [];
  const { planner, supergraph } = composed;
  const gateway = new PolicedGateway({
    ...{ supergraph, planner, executions, seal: async () => '' },
    clients: new Map(planner.rooms.map((name) => [name, undefined as never])),
    limits: { depth: 9, fields: 9, aliases: 9, rootFields: 9, directives: 9, objects: 9 },
    demand: { charge: async () => ({ settle: (_cost, ms) => void settled.push(ms) }) },
  });
  const context = {
    caller: { tenant: 'a', stage: 'TEST' },
    facts: { declarations: [], scopes: [], consents: [] },
    mustStand: async () => undefined,
    grantOf: () => ({}),
    record: async () => undefined,
  } as unknown as RequestContext;
  const asked = of('{ __typename }');
  for (let n = 0; n < 2; n++) await gateway.answer(asked, {}, context);
  expect(settled).toEqual([expect.any(Number), 0]);
  expect(settled[0]).toBeGreaterThan(0);
});

const CONDITIONS = `query (${times(5, (n) => `$c${n}: Boolean!`)}) { ${times(5, (n) => `a${n}: me @include(if: $c${n}) { tenant }`)} }`;

test('a plan counts as large as all that is kept of it', () => {
  const conditions = of(CONDITIONS);
  executions.of(conditions, NOTHING);
  // 16 choices of 10 fields each.
  expect(executions.kept.bytes).toBeGreaterThan(16 * 10 * 900);
  const { bytes } = executions.kept;
  executions.of(conditions, new Set(['buildings:read'] as const));
  expect(executions.kept.bytes).toBeGreaterThan(2 * bytes);
});

test('what is published stays planned, whatever was refused of it and whatever else is asked', () => {
  const mine = of('{ me { tier } buildings { nodes { id } } }');
  executions.publish(mine);
  const refused = new Set(['buildings:read'] as const);
  const [whole, part] = [executions.of(mine, NOTHING), executions.of(mine, refused)];
  const conditions = of(CONDITIONS);
  const first = executions.of(conditions, NOTHING);
  for (let n = 0; n < 40; n++)
    executions.of(of(`{ me { name } } # ${n} ${'x'.repeat(1024 * 1024)}`), NOTHING);
  expect(executions.of(conditions, NOTHING)).not.toBe(first);
  expect(executions.of(mine, NOTHING)).toBe(whole);
  expect(executions.of(mine, refused)).toBe(part);
});

test('what rooms keep of documents is bounded by what it takes', () => {
  const documents = new ParsedDocuments();
  const first = documents.of('{ me { tenant } }');
  const fields = 'tenant '.repeat(4_000);
  expect(documents.of('{ me { tenant } }')).toBe(first);
  for (let n = 0; n < 20; n++) documents.of(`query Q${n} { me { ${fields} } }`);
  expect(documents.of('{ me { tenant } }')).not.toBe(first);
});

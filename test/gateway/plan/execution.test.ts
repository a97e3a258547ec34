import { getOperationAST, parse } from 'graphql';
import { compiled } from '../../../gateway/plan/execution/compile.js';
import { leadingTo } from '../../../gateway/plan/execution/places.js';
import { wrongVariables } from '../../../gateway/plan/execution/variables.js';
import type { RoomRequest, RoomResponse } from '../../../subgraphs/runtime/neighbours.js';
import { Comparison } from './differential/compare.js';

type Answers = Record<string, (request: RoomRequest) => RoomResponse['data']>;

describe('the execution of plans', () => {
  let comparison: Comparison;
  beforeAll(async () => {
    comparison = await Comparison.open();
  });
  afterAll(() => comparison.close());

  /** What comes of a query with rooms that answer so; and what they were asked. */
  async function executed(
    query: string,
    answers: Answers,
    variables: Record<string, unknown> = {},
  ): Promise<{
    answer: { data?: unknown; errors?: readonly unknown[]; extensions?: unknown };
    requests: RoomRequest[];
  }> {
    const requests: RoomRequest[] = [];
    const document = parse(query);
    const execution = comparison.executionOf(document, getOperationAST(document)!);
    const answer = await execution.run(variables, async (room, request) => {
      requests.push(request);
      return { data: answers[room]!(request) };
    });
    return { answer: JSON.parse(JSON.stringify(answer)) as never, requests };
  }

  const three = (): RoomResponse['data'] => ({
    buildings: ['b1', 'b2', 'b1'].map((id) => ({ __typename: 'Building', id })),
  });

  test.each([
    ['Defer', { kind: 'Defer', primary: {}, deferred: [] }],
    ['Subscription', { kind: 'Subscription' }],
    ['a fetch with a context', { kind: 'Fetch', serviceName: 'a', operation: '{a}', contextRewrites: [{}] }],
  ])('refuses a plan with %s before anything runs', (_, node) => {
    const plan = { kind: 'QueryPlan', node } as never;
    expect(() => compiled(comparison.schema, plan, () => true)).toThrow(/does not run|from a context/);
  });

  test('refuses a path that it does not know how to follow', () => {
    expect(() => leadingTo(['buildings', '|[Building]'])).toThrow('"|[Building]"');
  });

  test('variables that the operation declares otherwise are told, and no name that the caller did not say', () => {
    const wrong = (query: string, variables: Record<string, unknown>): string[] =>
      wrongVariables(comparison.schema, getOperationAST(parse(query))!, variables).map(
        ({ message }) => message,
      );

    const query = 'query ($id: ID!) { building(id: $id) { name } }';
    expect(wrong(query, { id: null })).toEqual([expect.stringContaining('$id')]);
    expect(wrong(query, { id: 'b1', more: 1 })).toEqual([]);
    expect(wrong('{ building(id: "b1") { name } }', { id: null })).toEqual([]);
  });

  test('a room is asked once for things that it cannot tell apart, and the answer goes to all of them', async () => {
    const { answer, requests } = await executed('{ buildings { meters { no } } }', {
      buildings: three,
      metering: ({ variables }) => ({
        _entities: (variables!['representations'] as { id: string }[]).map(({ id }) => ({
          meters: [{ no: id === 'b1' ? 1 : 2 }],
        })),
      }),
    });
    expect(requests[1]!.variables).toEqual({
      representations: ['b1', 'b2'].map((id) => ({ __typename: 'Building', id })),
    });
    const numbers = [1, 2, 1].map((no) => ({ meters: [{ no }] }));
    expect(answer).toEqual({ data: { buildings: numbers } });
  });

  test('a field that is not null where its type says so takes its object away, and is named', async () => {
    const { answer } = await executed('{ building(id: "b1") { broken name } }', {
      buildings: () => ({ building: { broken: null, name: 'one' } }),
    });
    expect(answer.data).toEqual({ building: null });
    expect(answer.extensions).toEqual({
      valueCompletion: [
        expect.objectContaining({
          message: 'Cannot return null for non-nullable Building.broken.',
          path: ['building', 'broken'],
        }),
      ],
    });
  });

  test.each([
    [
      'an enumeration',
      '{ building(id: "b1") { use } }',
      { building: { use: 'CASTLE' } },
      { building: { use: null } },
    ],
    [
      'a number',
      '{ building(id: "b1") { area } }',
      { building: { area: 'large' } },
      { building: { area: null } },
    ],
    [
      'a list',
      '{ building(id: "b1") { floors } }',
      { building: { floors: [3, [1.5, 2]] } },
      { building: { floors: [null, [null, 2]] } },
    ],
    ['an object', '{ building(id: "b1") { name } }', { building: 'b1' }, { building: null }],
    ['a type', '{ things { id } }', { things: [{ __typename: 'Moon', id: 'm' }] }, { things: [null] }],
  ])('a value that is none of %s is null', async (_, query, data, expected) => {
    const { answer } = await executed(query, { buildings: () => data });
    expect(answer.data).toEqual(expected);
    expect(answer.extensions).toEqual({ valueCompletion: expect.any(Array) });
  });

  test('keys that every object has are the client’s own, and nothing reaches what all objects share', async () => {
    const query = '{ building(id: "b1") { __proto__: name constructor: use owner { toString: uscc name } } }';
    const { answer, requests } = await executed(query, {
      buildings: () =>
        JSON.parse(
          '{"building":{"__proto__":"one","constructor":"OFFICE","owner":{"__typename":"Owner","uscc":"o1","toString":"o1"}}}',
        ) as never,
      owners: () => JSON.parse('{"_entities":[{"name":"mine","__proto__":{"polluted":true}}]}') as never,
    });
    expect(requests).toHaveLength(2);
    expect(JSON.stringify(answer)).toBe(
      '{"data":{"building":{"__proto__":"one","constructor":"OFFICE","owner":{"toString":"o1","name":"mine"}}}}',
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('fields come in the order of the specification, whatever came first', async () => {
    const query =
      '{ building(id: "b1") { meters { no } name ... on Thing { ... on Building { area } name } } }';
    const { answer } = await executed(query, {
      buildings: () => ({ building: { area: 1, name: 'one', __typename: 'Building', id: 'b1' } }),
      metering: () => ({ _entities: [{ meters: [] }] }),
    });
    expect(JSON.stringify(answer)).toBe('{"data":{"building":{"meters":[],"name":"one","area":1}}}');
  });

  test('an object that a room knows by its interface alone keeps the fields of its own type', async () => {
    const { answer } = await executed('{ building(id: "b1") { rank area } }', {
      buildings: () => ({ building: { __typename: 'Building', id: 'b1', area: 7 } }),
      tags: () => ({ _entities: [{ __typename: 'Thing', rank: 3 }] }),
    });
    expect(answer).toEqual({ data: { building: { rank: 3, area: 7 } } });
  });

  test('each choice of conditions has its answer', async () => {
    const query =
      'query ($a: Boolean!, $b: Boolean = false) { building(id: "b1") { name @include(if: $a) use @skip(if: $b) } }';
    const buildings = (): RoomResponse['data'] => ({ building: { name: 'one', use: 'HOTEL' } });
    const ofChoice = async (variables: Record<string, boolean>): Promise<unknown> =>
      (await executed(query, { buildings }, variables)).answer.data;
    expect(await ofChoice({ a: true })).toEqual({ building: { name: 'one', use: 'HOTEL' } });
    expect(await ofChoice({ a: false })).toEqual({ building: { use: 'HOTEL' } });
    expect(await ofChoice({ a: true, b: true })).toEqual({ building: { name: 'one' } });
  });
});

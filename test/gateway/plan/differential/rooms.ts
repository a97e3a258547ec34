import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';
import type { RoomRequest, RoomResponse } from '../../../../subgraphs/runtime/neighbours.js';
import type { Subgraph } from '../../../../gateway/plan/supergraph.js';
import { randomFor } from '../../../../scripts/demo/randomness.js';

/**
 * Rooms that answer from memory and hold what the planner treats in ways of its own: entities with several keys, keys of
 * several fields, fields required of other rooms, provided and shared ones, unions, interfaces, interface objects, lists
 * of lists, enumerations, and mutations that follow each other.
 */
const SHARED = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.6",
    import: ["@key", "@shareable", "@requires", "@provides", "@external", "@interfaceObject"])
`;

const SDL: Record<string, string> = {
  buildings: `${SHARED}
    type Query {
      buildings(first: Int = 3): [Building!]!
      building(id: ID!): Building
      things: [Thing]!
      found(text: String): [Found!]
    }
    type Mutation { rename(id: ID!, name: String!): Building }
    enum Use { OFFICE SCHOOL HOTEL }
    interface Thing @key(fields: "id") { id: ID! name: String }
    union Found = Building | Yard
    type Building implements Thing @key(fields: "id") {
      id: ID! name: String use: Use @shareable area: Float floors: [[Int]] owner: Owner notes: [String!] broken: String!
    }
    type Yard implements Thing @key(fields: "id") { id: ID! name: String size: Int }
    type Owner @key(fields: "uscc") { uscc: ID! }
  `,
  metering: `${SHARED}
    type Query { meters: [Meter]  meter(no: Int!, site: String!): Meter }
    type Mutation { read(no: Int!, site: String!): Meter }
    type Building @key(fields: "id") {
      id: ID! area: Float @external
      meters(kind: String): [Meter!]!
      intensity: Float @requires(fields: "area")
      main: Meter
    }
    type Meter @key(fields: "site no") { site: String! no: Int! place: Place @shareable reading: Reading series: [Float!] failing: Int must: Int! }
    type Place @shareable { room: String floor: Int }
    union Reading = Counter | Gauge
    type Counter { value: Int! digits: Int }
    type Gauge { value: Float! unit: String! }
  `,
  tags: `${SHARED}
    type Thing @key(fields: "id") @interfaceObject { id: ID! rank: Int! tags: [String] }
  `,
  owners: `${SHARED}
    type Query { owners: [Owner!] }
    type Owner @key(fields: "uscc") { uscc: ID! name: String buildings: [Building!] @provides(fields: "use") seat: Place @shareable }
    type Building @key(fields: "id") { id: ID! use: Use @external }
    enum Use { OFFICE SCHOOL HOTEL }
    type Place @shareable { room: String floor: Int }
    type Meter @key(fields: "site no") { site: String! no: Int! payer: Owner tariff(of: String = "peak"): Float }
  `,
};

export const SUBGRAPHS: Subgraph[] = Object.entries(SDL).map(([name, sdl]) => ({ name, sdl }));

type Values = Record<string, unknown>;

/** What fails, is missing or null differs by the world's number; within one world everything answers alike. */
function resolversOf(world: number): Record<string, Record<string, Values>> {
  const chance = (...of: (string | number)[]): number => randomFor('plans', world, ...of)();
  const maybe = <T>(value: T, ...of: (string | number)[]): T | null => (chance(...of) < 0.15 ? null : value);
  const failing = (...of: (string | number)[]): void => {
    if (chance('fails', ...of) < 0.1) throw new Error(`no ${of.join(' ')}`);
  };
  const building = (id: string): Values => ({ __typename: 'Building', id });
  const yard = (id: string): Values => ({ __typename: 'Yard', id });
  const meter = (site: string, no: number): Values => ({ __typename: 'Meter', site, no });
  const owner = (uscc: string): Values => ({ __typename: 'Owner', uscc });
  const ids = ['b1', 'b2', 'b3', 'b4'];
  const thing = (id: string): Values => (id.startsWith('y') ? yard(id) : building(id));
  const known = (id: string): boolean => chance('known', id) > 0.12;
  const place = (of: string): Values => ({ room: maybe(`room ${of}`, 'room', of), floor: 2 });
  const metersOf = (id: string): Values[] =>
    [1, 2].map((no) => meter(id, no)).slice(0, 1 + Math.floor(chance('meters', id) * 2));

  return {
    buildings: {
      Query: {
        buildings: (_: unknown, { first }: { first: number }) => ids.slice(0, first).map(building),
        building: (_: unknown, { id }: { id: string }) => (
          failing('building', id),
          maybe(building(id), 'building', id)
        ),
        things: () => ['b1', 'y1', 'b2', 'y2'].map((id) => maybe(thing(id), 'thing', id)),
        found: () => maybe(['y1', 'b3', 'b3'].map(thing), 'found'),
      },
      Mutation: { rename: (_: unknown, { id }: { id: string }) => (failing('rename', id), building(id)) },
      Thing: {
        __resolveType: ({ __typename }: Values) => __typename,
        __resolveReference: ({ id }: { id: string }) => (known(id) ? thing(id) : null),
      },
      Found: { __resolveType: ({ __typename }: Values) => __typename },
      Building: {
        __resolveReference: ({ id }: { id: string }) => (known(id) ? building(id) : null),
        name: ({ id }: Values) => `building ${String(id)}`,
        use: ({ id }: Values) => maybe('OFFICE', 'use', String(id)),
        area: ({ id }: Values) => maybe(chance('area', String(id)) * 100, 'area', String(id)),
        floors: ({ id }: Values) => [
          [1, maybe(2, 'floors', String(id))],
          maybe([], 'floors', 'list', String(id)),
        ],
        owner: ({ id }: Values) => (
          failing('owner', String(id)),
          maybe(owner(chance('owner', String(id)) < 0.5 ? 'o1' : 'o2'), 'owner of', String(id))
        ),
        notes: ({ id }: Values) => ['a', maybe('b', 'notes', String(id))],
        broken: ({ id }: Values) => (failing('broken', String(id)), 'whole'),
      },
      Yard: {
        __resolveReference: ({ id }: { id: string }) => (known(id) ? yard(id) : null),
        name: ({ id }: Values) => maybe(`yard ${String(id)}`, 'name', String(id)),
        size: ({ id }: Values) => (failing('size', String(id)), 0),
      },
    },
    metering: {
      Query: {
        meters: () =>
          ids.flatMap(metersOf).map((one) => maybe(one, 'meter', String(one['site']), Number(one['no']))),
        meter: (_: unknown, { site, no }: { site: string; no: number }) => meter(site, no),
      },
      Mutation: {
        read: (_: unknown, { site, no }: { site: string; no: number }) => (
          failing('read', site),
          meter(site, no)
        ),
      },
      Building: {
        __resolveReference: (reference: Values) => (known(`m ${String(reference['id'])}`) ? reference : null),
        meters: ({ id }: Values, { kind }: { kind?: string }) => (
          failing('meters', String(id)),
          kind === 'none' ? [] : metersOf(String(id))
        ),
        intensity: ({ area }: Values) => (area === null ? null : Number(area) / 2),
        main: ({ id }: Values) => maybe(meter('b1', 1), 'main', String(id)),
      },
      Meter: {
        __resolveReference: (reference: Values) =>
          known(`${String(reference['site'])} ${String(reference['no'])}`) ? reference : null,
        place: ({ site }: Values) => maybe(place(String(site)), 'place', String(site)),
        reading: ({ site, no }: Values) =>
          no === 1
            ? { __typename: 'Counter', value: 7, digits: maybe(5, 'digits', String(site)) }
            : { __typename: 'Gauge', value: 1.5, unit: 'kWh' },
        series: ({ site }: Values) => maybe([1, 2.5], 'series', String(site)),
        failing: ({ site, no }: Values) => (failing('failing', String(site), Number(no)), 1),
        must: ({ site }: Values) => (failing('must', String(site)), 1),
      },
      Reading: { __resolveType: ({ __typename }: Values) => __typename },
    },
    tags: {
      Thing: {
        __resolveReference: (reference: Values) => (known(`t ${String(reference['id'])}`) ? reference : null),
        rank: ({ id }: Values) => (failing('rank', String(id)), 3),
        tags: ({ id }: Values) => [maybe('x', 'tag', String(id))],
      },
    },
    owners: {
      Query: { owners: () => maybe([owner('o1'), owner('o2')], 'owners') },
      Owner: {
        __resolveReference: (reference: Values) => (known(String(reference['uscc'])) ? reference : null),
        name: ({ uscc }: Values) => maybe(`owner ${String(uscc)}`, 'owner name', String(uscc)),
        buildings: ({ uscc }: Values) =>
          (uscc === 'o1' ? ['b1', 'b2', 'b1'] : ['b3']).map((id) => ({ ...building(id), use: 'HOTEL' })),
        seat: ({ uscc }: Values) => maybe(place(String(uscc)), 'seat', String(uscc)),
      },
      Building: { __resolveReference: (reference: Values) => reference },
      Meter: {
        __resolveReference: (reference: Values) =>
          known(`p ${String(reference['site'])}`) ? reference : null,
        payer: ({ site }: Values) => (
          failing('payer', String(site)),
          maybe(owner('o1'), 'payer', String(site))
        ),
        tariff: (_: unknown, { of }: { of: string }) => (of === 'none' ? null : of.length),
      },
    },
  };
}

export type Ask = (room: string, request: RoomRequest) => Promise<RoomResponse>;

const parsed = new Map<string, DocumentNode>();

/** The rooms of a world; a few do not answer at all. */
export function roomsOf(world: number): Ask {
  const resolvers = resolversOf(world);
  const schemas = new Map<string, GraphQLSchema>(
    Object.entries(SDL).map(([name, sdl]) => [
      name,
      buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers[name] as never }]),
    ]),
  );
  return async (room, { query, variables, operationName }) => {
    if (randomFor('down', world, room)() < 0.04) {
      return { errors: [{ message: `${room} is down`, extensions: { code: 'ROOM_UNAVAILABLE' } }] };
    }
    const document = parsed.get(query) ?? parse(query);
    parsed.set(query, document);
    const answer = await execute({
      schema: schemas.get(room)!,
      document,
      variableValues: variables ?? null,
      operationName: operationName ?? null,
    });
    // As it would come over the wire, and nobody's else.
    return JSON.parse(JSON.stringify(answer)) as RoomResponse;
  };
}

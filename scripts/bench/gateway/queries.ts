/** What the gateways are asked, and over how many connections at a time. */
export interface Asked {
  name: string;
  query: string;
  connections: number;
  /** At least how many times as many requests as the best peer; none where nothing is promised. */
  bar?: number;
}

export const QUERIES: readonly Asked[] = [
  {
    name: 'tiny, one room',
    query: '{ building(id: "310101A00007") { id name } }',
    connections: 16,
    bar: 1.2,
  },
  {
    name: '3 hops',
    query: `{ buildings(first: 50) { id name meters { id name energyItem supplier { id name uscc } } } }`,
    connections: 16,
    bar: 3,
  },
  {
    name: 'large list',
    query: '{ buildings(first: 10000) { id name area address floors builtIn } }',
    connections: 4,
    bar: 8,
  },
  {
    name: 'a day as objects',
    query: '{ meterDays(first: 1000) { id points { time value } } }',
    connections: 4,
  },
  {
    name: 'a day as arrays',
    query: '{ meterDays(first: 1000) { id values } }',
    connections: 4,
    bar: 8,
  },
];

import type { ReadingsWorld } from './readings-world.js';

/** A day of hours: the first value, and the rest alike. */
export const hourly = (first: unknown, rest: unknown = 0): unknown[] => [
  first,
  ...new Array<unknown>(23).fill(rest),
];
export const line = (meter: string, date: string, values: unknown[]): string =>
  JSON.stringify({ meter, date, interval: 1440 / values.length, values });
export const reading = (meter: string, time: string, value: unknown): string =>
  JSON.stringify({ meter, time, value });

/** A day block as it is stored, figures as text. */
export interface Block {
  meter: string;
  date: string;
  values: (string | null)[];
  scale: number;
  total: string;
  present: number;
  version: number;
}

export async function blocksOf(world: ReadingsWorld, table = 'day_block'): Promise<Block[]> {
  return world.rows<Block & Record<string, unknown>>(
    `select meter, date::text, values::text[], scale, total::text, present, version from metering.${table} order by date, meter, version`,
  );
}

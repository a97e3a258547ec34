/** What the subgraphs hold: made up, the same at every start. */

export interface Key {
  id: string;
}

const BUILDINGS = 10_000;
const METERS_A_BUILDING = 2;
const SUPPLIERS = 25;
const QUARTERS_OF_AN_HOUR = 96;

const numbered = (prefix: string, number: number): string => `${prefix}${String(number).padStart(5, '0')}`;

export const buildings = Array.from({ length: BUILDINGS }, (_, index) => ({
  id: numbered('310101A', index),
  name: `Office building ${index} 办公楼`,
  area: '310101',
  address: `${index} Nanjing Road, Huangpu`,
  floors: 3 + (index % 40),
  builtIn: 1960 + (index % 60),
}));

interface Meter {
  id: string;
  name: string;
  energyItem: string;
  supplier: Key;
}

export const meters: Meter[] = buildings.flatMap(({ id }, building) =>
  Array.from({ length: METERS_A_BUILDING }, (_, place) => ({
    id: `${id}-${place}`,
    name: `Meter ${place} of building ${building}`,
    energyItem: '01000',
    supplier: { id: numbered('S', (building * METERS_A_BUILDING + place) % SUPPLIERS) },
  })),
);

export function metersOf(building: string): Meter[] {
  return meters.filter(({ id }) => id.startsWith(`${building}-`));
}

export function supplierOf(id: string): { id: string; name: string; uscc: string } {
  return { id, name: `Supplier ${id} 供电公司`, uscc: `91310000${id.padStart(10, '0')}` };
}

export function dayOf(meter: string): {
  id: string;
  points: { time: string; value: number }[];
  values: number[];
} {
  const seed = Number(meter.replaceAll(/\D/g, '')) % 997;
  const values = Array.from({ length: QUARTERS_OF_AN_HOUR }, (_, at) => ((seed * 31 + at * 17) % 5_000) / 10);
  const points = values.map((value, at) => ({ time: timeOf(at), value }));
  return { id: meter, points, values };
}

function timeOf(quarter: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `2026-11-19T${two(Math.floor(quarter / 4))}:${two((quarter % 4) * 15)}:00+08:00`;
}

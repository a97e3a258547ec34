import { aBuilding, aMeter, anEnterprise, has, usccOf } from '../../../world/things.js';
import type { World } from '../../../world/world.js';

export const CELLS = `cells(first: 500) { nodes {
  area buildingType energyItem unit total subjects buildings floorAreaM2 perSquareMetre withheld isKept } }`;

export interface Cell {
  area: string;
  buildingType: string | null;
  energyItem: string;
  unit: string;
  total: string | null;
  subjects: number | null;
  buildings: number | null;
  floorAreaM2: string | null;
  perSquareMetre: string | null;
  withheld: string | null;
  isKept: boolean;
}

/** How many enterprises a cell has, each with one building of 1,000 m²; in 310104 one office stands alone. */
const NUMBERS: [string, string, number][] = [
  ['310101', 'A', 4],
  ['310101', 'B', 4],
  ['310101', 'D', 4],
  ['310104', 'A', 1],
  ['310104', 'B', 5],
  ['310104', 'D', 7],
];

const HOUSES = NUMBERS.flatMap(([area, type, count]) =>
  Array.from({ length: count }, (_, place) => ({
    id: `${area}${type}${String(place + 1).padStart(3, '0')}`,
    area,
  })),
).map((house, place) => ({ ...house, owner: usccOf(100 + place) }));

export async function registerCity(world: World): Promise<void> {
  for (const area of ['310101', '310104']) {
    const houses = HOUSES.filter((house) => house.area === area);
    await has(world.as(`district-${area}`), {
      enterprises: houses.map(({ owner }) => anEnterprise({ uscc: owner, area })),
      buildings: houses.map(({ id, owner }) => aBuilding({ id, ownerUscc: owner, floorAreaM2: '1000' })),
      meters: houses.map(({ id }) => aMeter({ id: `${id}-gate`, buildingId: id, intervalMinutes: 60 })),
    });
  }
}

export interface Amount {
  meter: string;
  amount: number;
}

/** 250 kWh each, give or take; no two of a cell are alike. */
export function theMonth(): Amount[] {
  return HOUSES.map(({ id }) => ({
    meter: `${id}-gate`,
    amount: 220 + 12 * Number(id.slice(7)) + (id[6] === 'A' ? 0 : 3),
  }));
}

/** One day says it all. */
export async function report(world: World, amounts: readonly Amount[], date = '2026-01-15'): Promise<void> {
  for (const area of ['310101', '310104']) {
    const lines = amounts
      .filter(({ meter }) => meter.startsWith(area))
      .map(({ meter, amount }) => ({
        meter,
        date,
        interval: 60,
        values: [amount, ...Array<number>(23).fill(0)],
      }));
    if (lines.length === 0) continue;
    const { status, json } = await world.as(`district-${area}`).upload(lines);
    if (status !== 200 || json['quarantined'] !== 0) throw new Error(JSON.stringify(json));
  }
}

export async function publish(world: World, month = '2026-01-01'): Promise<{ id: string; revision: number }> {
  const { publishStatistics } = await world
    .as('municipal')
    .for('SUPERVISION')
    .mustAsk<{ publishStatistics: { id: string; revision: number } }>(
      `mutation { publishStatistics(month: "${month}") { id revision } }`,
    );
  return publishStatistics;
}

/** After the third revision. */
export function corrected(): Amount[] {
  return theMonth().map(({ meter, amount }) => ({
    meter,
    amount: meter.startsWith('310101') ? amount + 7 : amount,
  }));
}

export function contributions(
  amounts: Amount[],
): { row: string; column: string; subject: string; amount: bigint }[] {
  return amounts.map(({ meter, amount }) => ({
    row: meter.slice(0, 6),
    column: meter.slice(6, 7),
    subject: meter,
    amount: BigInt(amount),
  }));
}

export interface Edition {
  id: string;
  revision: number;
  sha256: string;
  content: string;
  acknowledgedAt: string | null;
  cells: { nodes: Cell[] };
}

export const STATISTICS = `query ($area: String!, $step: Step!, $by: [Grouping!]!) {
  statistics(area: $area, from: "2026-01-01", to: "2026-01-31", step: $step, by: $by, first: 500) { nodes {
    area buildingType energyItem unit total subjects buildings floorAreaM2 perSquareMetre
    coalEquivalent(basis: EQUIVALENT) { value } } } }`;

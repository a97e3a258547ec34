/** Units that differ by a power of ten alone; what is in none of these rows is only ever the same unit. */
const DECADES: readonly Readonly<Record<string, number>>[] = [
  { Wh: 0, kWh: 3, MWh: 6, GWh: 9, 万kWh: 7 },
  { J: 0, kJ: 3, MJ: 6, GJ: 9, TJ: 12 },
  { L: -3, m3: 0, 'm³': 0, 万m3: 4, '万m³': 4 },
  { g: -3, kg: 0, t: 3 },
];

/** By how many powers of ten a number grows from one unit to the other; undefined where no power of ten does it. */
export function decadesBetween(from: string, to: string): number | undefined {
  if (from === to) return 0;
  for (const row of DECADES) {
    const [a, b] = [row[from], row[to]];
    if (a !== undefined && b !== undefined) return a - b;
  }
  return undefined;
}

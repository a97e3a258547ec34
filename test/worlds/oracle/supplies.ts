import type { PolicyWorld, SupplyRow, Told } from '../model.js';
import { liesIn, NO_DIMENSIONS, type Row, rowOfDay, rowOfMeter } from '../rules.js';
import { type Judge, sum } from '../rulings.js';
import { hundredths, rowsText } from '../words.js';

/** What was supplied to each customer, in hundredths. */
const SUPPLIED = 100n;
/** Percent of it by energy kind. */
const TOLERANCE: Record<string, bigint> = { '01': 2n, '02': 3n, '03': 3n };

export interface Supplied {
  supply: SupplyRow;
  row: Row;
  /** The link, whether it counts or not; null where there is none. */
  link: { row: Row; meter: Row; isCounting: boolean } | null;
}

/** A link counts where whoever confirmed it works; only then is a supply about somebody. */
export function suppliesIn(world: PolicyWorld): Supplied[] {
  return world.supplies.map((supply) => {
    const its = { ...NO_DIMENSIONS, area: supply.area, energyKind: supply.energyItem.slice(0, 2) };
    if (!supply.meter) return { supply, row: { ...its, subject: null }, link: null };
    const meter = rowOfMeter(
      world,
      world.meters.find(({ id }) => id === supply.meter)!,
    );
    const isCounting = liesIn(supply.area, supply.confirmedIn);
    const row = { ...its, area: meter.area, subject: meter.subject };
    return {
      supply,
      row: { ...its, subject: isCounting ? meter.subject : null },
      link: { row, meter, isCounting },
    };
  });
}

/** A supplier sees its own uploads, others by area and by whom they are about. */
export function isSupplySeen(judge: Judge, { supply, row }: Supplied): boolean {
  if (judge.refusal('supplies:read') !== null) return false;
  return supply.supplier === judge.tenant.id || judge.isCovered('supplies', row);
}

/** Compared for who oversees it or is it: its supplier is told nothing of meters. */
export function comparisonsRefusal(judge: Judge): string | null {
  return judge.refusal('supplies:read', 'readings:read', 'meters:read');
}

/** Whether the meter that a supply is compared with may be read as it was metered. */
export function isComparable(judge: Judge, { row, link }: Supplied): boolean {
  if (comparisonsRefusal(judge) !== null || !judge.isCovered('supplies', row) || !link?.isCounting)
    return false;
  return (
    judge.isCovered('supplies', link.row) &&
    judge.isCovered('meters', link.meter) &&
    judge.finest('readings', link.meter) === 'AS_METERED'
  );
}

export function tellSupplies(judge: Judge, told: Told): void {
  const all = suppliesIn(judge.world);
  const refusal = judge.refusal('supplies:read');
  const seen = all.filter((one) => isSupplySeen(judge, one));
  told['supplies'] = refusal ?? rowsText(seen.map(({ supply }) => supply.id));
  const links = all.filter(({ link }) => link && refusal === null && judge.isCovered('supplies', link.row));
  told['supplies links'] = refusal ?? rowsText(links.map(({ supply }) => `${supply.id} is ${supply.meter}`));
  for (const { supply, link } of links)
    told[`meter of supplies ${supply.id}`] = judge.beside('meters', link!.meter, supply.meter!);
  const compared = all.filter(({ row }) => judge.isCovered('supplies', row));
  const texts = compared.map((one) => `${one.supply.id} ${stateOf(judge, one)}`);
  told['supplies differences'] = comparisonsRefusal(judge) ?? rowsText(texts);
}

function stateOf(judge: Judge, one: Supplied): string {
  const { supply, link } = one;
  if (!link?.isCounting) return 'NO_CUSTOMER';
  if (!isComparable(judge, one)) return 'WITHHELD';
  const values = valuesOf(judge, supply.meter!);
  const total = sum(values);
  if (total === null) return 'NO_READINGS';
  if (values.includes(null)) return `PARTIAL ${total}`;
  const difference = SUPPLIED - hundredths(total);
  const tolerated = TOLERANCE[supply.energyItem.slice(0, 2)]! * SUPPLIED;
  const isMatched = (difference < 0n ? -difference : difference) * 100n <= tolerated;
  return `${isMatched ? 'MATCHED' : 'DIFFERENT'} ${total}`;
}

/** Days of the enterprise that the link names alone count, as far as they may be read. */
function valuesOf(judge: Judge, id: string): (string | null)[] {
  const { world } = judge;
  const meter = world.meters.find((one) => one.id === id)!;
  const row = rowOfDay(world, meter);
  const isIts = row.subject === rowOfMeter(world, meter).subject && judge.isCovered('readings', row);
  return (isIts && world.readings.find((one) => one.meter === id)?.values) || [];
}

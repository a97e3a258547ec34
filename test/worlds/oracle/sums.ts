import type { MeterRow, ReadingRow, Told } from '../model.js';
import { rowOfDay, rowOfEnterprise, rowOfMeter, rowOfSum } from '../rules.js';
import { type Judge, sum } from '../rulings.js';
import { decimal, hundredths, rowsText } from '../words.js';
import { estimateOf } from './metered.js';

type Values = ReadingRow['values'];

/**
 * All electricity at the gates: what may be read of meters that may be seen, added up over a day, over its month, and
 * over the day as it was first sent. Who may be told one of them by the month alone is told no sum of a day: a part
 * would look like the whole.
 */
export function tellConsumption(judge: Judge, told: Told): void {
  const refusal = judge.refusal('readings:read', 'meters:read');
  const gates = gatesIn(judge);
  const isByMonth = gates.some(
    (gate) =>
      isStandingSeen(judge, gate) && judge.finest('readings', rowOfMeter(judge.world, gate)) === 'MONTH',
  );
  const ofDay = isByMonth ? 'refused ROW_OUT_OF_REACH limits/month' : null;
  told['consumption'] = refusal ?? ofDay ?? fullText(judge);
  told['consumption by hour'] = refusal ?? ofDay ?? hoursText(judge);
  told['consumption as of before'] =
    refusal ?? ofDay ?? sumText(judge, 'DAY', ({ values, first }) => first ?? values);
  told['consumption of the month'] = refusal ?? sumText(judge, 'MONTH', ({ values }) => values);
  tellOwners(judge, told);
  for (const meter of judge.world.meters.filter((one) => isStandingSeen(judge, one)))
    told[`consumption of meter ${meter.id} before`] =
      judge.refusal('readings:read') ?? meterText(judge, meter);
}

function gatesIn({ world }: Judge): MeterRow[] {
  return world.meters.filter(({ energyItem, level }) => energyItem === '01000' && level === 1);
}

function isStandingSeen(judge: Judge, meter: MeterRow): boolean {
  return judge.isCovered('meters', rowOfMeter(judge.world, meter));
}

type Coarsest = 'DAY' | 'MONTH';

/** A sum goes by its own row: whose days they were, whoever has the meter now. */
function isSumSeen(judge: Judge, meter: MeterRow, coarsest: Coarsest): boolean {
  const row = rowOfSum(judge.world, meter);
  const finest = judge.finest('readings', row);
  return judge.isCovered('meters', row) && finest !== null && (finest !== 'MONTH' || coarsest === 'MONTH');
}

/** A single meter's days are looked for by the meter, so it has to be seen where it is now. */
function isDaySeen(judge: Judge, meter: MeterRow, coarsest: Coarsest): boolean {
  const finest = judge.finest('readings', rowOfDay(judge.world, meter));
  const isFine = finest !== null && (finest !== 'MONTH' || coarsest === 'MONTH');
  return isStandingSeen(judge, meter) && isFine;
}

/** What was first sent replaces what is there of meters whose days are seen; the others' sums are as they are now. */
function sumText(judge: Judge, coarsest: Coarsest, valuesOf: (reading: ReadingRow) => Values): string {
  let total = 0n;
  let meters = 0;
  for (const gate of gatesIn(judge)) {
    const reading = judge.world.readings.find((one) => one.meter === gate.id);
    if (!reading) continue;
    const isSeen = isDaySeen(judge, gate, coarsest);
    const values = isSeen ? valuesOf(reading) : reading.values;
    if (isSumSeen(judge, gate, coarsest)) total += hundredths(sum(values) ?? '0');
    if (isSeen && sum(values) !== null) meters += 1;
  }
  return `${decimal(total)} of ${meters} meters`;
}

/** Of one meter, as it was first sent. */
function meterText(judge: Judge, meter: MeterRow): string {
  const { world } = judge;
  if (judge.finest('readings', rowOfMeter(world, meter)) === 'MONTH')
    return 'refused ROW_OUT_OF_REACH limits/month';
  const reading = world.readings.find((one) => one.meter === meter.id);
  const isSeen = reading !== undefined && isDaySeen(judge, meter, 'DAY');
  return (isSeen && sum(reading.first ?? reading.values)) || '0';
}

/** Whether some sum of a month, or of the day, tells of a meter. */
export function isInSums(judge: Judge, meter: MeterRow): boolean {
  const reading = judge.world.readings.find((one) => one.meter === meter.id);
  return (
    gatesIn(judge).includes(meter) && isSumSeen(judge, meter, 'MONTH') && sum(reading?.values ?? []) !== null
  );
}

/** Beside what was measured, and in none of it, stands what was estimated of meters whose days are seen. */
function fullText(judge: Judge): string {
  const seen = gatesIn(judge).filter((gate) => isDaySeen(judge, gate, 'DAY'));
  const made = seen.flatMap((gate) => estimateOf(judge.world, gate) ?? []).filter((value) => value !== null);
  const measured = sumText(judge, 'DAY', ({ values }) => values);
  const hasValues = gatesIn(judge).some(
    (gate) => isSumSeen(judge, gate, 'DAY') && measuredOf(judge, gate) !== null,
  );
  const tce = hasValues || made.length > 0 ? coalText(hundredths(measured.split(' ')[0]!)) : 'no';
  return `${measured}, ${sum(made) ?? '0'} in ${made.length} values estimated, ${tce} tce`;
}

/** 0.1229 kg of standard coal a kWh, exactly. */
function coalText(kilowattHours: bigint): string {
  const digits = (kilowattHours * 1229n).toString().padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '');
}

function measuredOf({ world }: Judge, meter: MeterRow): string | null {
  return sum(world.readings.find((one) => one.meter === meter.id)?.values ?? []);
}

/** Hours are added up from days that are seen as finely; others are counted beside them. */
function hoursText(judge: Judge): string {
  const hours = Array.from({ length: 24 }, () => [] as string[]);
  let wholeDays = 0;
  for (const gate of gatesIn(judge).filter((one) => isDaySeen(judge, one, 'DAY'))) {
    const values = judge.world.readings.find(({ meter }) => meter === gate.id)?.values;
    if (!values) continue;
    const isWhole = gate.interval > 60 || judge.finest('readings', rowOfDay(judge.world, gate)) === 'DAY';
    if (isWhole) wholeDays += 1;
    else
      values.forEach(
        (value, slot) => value !== null && hours[Math.floor((slot * gate.interval) / 60)]!.push(value),
      );
  }
  const texts = hours.map((values) => sum(values) ?? '-');
  return texts
    .map((text, hour) => (hour === 0 && wholeDays > 0 ? `${text} beside ${wholeDays}` : text))
    .join(' ');
}

/** Of an enterprise is what was measured while it was its, whoever has the meter now. */
function tellOwners(judge: Judge, told: Told): void {
  const { world } = judge;
  const refusal = judge.refusal('meters:read', 'readings:read');
  for (const { uscc } of world.enterprises) {
    if (!judge.isCovered('enterprises', rowOfEnterprise(world, uscc))) continue;
    const byMonth = world.meters.filter((meter) => {
      const row = rowOfMeter(world, meter);
      return (
        row.subject === uscc && isStandingSeen(judge, meter) && judge.finest('readings', row) === 'MONTH'
      );
    });
    const untold = (meters: MeterRow[]): string | null =>
      meters.length > 0 ? 'refused ROW_OUT_OF_REACH limits/month' : null;
    const isIts = (meter: MeterRow): boolean => rowOfSum(world, meter).subject === uscc;
    const gates = gatesIn(judge).filter((gate) => isIts(gate) && isSumSeen(judge, gate, 'DAY'));
    const amounts = gates.flatMap((gate) => measuredOf(judge, gate) ?? []);
    told[`consumption of enterprise ${uscc}`] =
      refusal ?? untold(byMonth.filter((meter) => gatesIn(judge).includes(meter))) ?? sum(amounts) ?? '0';
    const parts = world.meters.filter((meter) => isIts(meter) && isInBalance(judge, meter));
    told[`breakdown of enterprise ${uscc}`] = refusal ?? untold(byMonth) ?? breakdownText(judge, parts);
  }
}

/** The register says which meters were an enterprise's, to who may be told so. */
function isInBalance(judge: Judge, meter: MeterRow): boolean {
  const { world } = judge;
  const isCounted = meter.level === 1 || !meter.energyItem.endsWith('000');
  const isKnown =
    rowOfMeter(world, meter).subject === rowOfSum(world, meter).subject ||
    judge.isCovered('meters', rowOfDay(world, meter));
  return meter.energyItem.startsWith('01') && isCounted && isKnown && isDaySeen(judge, meter, 'DAY');
}

function breakdownText(judge: Judge, meters: MeterRow[]): string {
  const amounts = meters.flatMap(({ energyItem, ...meter }) => {
    const amount = measuredOf(judge, { energyItem, ...meter });
    return amount === null ? [] : { energyItem, amount };
  });
  const items = [...Map.groupBy(amounts, ({ energyItem }) => energyItem)].map(([item, its]) => {
    const total = sum(its.map(({ amount }) => amount));
    return item === '01000' ? total! : `${item} ${total}`;
  });
  return rowsText(amounts.some(({ energyItem }) => energyItem === '01000') ? items : ['no gate', ...items]);
}

import { READING_MONTH } from '../model.js';
import { decimal, hundredths, rowsText } from '../words.js';
import type { Part } from './part.js';

/** What days come to, now and as it was first sent: made of what was uploaded, so there is nothing to put in. */
export const sums: Part = {
  tables: [],
  plant: () => Promise.resolve(),
  fields: `
  consumption(energyItem: "01000", from: $day, to: $day, withEstimates: true) {
    total meters estimatedTotal estimatedValues coalEquivalent(basis: EQUIVALENT) { value }
  }
  ofMonth: consumption(energyItem: "01000", from: "${READING_MONTH.from}", to: "${READING_MONTH.to}") { total meters }
  asOf: consumption(energyItem: "01000", from: $day, to: $day, asOf: $before) { total meters }
  byHour: consumptionSeries(energyItem: "01000", from: $day, to: $day, step: HOUR, first: 24) {
    nodes { total wholeDays } pageInfo { hasNextPage }
  }
  summed: meters(first: 500) {
    nodes { id consumption(from: $day, to: $day, asOf: $before) { total } } pageInfo { hasNextPage }
  }
  owning: enterprises(first: 500) {
    nodes {
      uscc consumption(energyItem: "01000", from: $day, to: $day) { total }
      energyBreakdown(from: $day, to: $day) { total { total } parts { energyItem consumption { total } } }
    }
    pageInfo { hasNextPage }
  }`,
  tell(answer) {
    const { told } = answer;
    for (const [line, field] of Object.entries(LINES)) {
      const sum = answer.value<Sum>(field);
      told[line] = sum ? sumText(sum) : answer.refusalAt(field);
    }
    const hours = answer.value<{ nodes: { total: string | null; wholeDays: number }[] }>('byHour');
    told['consumption by hour'] = hours
      ? hours.nodes
          .map(({ total, wholeDays }) => `${total ?? '-'}${wholeDays ? ` beside ${wholeDays}` : ''}`)
          .join(' ')
      : answer.refusalAt('byHour');
    const sumOf = (place: (string | number)[], field: string, found: string | undefined): string => {
      // What may not be added up is refused one by one.
      const refusal = answer.refusalAt(...place);
      return found ?? (refusal === 'nothing' ? answer.beside(field, undefined) : refusal);
    };
    answer.nodes<Summed>('summed').forEach(({ id, consumption }, place) => {
      const at = ['summed', 'nodes', place, 'consumption'];
      told[`consumption of meter ${id} before`] = sumOf(at, 'Meter.consumption', consumption?.total);
    });
    answer.nodes<Owning>('owning').forEach(({ uscc, consumption, energyBreakdown }, place) => {
      const at = ['owning', 'nodes', place];
      told[`consumption of enterprise ${uscc}`] = sumOf([...at, 'consumption'], 'Enterprise.consumption', consumption?.total); // prettier-ignore
      const text = energyBreakdown ? breakdownText(energyBreakdown) : undefined;
      told[`breakdown of enterprise ${uscc}`] = sumOf([...at, 'energyBreakdown'], 'Enterprise.energyBreakdown', text); // prettier-ignore
    });
  },
};

const LINES = {
  consumption: 'consumption',
  'consumption of the month': 'ofMonth',
  'consumption as of before': 'asOf',
};

interface Sum {
  total: string;
  meters: number;
  estimatedTotal?: string;
  estimatedValues?: number;
  coalEquivalent?: { value: string } | null;
}

interface Summed {
  id: string;
  consumption: { total: string } | null;
}

interface Breakdown {
  total: { total: string } | null;
  parts: { energyItem: string; consumption: { total: string } }[];
}

interface Owning {
  uscc: string;
  consumption: { total: string } | null;
  energyBreakdown: Breakdown | null;
}

function sumText({ total, meters, estimatedTotal, estimatedValues, coalEquivalent }: Sum): string {
  const sum = `${total} of ${meters} meters`;
  if (estimatedTotal === undefined) return sum;
  return `${sum}, ${estimatedTotal} in ${estimatedValues} values estimated, ${coalEquivalent?.value ?? 'no'} tce`;
}

/** An item has a part for each that it is metered behind; what it comes to in all is compared. */
function breakdownText({ total, parts }: Breakdown): string {
  const items = [...Map.groupBy(parts, ({ energyItem }) => energyItem)].map(([item, its]) => {
    const amounts = its.map(({ consumption }) => hundredths(consumption.total));
    return `${item} ${decimal(amounts.reduce((sum, amount) => sum + amount, 0n))}`;
  });
  return rowsText([total?.total ?? 'no gate', ...items]);
}

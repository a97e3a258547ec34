import { Failure } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import { bars, type ChartOption, stackedBars } from './chart.js';
import { asReason, type Asked } from './reasons.js';
import { type Label, labelled, type Lang, type Section, titled } from './page.js';

/** Estimates stand beside what was measured; replaced is what was measured where one stands in. */
export interface Month {
  from: string;
  total: string | null;
  unit: string | null;
  /** Absent where the caller may not be told. */
  estimatedTotal?: string;
  replacedTotal?: string;
}

const MEASURED: Label = ['实测', 'Measured'];

/** With what was estimated; without it for who may be told no days, of which estimates are. None where it is refused. */
export async function monthsOf(client: HubClient, { root, from, to }: Asked, item: string): Promise<Month[]> {
  const ask = (isEstimated: boolean): Promise<{ found: { months: { nodes: Month[] } } } | Failure> =>
    client
      .ask<{ found: { months: { nodes: Month[] } } }>(
        `{ found: ${root} { months: consumptionSeries(energyItem: "${item}", first: 500, step: MONTH, from: "${from}",
             to: "${to}", withEstimates: ${isEstimated}) {
           nodes { from total unit ${isEstimated ? 'estimatedTotal replacedTotal' : ''} } } } }`,
      )
      .catch(asReason);
  const both = await ask(true);
  const answer = both instanceof Failure ? await ask(false) : both;
  return answer instanceof Failure ? [] : answer.found.months.nodes;
}

export function monthSection(energy: Label, all: readonly Month[], lang: Lang): Section | null {
  const months = all.filter(
    ({ total, estimatedTotal }) => total !== null || Number(estimatedTotal ?? 0) !== 0,
  );
  if (months.length === 0) return null;
  const unit = months[0]?.unit ?? '';
  return {
    title: titled(energy, ['逐月用量', 'by month']),
    chart: monthly(months, unit, lang),
    height: 100 + months.length * 28,
    head: [
      ['月份', 'Month'],
      MEASURED,
      ['估算（不在实测内）', 'Estimated, not in measured'],
      ['其中被估算替代的实测', 'Measured, but estimated instead'],
      ['单位', 'Unit'],
    ],
    rows: months.map(({ from, total, estimatedTotal, replacedTotal }) => [
      ...[from.slice(0, 7), total, estimatedTotal ?? null, replacedTotal ?? null],
      unit,
    ]),
  };
}

/** One colour where all was measured; else what was estimated stands behind it in another. */
function monthly(months: readonly Month[], unit: string, lang: Lang): ChartOption {
  const names = months.map(({ from }) => from.slice(0, 7));
  const totals = months.map(({ total }) => total);
  if (months.every(({ estimatedTotal }) => Number(estimatedTotal ?? 0) === 0))
    return bars(names, totals, unit);
  const standing = months.map(({ total, replacedTotal }) => Number(total) - Number(replacedTotal ?? 0));
  const estimated = months.map(({ estimatedTotal }) => estimatedTotal ?? null);
  const parts = [
    { name: labelled(MEASURED, lang), values: standing },
    { name: labelled(['估算', 'Estimated'], lang), values: estimated },
  ];
  return stackedBars(names, parts, unit);
}

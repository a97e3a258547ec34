import { Failure } from '../client/failure.js';
import type { HubClient } from '../client/hub-client.js';
import { bars, type ChartOption, heatMap, stackedBars } from './chart.js';
import type { Report } from './page.js';

interface Period {
  from: string;
  hour: number | null;
  unit: string | null;
  total: string | null;
}

/** Estimates stand beside what was measured; replaced is what was measured where one stands in. */
interface Month extends Period {
  estimatedTotal: string;
  replacedTotal: string;
}

interface Facts {
  found: {
    name: string;
    months: { nodes: Month[] } | null;
    hours: { nodes: Period[] } | null;
    meters: { nodes: { id: string; name: string; energyItem: string; isCalibrated: boolean }[] } | null;
  } | null;
  findings?: { nodes: { rule: string; date: string; meter: { id: string; name: string } | null }[] };
}

const USCC = /^[0-9A-HJ-NPQRTUWXY]{18}$/;
/** The heat map shows the last of the period: 20 days of 24 hours are one page. */
const HEAT_DAYS = 20;

export async function subjectReport(
  client: HubClient,
  id: string,
  from: string,
  to: string,
): Promise<Report> {
  const isEnterprise = USCC.test(id);
  const heatFrom = new Date(Date.parse(to) - (HEAT_DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
  const query = `query ($id: ID!, $from: LocalDate!, $to: LocalDate!, $heat: LocalDate!) {
    found: ${isEnterprise ? 'enterprise(uscc: $id)' : 'building(id: $id)'} { name
      months: consumptionSeries(first: 500, from: $from, to: $to, step: MONTH, withEstimates: true) {
        nodes { from hour unit total estimatedTotal replacedTotal } }
      hours: consumptionSeries(first: 500, from: $heat, to: $to, step: HOUR) { nodes { from hour unit total } }
      meters(first: 100) { nodes { id name energyItem isCalibrated } } }
    ${isEnterprise ? 'findings(first: 200, enterpriseUscc: $id, from: $from, to: $to) { nodes { rule date meter { id name } } }' : ''} }`;
  const heat = heatFrom < from ? from : heatFrom;
  const { found, findings } = await client.ask<Facts>(query, { id, from, to, heat });
  if (!found)
    throw new Failure({
      code: 'NOT_FOUND',
      message: `${id} is not in your reach.`,
      remedy: 'Name a credit code or a building code.',
    });
  const months = (found.months?.nodes ?? []).filter(
    ({ total, estimatedTotal }) => total !== null || Number(estimatedTotal) !== 0,
  );
  const hours = (found.hours?.nodes ?? []).filter(({ total }) => total !== null);
  const days = [...new Set(hours.map(({ from: day }) => day))].toSorted();
  return {
    title: ['用能报告', 'Report of energy use'],
    about: [
      [['名称', 'Name'], found.name],
      [['代码', 'Code'], id],
      [['期间', 'Period'], `${from} – ${to}`],
    ],
    sections: [
      {
        title: ['逐月用电量', 'Electricity by month'],
        chart: monthly(months),
        height: 60 + months.length * 28,
        head: [
          ['月份', 'Month'],
          ['实测用量', 'Measured'],
          ['估算用量（不在实测内）', 'Estimated, not in measured'],
          ['其中被估算替代的实测', 'Measured, but estimated instead'],
          ['单位', 'Unit'],
        ],
        rows: months.map(({ from: day, total, estimatedTotal, replacedTotal, unit }) => [
          ...[day.slice(0, 7), total, estimatedTotal, replacedTotal],
          unit,
        ]),
      },
      {
        title: ['负荷热力图（最后20日，小时×日）', 'Load by hour and day, the last 20 days'],
        chart: heatMap(
          days,
          hours.map(({ from: day, hour, total }) => [hour ?? 0, days.indexOf(day), Number(total)]),
        ),
        height: 90 + days.length * 20,
        head: [
          ['日期', 'Day'],
          ['小时', 'Hour'],
          ['用量', 'Used'],
        ],
        rows: hours.map(({ from: day, hour, total }) => [day, hour, total]),
      },
      {
        title: ['计量器具与检定状态', 'Meters and their calibration'],
        head: [
          ['编号', 'Meter'],
          ['名称', 'Name'],
          ['分项', 'Item'],
          ['在检定有效期内', 'Calibrated'],
        ],
        rows: (found.meters?.nodes ?? []).map(({ id: meter, name, energyItem, isCalibrated }) => [
          meter,
          name,
          energyItem,
          isCalibrated ? '✓' : '✗',
        ]),
      },
      {
        title: ['数据质量问题', 'Findings'],
        head: [
          ['日期', 'Day'],
          ['规则', 'Rule'],
          ['计量器具', 'Meter'],
        ],
        rows: (findings?.nodes ?? []).map(({ date, rule, meter }) => [
          date,
          rule,
          meter && `${meter.id} ${meter.name}`,
        ]),
      },
    ],
    madeAt: new Date().toISOString(),
  };
}

/** One colour where all was measured; else what was estimated stands behind it in another. */
function monthly(months: readonly Month[]): ChartOption {
  const names = months.map(({ from }) => from.slice(0, 7));
  const isMeasured = months.every(({ estimatedTotal }) => Number(estimatedTotal) === 0);
  if (isMeasured)
    return bars(
      names,
      months.map(({ total }) => total),
    );
  return stackedBars(names, [
    {
      name: '实测 Measured',
      values: months.map(({ total, replacedTotal }) => Number(total) - Number(replacedTotal)),
    },
    { name: '估算 Estimated', values: months.map(({ estimatedTotal }) => estimatedTotal) },
  ]);
}

import { init } from 'echarts/dist/echarts.esm.min.mjs';

/** An option as the library documents it. */
export type ChartOption = Record<string, unknown>;

const WIDTH = 900;
/** Text is as black or white as the page's own. */
const INK = 'currentColor';
const TEXT = { fontFamily: 'inherit', color: INK };
const AXIS = {
  axisLabel: TEXT,
  nameTextStyle: TEXT,
  axisLine: { lineStyle: { color: '#8888' } },
  axisTick: { lineStyle: { color: '#8888' } },
  splitLine: { lineStyle: { color: '#8883' } },
};
/** From pale to dark: a low value is no less visible on black than on white. */
const RAMP = ['#d6e6f5', '#6ba3d6', '#2f7ed8', '#174a8b'];
/** Text may be wider where the page is read than it was thought to be where it was drawn. */
const GRID = { left: 32, right: 32, top: 8, bottom: 8, containLabel: true };
/** With the unit below the axis. */
const OVER_UNIT = { ...GRID, bottom: 28 };
const MEASURE = { type: 'value', nameLocation: 'middle', nameGap: 28, ...AXIS };

/** A chart as SVG text, drawn here: nothing of the library is in the page. */
export function svgOf(option: ChartOption, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({ animation: false, color: ['#2f7ed8', '#d87a2f'], textStyle: TEXT, ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Positions of pixels alone are made of floating numbers; figures stand in the table as they came. */
const drawn = (values: readonly (string | number | null)[]): (number | null)[] =>
  values.map((value) => (value === null ? null : Number(value)));

/** One bar below the other; `unit` stands at the end of their axis. */
export function bars(
  names: readonly string[],
  values: readonly (string | number | null)[],
  unit = '',
): ChartOption {
  return {
    grid: unit ? OVER_UNIT : GRID,
    xAxis: { ...MEASURE, name: unit },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      ...AXIS,
      axisLabel: { ...TEXT, width: 260, overflow: 'break' },
    },
    series: [{ type: 'bar', data: drawn(values), barMaxWidth: 18 }],
  };
}

/** Bars in two parts, each in a colour of its own and named in the legend. */
export function stackedBars(
  names: readonly string[],
  parts: readonly { name: string; values: readonly (string | number | null)[] }[],
  unit = '',
): ChartOption {
  return {
    ...bars(names, [], unit),
    grid: { ...OVER_UNIT, top: 32 },
    legend: { top: 0, textStyle: TEXT },
    series: parts.map(({ name, values }) => ({
      ...{ name, type: 'bar', stack: 'all', data: drawn(values), barMaxWidth: 18 },
    })),
  };
}

export function line(
  names: readonly string[],
  values: readonly (string | number | null)[],
  unit = '',
): ChartOption {
  return {
    grid: { ...GRID, top: 32 },
    xAxis: { type: 'category', data: names, ...AXIS },
    yAxis: { type: 'value', scale: true, name: unit, ...AXIS },
    series: [{ type: 'line', data: drawn(values), symbolSize: 5 }],
  };
}

/** Hours across, days down. */
export function heatMap(
  days: readonly string[],
  cells: readonly (readonly [number, number, number])[],
): ChartOption {
  const values = cells.map(([, , value]) => value);
  const [min, max] = [Math.min(0, ...values), Math.max(1, ...values)];
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour));
  return {
    grid: { ...GRID, right: 16, bottom: 56 },
    xAxis: { type: 'category', data: hours, ...AXIS },
    yAxis: { type: 'category', data: days, inverse: true, ...AXIS },
    visualMap: {
      min,
      max,
      text: [String(max), String(min)],
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      inRange: { color: RAMP },
      textStyle: TEXT,
    },
    series: [{ type: 'heatmap', data: cells }],
  };
}

export interface Spread {
  name: string;
  /** 10, 25, 50, 75 and 90 per cent. */
  percentiles: readonly string[];
  own: string | null;
}

/** Boxes from quarter to quarter, whiskers from tenth to tenth, and a point for what one's own is. */
export function spreads(rows: readonly Spread[], unit: string): ChartOption {
  return {
    grid: OVER_UNIT,
    xAxis: { ...MEASURE, scale: true, name: unit },
    yAxis: { type: 'category', inverse: true, data: rows.map(({ name }) => name), ...AXIS },
    series: [
      {
        type: 'boxplot',
        data: rows.map(({ percentiles }) => drawn(percentiles)),
        itemStyle: { color: '#2f7ed855', borderColor: '#2f7ed8' },
        boxWidth: [8, 18],
      },
      {
        type: 'scatter',
        data: rows.map(({ own }, place) => [own === null ? null : Number(own), place]),
        symbolSize: 12,
        itemStyle: { color: '#d87a2f' },
      },
    ],
  };
}

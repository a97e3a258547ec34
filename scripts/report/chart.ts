import { init } from 'echarts/dist/echarts.esm.min.mjs';

/** An option as the library documents it. */
export type ChartOption = Record<string, unknown>;

const WIDTH = 900;
/** Readable on white and on black. */
const GREY = '#7f7f7f';
const AXIS = { axisLabel: { color: GREY }, splitLine: { lineStyle: { color: '#8884' } } };

/** A chart as SVG text, drawn here: nothing of the library is in the page. */
export function svgOf(option: ChartOption, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    chart.setOption({ animation: false, color: ['#2f7ed8', '#d87a2f'], ...option });
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

/** Positions of pixels alone are made of floating numbers; figures stand in the table as they came. */
const drawn = (values: readonly (string | number | null)[]): (number | null)[] =>
  values.map((value) => (value === null ? null : Number(value)));

export function bars(names: readonly string[], values: readonly (string | number | null)[]): ChartOption {
  return {
    grid: { left: 8, right: 24, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: 'value', ...AXIS },
    yAxis: { type: 'category', inverse: true, data: names, ...AXIS },
    series: [{ type: 'bar', data: drawn(values), barMaxWidth: 18 }],
  };
}

/** Bars in two parts, each in a colour of its own and named in the legend. */
export function stackedBars(
  names: readonly string[],
  parts: readonly { name: string; values: readonly (string | number | null)[] }[],
): ChartOption {
  return {
    grid: { left: 8, right: 24, top: 32, bottom: 8, containLabel: true },
    legend: { top: 0, textStyle: { color: GREY } },
    xAxis: { type: 'value', ...AXIS },
    yAxis: { type: 'category', inverse: true, data: names, ...AXIS },
    series: parts.map(({ name, values }) => ({
      name,
      type: 'bar',
      stack: 'all',
      data: drawn(values),
      barMaxWidth: 18,
    })),
  };
}

export function line(names: readonly string[], values: readonly (string | number | null)[]): ChartOption {
  return {
    grid: { left: 8, right: 24, top: 16, bottom: 8, containLabel: true },
    xAxis: { type: 'category', data: names, ...AXIS },
    yAxis: { type: 'value', scale: true, ...AXIS },
    series: [{ type: 'line', data: drawn(values), showSymbol: false }],
  };
}

/** Hours across, days down. */
export function heatMap(
  days: readonly string[],
  cells: readonly (readonly [number, number, number])[],
): ChartOption {
  const values = cells.map(([, , value]) => value);
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour));
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 48, containLabel: true },
    xAxis: { type: 'category', data: hours, ...AXIS },
    yAxis: { type: 'category', data: days, inverse: true, ...AXIS },
    visualMap: {
      min: Math.min(0, ...values),
      max: Math.max(1, ...values),
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      textStyle: { color: GREY },
    },
    series: [{ type: 'heatmap', data: cells }],
  };
}

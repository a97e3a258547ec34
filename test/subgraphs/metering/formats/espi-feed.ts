/** What a small Green Button feed says; the defaults are one usage point with hourly electricity in Wh. */
export interface Feed {
  customer: string;
  /** Children of the reading type. */
  type: Record<string, number>;
  /** Start in seconds since 1970, value, and duration where the reading says one. */
  readings: [start: number, value: number | string, duration?: number][];
  /** Puts the reading type behind the readings. */
  isTypeLast: boolean;
}

export const HOURLY = {
  accumulationBehaviour: 4,
  flowDirection: 1,
  intervalLength: 3600,
  powerOfTenMultiplier: 0,
  uom: 72,
};

const HOST = 'https://services.example/DataCustodian/espi/1_1/resource';

export function feed({
  customer = '7',
  type = HOURLY,
  readings = [],
  isTypeLast = false,
}: Partial<Feed>): string {
  const point = `${HOST}/RetailCustomer/${customer}/UsagePoint/1`;
  const typeEntry = entry(`${HOST}/ReadingType/9`, [], `<e:ReadingType>${elements(type)}</e:ReadingType>`);
  const blocks = entry(`${point}/MeterReading/1/IntervalBlock/1`, [], block(readings));
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:e="http://naesb.org/espi">
${entry(point, [`${point}/MeterReading`], '<e:UsagePoint/>')}
${entry(`${point}/MeterReading/1`, [`${HOST}/ReadingType/9`], '<e:MeterReading/>')}
${isTypeLast ? blocks + typeEntry : typeEntry + blocks}</feed>`;
}

export function reading([start, value, duration]: Feed['readings'][number]): string {
  const period = `<e:timePeriod>${duration === undefined ? '' : `<e:duration>${duration}</e:duration>`}<e:start>${start}</e:start></e:timePeriod>`;
  return `<e:IntervalReading>${period}<e:value>${value}</e:value></e:IntervalReading>`;
}

function block(readings: Feed['readings']): string {
  return `<e:IntervalBlock>${readings.map(reading).join('\n')}</e:IntervalBlock>`;
}

function entry(self: string, related: string[], content: string): string {
  const links = related.map((href) => `<link rel="related" href="${href}"/>`).join('');
  return `<entry><link rel="self" href="${self}"/>${links}<content>${content}</content></entry>\n`;
}

function elements(values: Record<string, number>): string {
  return Object.entries(values)
    .map(([name, value]) => `<e:${name}>${value}</e:${name}>`)
    .join('');
}

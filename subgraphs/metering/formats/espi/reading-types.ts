import { textOf, type XmlElement } from '../xml.js';

/** ESPI UomType (NAEsB REQ.21): the units whose amounts are consumption; a base unit and what one of it is. */
const UNITS: Readonly<Record<string, string>> = {
  31: 'J',
  42: 'm3',
  72: 'Wh',
  119: 'ft3',
  128: 'USGal',
  129: 'IGal',
  132: 'Btu',
  134: 'L',
  169: 'therm',
};

/** AccumulationKind: instantaneous and indicating values are no amounts at all. */
const NO_AMOUNT = new Set(['6', '12']);

/** What the values of a meter reading are. */
export interface ReadingType {
  /** Of a value multiplied by ten to the `decades`. */
  unit: string;
  decades: number;
  /** Seconds; 0 where each reading says its own. */
  intervalLength: number;
  /** Values are what a register stands at rather than amounts. */
  isRegister: boolean;
  /** Delivered to the customer rather than taken back. */
  isDelivered: boolean;
}

/** A reading type, or why its values are no consumption of an interval. */
export function readingTypeOf(element: XmlElement): ReadingType | string {
  const uom = textOf(element, 'uom') ?? '';
  const unit = UNITS[uom];
  if (!unit)
    return `its unit of measure (uom ${uom.slice(0, 8) || 'missing'}) is no amount of energy, water or gas`;
  const accumulation = textOf(element, 'accumulationBehaviour') ?? '';
  if (NO_AMOUNT.has(accumulation)) return `its values are momentary (accumulationBehaviour ${accumulation})`;
  const decades = Number(textOf(element, 'powerOfTenMultiplier') ?? '0');
  const intervalLength = Number(textOf(element, 'intervalLength') ?? '0');
  if (!Number.isInteger(decades) || Math.abs(decades) > 12)
    return 'its powerOfTenMultiplier is not -12 to 12';
  if (!Number.isInteger(intervalLength) || intervalLength < 0)
    return 'its intervalLength is no number of seconds';
  const isDelivered = ['', '0', '1'].includes(textOf(element, 'flowDirection') ?? '');
  return { unit, decades, intervalLength, isRegister: isRegister(element, accumulation), isDelivered };
}

/** Cumulative values are; a bulk quantity is too, unless it has a measuring period, whose amount it is then. */
function isRegister(element: XmlElement, accumulation: string): boolean {
  if (accumulation !== '1') return accumulation === '2' || accumulation === '3';
  return (textOf(element, 'timeAttribute') ?? '0') === '0';
}

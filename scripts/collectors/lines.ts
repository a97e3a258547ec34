import type { PeerConfig } from './config.js';
import type { CollectedValue, Packet } from './packets.js';

/** A collector's clock may be so far behind a boundary that it means. */
const TOLERANCE_MS = 60_000;
const TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

/**
 * The values of a packet as lines of the upload door. What is no good value goes as it is, as a text, and what
 * the collector did not parse as a frame: the hub quarantines it with its reason, and nothing is lost.
 */
export function linesOf({ isParsed, values }: Packet, peer: PeerConfig): string[] {
  return values.map((value) => {
    const of = { meter: meterOf(value, peer), time: timeOf(value.time, peer) };
    const line = { ...of, [isParsed ? 'value' : 'frame']: shown(value, peer) };
    return `${JSON.stringify(line)}\n`;
  });
}

function meterOf(value: CollectedValue, { building, gateway, meters, meter }: PeerConfig): string {
  const given = meters[`${value.meter}/${value.function}`];
  if (given !== undefined) return given;
  const names: Record<string, string> = { building, gateway, ...value };
  return meter.replaceAll(/\{(\w+)\}/g, (whole, name: string) => names[name] ?? whole);
}

function shown({ value, error }: CollectedValue, { good }: PeerConfig): string {
  return error === '' || good.includes(error) ? value : `${value} (error ${error})`;
}

/** Of the building's own clock. */
function timeOf(text: string, { interval, stamps }: PeerConfig): string {
  const [, year, month, day, hour, minute, second] = TIME.exec(text)?.map(Number) ?? [];
  const written = Date.UTC(year ?? Number.NaN, (month ?? 1) - 1, day, hour, minute, second);
  const isTime = !Number.isNaN(written) && digitsOf(written) === text;
  if (!isTime) return text;
  if (interval === undefined) return new Date(written).toISOString().slice(0, 19);
  const length = interval * 60_000;
  const boundary = Math.floor((written + TOLERANCE_MS) / length) * length;
  return new Date(boundary - (stamps === 'end' ? length : 0)).toISOString().slice(0, 16);
}

/** `yyyyMMddHHmmss` of an instant whose UTC is the clock meant; a 31st of June does not come out as it went in. */
export function digitsOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replaceAll(/\D/g, '');
}

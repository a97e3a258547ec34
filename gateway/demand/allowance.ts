/** Who waits for the answer: a person, or a program. */
export const DEMAND_CLASSES = ['ATTENDED', 'UNATTENDED'] as const;
export type DemandClass = (typeof DEMAND_CLASSES)[number];

/** Objects a minute; 0 is without end. */
export interface BudgetSettings {
  attended: number;
  unattended: number;
  /** Instead of `unattended` within the hours of the night. */
  night: number;
  nightHours: Hours;
}

/** From an hour of the day to another, perhaps over midnight; the same hour twice is never. */
export interface Hours {
  from: number;
  to: number;
}

/** `22-6`: hours in Asia/Shanghai, which has had no summer time since 1991. */
export function hoursOf(text: string): Hours | undefined {
  const [, from, to] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const hours = { from: Number(from), to: Number(to) };
  return hours.from < 24 && hours.to < 24 ? hours : undefined;
}

const SHANGHAI_MS = 8 * 3_600_000;

function isWithin({ from, to }: Hours, now: number): boolean {
  const hour = new Date(now + SHANGHAI_MS).getUTCHours();
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}

/** What a tenant may ask for in a minute, by class and time of day. */
export function allowanceOf(settings: BudgetSettings, of: DemandClass, now: number): number {
  if (of === 'ATTENDED') return settings.attended;
  return isWithin(settings.nightHours, now) ? settings.night : settings.unattended;
}

/** The header by which a client says that a person waits. It moves a request between budgets that are the caller's own. */
export const ATTENDED_HEADER = 'x-hub-attended';

export function classOf(headers: Record<string, unknown>): DemandClass {
  return headers[ATTENDED_HEADER] === 'true' ? 'ATTENDED' : 'UNATTENDED';
}

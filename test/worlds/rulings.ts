import {
  type Action,
  type MeterRow,
  type PolicyWorld,
  type QuestionAsked,
  type TenantFact,
} from './model.js';
import { purposeOf } from './purposes.js';
import { type Granularity, OF_DAYS, type Row, rowOfDay, type Ruling, ruling } from './rules.js';
import { dayText, decimal, hundredths, rowsText } from './words.js';

/** The rulings of one tenant for one purpose. */
export class Judge {
  readonly world: PolicyWorld;
  readonly tenant: TenantFact;
  readonly purpose: string;
  readonly #rulings = new Map<string, Ruling>();

  constructor(world: PolicyWorld, tenant: TenantFact, purpose: string) {
    this.world = world;
    this.tenant = tenant;
    this.purpose = purpose;
  }

  ruling(category: string, action: Action = 'read'): Ruling {
    const permission = `${category}:${action}`;
    const known = this.#rulings.get(permission);
    if (known) return known;
    const made = ruling(this.world, this.tenant, this.purpose, category, action);
    this.#rulings.set(permission, made);
    return made;
  }

  /** The first refusal among several permissions that are all needed. */
  refusal(...permissions: string[]): string | null {
    for (const permission of permissions) {
      const [category = '', action] = permission.split(':');
      const { refused } = this.ruling(category, action as Action);
      if (refused) return `refused ${refused}`;
    }
    return null;
  }

  /** Whether something is allowed at all, and by which rule. */
  decision(permission: string): string {
    const [category = '', action] = permission.split(':');
    return this.refusal(permission) ?? `allowed ${this.ruling(category, action as Action).rule}`;
  }

  isCovered(category: string, row: Row, action: Action = 'read', now = row.registered ?? row): boolean {
    const verdict = this.ruling(category, action);
    const finest = verdict.refused === null ? verdict.mayTouch(row, now) : null;
    return finest !== null && !(finest === 'MONTH' && OF_DAYS.includes(category));
  }

  /** What stands beside a row that is seen: withheld with a reason, or as if it were not there. */
  beside(category: string, row: Row, id: string): string {
    return this.refusal(`${category}:read`) ?? (this.isCovered(category, row) ? id : 'nothing');
  }

  /** How finely a row may be read; null is not at all. */
  finest(category: string, row: Row): Granularity | null {
    const verdict = this.ruling(category);
    return verdict.refused === null ? verdict.mayTouch(row) : null;
  }

  /** The readings of a meter as they may be read, or null. */
  readingOf(meter: MeterRow): string | null {
    const reading = this.world.readings.find((one) => one.meter === meter.id);
    if (!reading) return null;
    const finest = this.finest('readings', rowOfDay(this.world, meter));
    return finest === null || finest === 'MONTH' ? null : coarsened(meter, reading.values, finest);
  }

  listed(category: string, rows: { id: string; isVisible: boolean }[]): string {
    const visible = rows.filter(({ isVisible }) => isVisible).map(({ id }) => id);
    return this.refusal(`${category}:read`) ?? rowsText(visible);
  }
}

/** Who asks a question, for its purpose; null where the whole request is refused. */
export function judgeOf(world: PolicyWorld, { tenant: id, header }: QuestionAsked): Judge | null {
  const tenant = world.tenants.find((one) => one.id === id)!;
  const purpose = purposeOf(world, tenant, header);
  return purpose.refused === null ? new Judge(world, tenant, purpose.named) : null;
}

/** The sum of the values that are there, as decimal text; null when none is. */
export function sum(values: (string | null)[]): string | null {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return null;
  return decimal(present.reduce((total, value) => total + hundredths(value), 0n));
}

/** A day of values as finely as it may be read. */
export function coarsened(meter: MeterRow, values: (string | null)[], finest: Granularity): string {
  const total = sum(values) ?? '0';
  if (finest === 'DAY') return dayText(meter.id, 1440, [sum(values)], total);
  if (finest === 'AS_METERED' || meter.interval >= 60)
    return dayText(meter.id, meter.interval, values, total);
  const perHour = 60 / meter.interval;
  const hours = Array.from({ length: 24 }, (_, hour) =>
    sum(values.slice(hour * perHour, (hour + 1) * perHour)),
  );
  return dayText(meter.id, 60, hours, total);
}

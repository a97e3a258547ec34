import { Readable } from 'node:stream';
import { areaPrefix } from '../../../gateway/policy/areas.js';
import { mustBeArea } from '../../runtime/areas.js';
import { bodyJson } from '../../runtime/answers.js';
import {
  checkedFirst,
  decodeCursor,
  encodeCursor,
  type Page,
  type PageArguments,
  pageOf,
} from '../../runtime/lists.js';
import { page } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { type AccessUnit, KeyUnitClass } from './entities.js';
import { figuresOf, keyOf } from './figures/count.js';
import type { AccessFigures } from './figures/entities.js';
import type { AccessProgressArguments, AccessUnitsArguments } from './inputs.js';
import { type Gate, type Looked, measured, type PlannedUnit } from './measured.js';
import { addDays, lastClosedDay, type Quarter, quarterOf, todayInChina } from './quarters.js';
import { settingFor, targetsFor, wholeBy } from './targets/choice.js';
import type { TargetRepository } from './targets/repository.js';

const UNITS = `
  select key_unit.uscc, key_unit.area, unit_class as "unitClass", class_basis as "classBasis", by_energy as "byEnergy",
    planned_on::text as "plannedOn", organ, batch, building_since::text as "buildingSince",
    energy_classes as "energyClasses"
  from enterprises.key_unit left join lateral (
    select * from enterprises.access_plan as plan where plan.uscc = key_unit.uscc order by version desc limit 1
  ) as plan on true
  where starts_with(key_unit.area, $1) order by key_unit.uscc collate "C"`;

/** A unit and the figures of its area by which it is measured. */
interface Asked extends Looked {
  unit: PlannedUnit;
  from: string;
  to: string;
  hours: string;
  completeness: string;
}

export class ProgressRepository {
  readonly #session: Session;
  readonly #targets: TargetRepository;
  readonly #now = new Date();
  /** Measured once an answer, whichever of its fields asks. */
  readonly #measured = new Map<string, Promise<AccessUnit[]>>();

  constructor(session: Session, targets: TargetRepository) {
    this.#session = session;
    this.#targets = targets;
  }

  classes(request: PageArguments): Promise<Page<KeyUnitClass>> {
    return page(this.#session, KeyUnitClass, request, { by: ['code'] });
  }

  quarter(name: string | null | undefined): Quarter {
    return quarterOf(name, this.#now);
  }

  /** The last day of a quarter, or today. */
  dayOf({ to }: Quarter): string {
    const today = todayInChina(this.#now);
    return to < today ? to : today;
  }

  async list(args: AccessUnitsArguments): Promise<Page<AccessUnit>> {
    const { area, quarter, first, after, ...wanted } = args;
    const units = await this.units(area, this.quarter(quarter));
    const isMeant = (unit: AccessUnit): boolean =>
      (['unitClass', 'state', 'isOverdue', 'isComplete'] as const).every(
        (name) => (wanted[name] ?? null) === null || unit[name] === wanted[name],
      );
    return pageIn('AccessUnit', units.filter(isMeant), { first, after: after ?? null }, ({ uscc }) => uscc);
  }

  async figures({ area, quarter, ...request }: AccessProgressArguments): Promise<Page<AccessFigures>> {
    const asked = this.quarter(quarter);
    const figures = figuresOf(await this.units(area, asked), this.dayOf(asked));
    return pageIn('AccessFigures', figures, request, keyOf);
  }

  /**
   * Key units in reach and in an area, by their codes, each counted as disclosed.
   *
   * @throws Refusal BAD_USER_INPUT
   */
  units(area: string | null | undefined, quarter: Quarter): Promise<AccessUnit[]> {
    if (area) mustBeArea(area);
    const prefix = area ? areaPrefix(area) : '';
    const key = `${prefix} ${quarter.name}`;
    const units = this.#measured.get(key) ?? this.#measure(prefix, this.dayOf(quarter));
    this.#measured.set(key, units);
    return units;
  }

  async #measure(prefix: string, on: string): Promise<AccessUnit[]> {
    const units = await this.#session.rows<PlannedUnit>(UNITS, [prefix]);
    if (units.length === 0) return [];
    const asked = await this.#asked(units, on);
    const gates = Map.groupBy(await this.#gates(asked, on), ({ uscc }) => uscc);
    return asked.map(({ unit, ...looked }) => {
      const { uscc, area } = unit;
      this.#session.disclosed({ category: 'enterprises', subject: uscc, area, values: 1 });
      // Of its meters and days only how many there are.
      for (const category of ['meters', 'quality'] as const)
        this.#session.disclosed({ category, subject: uscc, area, values: 0 });
      return measured(unit, gates.get(uscc) ?? [], looked);
    });
  }

  async #asked(units: readonly PlannedUnit[], on: string): Promise<Asked[]> {
    const { targets, settings } = await this.#targets.known();
    const over = lastClosedDay(on, '0', this.#now);
    const inArea = new Map(
      [...new Set(units.map(({ area }) => area))].map((area) => {
        const days = Number(settingFor(settings, 'UPLOAD_DAYS', area));
        const hours = settingFor(settings, 'DAY_DEADLINE', area);
        const to = lastClosedDay(on, hours, this.#now);
        const completeness = settingFor(settings, 'DAY_COMPLETENESS', area);
        const wanted = targetsFor(targets, area);
        return [
          area,
          { on, over, days, hours, from: addDays(to, 1 - days), to, completeness, wanted },
        ] as const;
      }),
    );
    return units.map((unit) => {
      const { wanted, ...figures } = inArea.get(unit.area)!;
      return { unit, ...figures, wantedBy: wholeBy(wanted, unit.unitClass) };
    });
  }

  /** All units in one call, however many. */
  async #gates(asked: readonly Asked[], on: string): Promise<Gate[]> {
    const units = asked.map(({ unit, from, to, hours, completeness }) => ({
      uscc: unit.uscc,
      from_day: from,
      to_day: to,
      hours,
      completeness,
    }));
    const body = Readable.from([JSON.stringify({ on, units })]);
    return bodyJson(await this.#session.neighbours.call('metering', 'POST /gates', { body }));
  }
}

/** A page of what had to be made whole before it could be filtered. */
export function pageIn<T>(
  list: string,
  rows: readonly T[],
  { first, after }: PageArguments,
  keyOfRow: (row: T) => string,
): Page<T> {
  const begun = after ? String(decodeCursor(after, list, 1)[0]) : '';
  const following = rows.filter((row) => keyOfRow(row) > begun).slice(0, checkedFirst(first) + 1);
  return pageOf(following, first, (row) => encodeCursor(list, [keyOfRow(row)]));
}

import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import type { Page } from '../../../runtime/lists.js';
import { page } from '../../../runtime/pages.js';
import { asRefusal, type Session } from '../../../runtime/session.js';
import { AccessPlan } from './entities.js';
import type { AccessPlanInput, AccessPlansArguments } from './inputs.js';

const BY_UNIT = { by: ['uscc' as const, 'version' as const], descending: true };
const MOST_PLANS = 500;

/** Units that are seen and are no key units; what is not seen is row-level security's to refuse. */
const NO_KEY_UNITS = `
  select uscc from enterprises.enterprise
  where uscc = any($1) and not exists (select from enterprises.key_unit as key_unit where key_unit.uscc = enterprise.uscc)
  order by uscc`;

const UNSEEN = `
  select uscc from unnest($1::text[]) as uscc
  where uscc not in (select uscc from enterprises.enterprise where uscc = any($1)) order by uscc`;

const ADD = `
  insert into enterprises.access_plan (uscc, planned_on, organ, batch, building_since, energy_classes)
  select uscc, planned_on, organ, batch, building_since, energy_classes from jsonb_to_recordset($1::jsonb)
    as plan (uscc text, planned_on date, organ text, batch text, building_since date, energy_classes text[])
  order by uscc`;

const LAST = `
  select distinct on (uscc) * from enterprises.known_access_plan where uscc = any($1) order by uscc, version desc`;

export class PlanRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  list({ enterpriseUscc, area, ...request }: AccessPlansArguments): Promise<Page<AccessPlan>> {
    return page(this.#session, AccessPlan, request, BY_UNIT, [
      { property: 'uscc', is: '=', value: enterpriseUscc },
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
    ]);
  }

  /**
   * Adds a version for each unit, all or none; earlier ones stay.
   *
   * @throws Refusal BAD_USER_INPUT for a unit twice or one that is no key unit; NOT_FOUND; ROW_OUT_OF_REACH
   */
  async plan(inputs: AccessPlanInput[]): Promise<AccessPlan[]> {
    const units = inputs.map(({ enterpriseUscc }) => enterpriseUscc);
    await this.#check(inputs, units);
    const rows = inputs.map((input) => ({
      uscc: input.enterpriseUscc,
      planned_on: input.plannedOn,
      organ: input.organ,
      batch: input.batch ?? null,
      building_since: input.buildingSince ?? null,
      energy_classes: [...new Set(input.energyClasses)].toSorted(),
    }));
    try {
      await this.#session.rows(ADD, [JSON.stringify(rows)]);
    } catch (error) {
      throw asRefusal(error);
    }
    return this.#session.entities(AccessPlan, LAST, [units]);
  }

  async #check(inputs: AccessPlanInput[], units: string[]): Promise<void> {
    const refuse = (message: string, remedy?: string): Refusal =>
      new Refusal('BAD_USER_INPUT', { message, ...(remedy && { remedy }) });
    if (units.length > MOST_PLANS)
      throw refuse(`plans: at most ${MOST_PLANS} at once, were ${units.length}.`);
    const twice = units.find((uscc, place) => units.indexOf(uscc) !== place);
    if (twice) throw refuse(`plans: ${twice} is named twice.`);
    const wrong = inputs.find(({ energyClasses }) => energyClasses.some((one) => !/^\d{2}$/.test(one)));
    if (wrong) {
      throw refuse(
        `${wrong.enterpriseUscc}: energyClasses are two digits each, were ${wrong.energyClasses.join(', ')}.`,
        'Write 01 for electricity, 03 for gas, 04 for heat.',
      );
    }
    const early = inputs.find(({ buildingSince, plannedOn }) => buildingSince && buildingSince > plannedOn);
    if (early) throw refuse(`${early.enterpriseUscc}: buildingSince is after plannedOn.`);
    const [unseen] = await this.#session.rows<{ uscc: string }>(UNSEEN, [units]);
    if (unseen) {
      throw new Refusal('NOT_FOUND', {
        message: `${unseen.uscc}: no such enterprise in your reach.`,
        remedy: 'Register it first (registerEnterprises).',
      });
    }
    const [none] = await this.#session.rows<{ uscc: string }>(NO_KEY_UNITS, [units]);
    if (none) {
      throw refuse(
        `${none.uscc} is no key unit: no class is designated and its energy is below every threshold.`,
        'Register it with its unitClass or annualTce; keyUnitClasses lists the thresholds.',
      );
    }
  }
}

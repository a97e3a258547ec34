import { Refusal } from '../../../../gateway/errors.js';
import { newId } from '../../../runtime/ids.js';
import type { Page, PageArguments } from '../../../runtime/lists.js';
import { lookUp } from '../../../runtime/lookup.js';
import { page, pages, PagesLoader } from '../../../runtime/pages.js';
import type { Session } from '../../../runtime/session.js';
import { add, upsert } from '../../../runtime/upsert.js';
import {
  AreaFitOutRate,
  FitOutEdition,
  FitOutKind,
  type FitOutRate,
  MeteredPlace,
  type MeterFitOut,
} from './entities.js';
import type { FitOutDueInput, FitOutRateInput, MeteredPlaceInput, MeterFitOutArguments } from './inputs.js';

const BY_ID = { by: ['id' as const] };
const BY_CODE = { by: ['code' as const] };

const IN_USE = `coalesce(meter.installed_on <= asked.day, true) and coalesce(meter.retired_on > asked.day, true)`;

/** An entrance always needs a meter; below it a place whose quantity is not known to be under the threshold. */
const OF_PLACES = `
  select place.subject, min(place.area) as area, place.energy_kind, place.level, count(*)::integer as needed,
    count(meter.id)::integer as fitted
  from asked join metering.metered_place as place on place.subject = any(asked.subjects)
  left join metering.fit_out_threshold as threshold on threshold.edition = asked.edition
    and threshold.energy_kind = place.energy_kind and threshold.level = place.level
  left join metering.meter as meter on meter.id = place.meter and ${IN_USE}
  where place.level = 1 or coalesce(place.quantity >= threshold.threshold, true)
  group by place.subject, place.energy_kind, place.level`;

/** Against the numbers given stand the meters of the kind's energy class on that level. */
const OF_NUMBERS = `
  select subject, (select min(area) from metering.meter as meter where meter.subject = one.subject) as area, due.energy_kind,
    due.level, due.needed, (select count(*)::integer from metering.meter as meter where meter.subject = one.subject
      and left(meter.energy_item, 2) = kind.energy_class and meter.level = due.level and ${IN_USE}) as fitted
  from asked cross join unnest(asked.subjects) as one (subject)
  cross join jsonb_to_recordset(asked.due) as due (energy_kind text, level smallint, needed integer)
  join metering.fit_out_kind as kind on kind.code = due.energy_kind`;

/** With the rate required: that of the narrowest area that has added one, its last, or else the table's. */
function withRates(counts: string): string {
  return `
    with asked as (select $1::text[] as subjects, $2::text as edition, $3::date as day, $4::jsonb as due),
    counted as (${counts})
    select counted.subject, counted.area, counted.energy_kind as "energyKind", kind.name_zh as "nameZh",
      counted.level, needed, fitted,
      case when needed > 0 then trim_scale(trunc(fitted * 100::numeric / needed, 2))::text end as rate,
      trim_scale(coalesce(added.percent, rate.percent))::text as required,
      fitted * 100 >= needed * coalesce(added.percent, rate.percent) as "isMet",
      coalesce(added.source, rate.source) as source, added.percent is null and coalesce(rate.verified, false) as verified,
      threshold.threshold::text, threshold.unit as "thresholdUnit"
    from asked cross join counted
    join metering.fit_out_kind as kind on kind.code = counted.energy_kind
    left join metering.fit_out_rate as rate on rate.edition = asked.edition
      and rate.energy_kind = counted.energy_kind and rate.level = counted.level
    left join metering.fit_out_threshold as threshold on threshold.edition = asked.edition
      and threshold.energy_kind = counted.energy_kind and threshold.level = counted.level
    left join lateral (
      select percent, source from metering.area_fit_out_rate as other
      where other.edition = asked.edition and other.energy_kind = counted.energy_kind and other.level = counted.level
        and starts_with(counted.area, other.prefix)
      order by length(prefix) desc, id desc limit 1
    ) as added on true
    order by kind.code, counted.level`;
}

const METERS = `select id, subject from metering.meter where id = any($1::text[])`;

type RateRow = FitOutRate & { subject: string; area: string | null };

export class FitOutRepository {
  readonly #session: Session;

  readonly placesOf = new PagesLoader<PageArguments, Page<MeteredPlace>>((subjects, request) =>
    pages(this.#session, MeteredPlace, { property: 'subject', keys: subjects }, request, BY_ID),
  );
  readonly ofEnterprise = new PagesLoader<MeterFitOutArguments, MeterFitOut>((subjects, args) =>
    this.#fitOut(subjects, args),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  kinds(request: PageArguments): Promise<Page<FitOutKind>> {
    return page(this.#session, FitOutKind, request, BY_CODE);
  }

  editions(request: PageArguments): Promise<Page<FitOutEdition>> {
    return page(this.#session, FitOutEdition, request, BY_CODE);
  }

  /** Adds places or changes those with the same id, all or none. What is left out stays as it is, null clears it. */
  async register(inputs: MeteredPlaceInput[]): Promise<MeteredPlace[]> {
    const { neighbours, grant } = this.#session;
    const owners = await lookUp(
      neighbours,
      'enterprises',
      inputs.map(({ enterpriseUscc }) => enterpriseUscc),
    );
    const classes = await this.#classes();
    await this.#checkMeters(inputs);
    const rows = inputs.map(({ id, enterpriseUscc, name, energyKind, level, quantity, meterId }) => ({
      id,
      subject: enterpriseUscc,
      area: owners.get(enterpriseUscc)!.area,
      name,
      energyKind,
      energyClass: classOf(energyKind, classes),
      level,
      quantity,
      meter: meterId,
      platform: grant.caller.tenant,
    }));
    return upsert(this.#session, MeteredPlace, rows, 'id');
  }

  /** Adds rates to editions; earlier ones stay, the last counts. */
  async addRates(inputs: FitOutRateInput[]): Promise<AreaFitOutRate[]> {
    const platform = this.#session.grant.caller.tenant;
    const rows = inputs.map((input) => ({ id: newId('fit'), ...input, platform }));
    return add(this.#session, AreaFitOutRate, rows);
  }

  async #fitOut(subjects: readonly string[], args: MeterFitOutArguments): Promise<MeterFitOut[]> {
    const day = args.on ?? new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const edition = await this.#edition(args.edition, day);
    const due = args.due ? await this.#checkedDue(args.due) : null;
    const sql = withRates(due ? OF_NUMBERS : OF_PLACES);
    const rows = await this.#session.rows<RateRow>(sql, [subjects, edition, day, due && JSON.stringify(due)]);
    for (const { subject, area, needed } of rows)
      if (area !== null) this.#session.disclosed({ category: 'meters', subject, area, values: needed });
    const bySubject = Map.groupBy(rows, ({ subject }) => subject);
    return subjects.map((subject) => {
      const rates = bySubject.get(subject) ?? [];
      return { edition, rates, isMet: allMet(rates) };
    });
  }

  async #edition(asked: string | null | undefined, day: string): Promise<string> {
    const { nodes } = await this.editions({ first: 100 });
    const found = asked
      ? nodes.find(({ code }) => code === asked)
      : nodes.find(
          ({ inForceFrom, inForceUntil }) =>
            inForceFrom <= day && (inForceUntil === null || day <= inForceUntil),
        );
    if (found) return found.code;
    throw new Refusal('BAD_USER_INPUT', {
      message: asked ? `edition: ${asked} is none that the hub has.` : `No edition was in force on ${day}.`,
      remedy: `Name one of ${nodes.map(({ code }) => code).join(', ')}.`,
    });
  }

  async #checkedDue(due: FitOutDueInput[]): Promise<object[]> {
    const classes = await this.#classes();
    return due.map(({ energyKind, level, needed }) => {
      classOf(energyKind, classes);
      if (needed < 0)
        throw new Refusal('BAD_USER_INPUT', { message: `due: needed is at least 0, was ${needed}.` });
      return { energy_kind: energyKind, level, needed };
    });
  }

  async #classes(): Promise<Map<string, string>> {
    const { nodes } = await this.kinds({ first: 100 });
    return new Map(nodes.map(({ code, energyClass }) => [code, energyClass]));
  }

  async #checkMeters(inputs: MeteredPlaceInput[]): Promise<void> {
    const wanted = inputs.flatMap(({ meterId }) => meterId ?? []);
    const meters = await this.#session.rows<{ id: string; subject: string }>(METERS, [wanted]);
    const ownerOf = new Map(meters.map(({ id, subject }) => [id, subject]));
    for (const { id, meterId, enterpriseUscc } of inputs) {
      if (!meterId || ownerOf.get(meterId) === enterpriseUscc) continue;
      throw new Refusal('BAD_USER_INPUT', {
        message: `${id}: ${meterId} is not among the meters of ${enterpriseUscc} that you may see.`,
      });
    }
  }
}

function classOf(energyKind: string, classes: ReadonlyMap<string, string>): string {
  const found = classes.get(energyKind);
  if (found !== undefined) return found;
  throw new Refusal('BAD_USER_INPUT', {
    message: `energyKind: ${energyKind} is none of GB 17167.`,
    remedy: `Use one of ${[...classes.keys()].join(', ')}.`,
  });
}

function allMet(rates: readonly FitOutRate[]): boolean | null {
  if (rates.some(({ isMet }) => isMet === false)) return false;
  return rates.length === 0 || rates.some(({ isMet }) => isMet === null) ? null : true;
}

import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import { areaPrefix } from '../../gateway/policy/areas.js';
import type { Page } from '../runtime/lists.js';
import { lookUp } from '../runtime/lookup.js';
import { inOrder, page, pages, PagesLoader } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { upsert } from '../runtime/upsert.js';
import { checkFamilies, described, type KnownUnit, type StoredMeter } from './devices/registration.js';
import { Meter } from './entities.js';
import type { MeterInput, MetersArguments, MetersWithinArguments } from './inputs.js';

const BY_ID = { by: ['id' as const] };

/** The meters named, all above them, and those right below the first list. A circle ends the search. */
const FAMILY = `
  with recursive family as (
    select * from metering.meter where id = any($1::text[])
    union
    select above.* from metering.meter as above join family on above.id = family.parent
  ), all_of_them as (
    select * from family union select * from metering.meter where parent = any($2::text[])
  )
  select id, parent, level, kind, multiplier::text as multiplier, decimals, register_digits as "registerDigits",
    rated_maximum_per_hour::text as "ratedMaximumPerHour" from all_of_them order by id`;

const UNITS = `select energy_class as "energyClass", unit from metering.energy_unit order by energy_class, unit`;

export class MeterRepository {
  readonly #session: Session;

  /** Batches every meter asked for in one tick into one query; an unseen meter is null, as if absent. */
  readonly byId = new DataLoader<string, Meter | null>(async (ids) => {
    const rows = await this.#session.em.find(Meter, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (meter) => meter.id);
  });
  readonly ofBuilding = new PagesLoader<MetersWithinArguments, Page<Meter>>((keys, args) =>
    this.#within('building', keys, args),
  );
  readonly ofEnterprise = new PagesLoader<MetersWithinArguments, Page<Meter>>((keys, args) =>
    this.#within('subject', keys, args),
  );
  readonly ofParent = new PagesLoader<MetersWithinArguments, Page<Meter>>((keys, args) =>
    this.#within('parent', keys, args),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  list({
    area,
    buildingId,
    enterpriseUscc,
    level,
    energyItem,
    ...request
  }: MetersArguments): Promise<Page<Meter>> {
    return page(this.#session, Meter, request, BY_ID, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'building', is: '=', value: buildingId },
      { property: 'subject', is: '=', value: enterpriseUscc },
      { property: 'level', is: '=', value: level },
      { property: 'energyItem', is: 'starts with', value: energyItem },
    ]);
  }

  /** Adds meters or changes those with the same id, all or none; place and owner come from the building or enterprise. */
  async register(inputs: MeterInput[]): Promise<Meter[]> {
    const { neighbours, grant } = this.#session;
    const ids = inputs.map(({ id }) => id);
    const named = [...ids, ...inputs.flatMap(({ parentId }) => parentId ?? [])];
    const stored = await this.#session.rows<StoredMeter>(FAMILY, [named, ids]);
    const units = await this.#session.rows<KnownUnit>(UNITS);
    const storedOf = new Map(stored.map((meter) => [meter.id, meter]));
    const buildings = await lookUp(
      neighbours,
      'buildings',
      inputs.flatMap(({ buildingId }) => buildingId ?? []),
    );
    const withoutBuilding = inputs.filter(({ buildingId }) => !buildingId);
    const enterprises = await lookUp(
      neighbours,
      'enterprises',
      withoutBuilding.flatMap(({ enterpriseUscc }) => enterpriseUscc ?? []),
    );
    const rows = inputs.map((input) => {
      const place = input.buildingId
        ? buildings.get(input.buildingId)
        : enterprises.get(input.enterpriseUscc ?? '');
      if (!place)
        throw new Refusal('BAD_USER_INPUT', { message: `${input.id}: give buildingId or enterpriseUscc.` });
      return {
        ...registration(input),
        ...described(input, storedOf.get(input.id), units),
        area: place.area,
        subject: place.subject,
        platform: grant.caller.tenant,
      };
    });
    checkFamilies(rows, stored);
    return upsert(this.#session, Meter, rows, 'id');
  }

  #within(
    property: 'building' | 'subject' | 'parent',
    keys: readonly string[],
    args: MetersWithinArguments,
  ): Promise<Page<Meter>[]> {
    const { level, energyItem, ...request } = args;
    return pages(this.#session, Meter, { property, keys }, request, BY_ID, [
      { property: 'level', is: '=', value: level },
      { property: 'energyItem', is: 'starts with', value: energyItem },
    ]);
  }
}

function registration(
  input: MeterInput,
): Omit<Partial<Meter>, 'id' | 'parent' | 'level'> & Pick<Meter, 'id' | 'parent' | 'level'> {
  if (!isTimeZone(input.timeZone)) {
    throw new Refusal('BAD_USER_INPUT', {
      message: `${input.id}: ${input.timeZone} is not an IANA time zone.`,
    });
  }
  return {
    id: input.id,
    name: input.name,
    building: input.buildingId ?? null,
    parent: input.parentId ?? null,
    level: input.level,
    intervalMinutes: input.intervalMinutes,
    timeZone: input.timeZone,
    externalScheme: input.externalScheme ?? null,
    externalValue: input.externalValue ?? null,
    installedOn: input.installedOn ?? null,
  };
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

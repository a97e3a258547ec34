import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import { areaPrefix } from '../../gateway/policy/areas.js';
import type { Page, PageArguments } from '../runtime/lists.js';
import { lookUp } from '../runtime/lookup.js';
import { inOrder, page, pages, PagesLoader } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { upsert } from '../runtime/upsert.js';
import {
  checkFamilies,
  described,
  placed,
  type KnownUnit,
  type StoredMeter,
} from './devices/registration.js';
import { EarlierMeter, Meter } from './entities.js';
import type { MeterInput, MetersArguments, MetersWithinArguments } from './inputs.js';

const BY_ID = { by: ['id' as const] };
const LATEST_FIRST = { by: ['number' as const], descending: true };

/** The meters named, all above them, and those right below the first list. A circle ends the search. */
const FAMILY = `
  with recursive family as (
    select * from metering.meter where id = any($1::text[])
    union
    select above.* from metering.meter as above join family on above.id = family.parent
  ), all_of_them as (
    select * from family union select * from metering.meter where parent = any($2::text[])
  )
  select id, parent, level, building, subject, kind, multiplier::text as multiplier,
    interval_minutes as "intervalMinutes", time_zone as "timeZone" from all_of_them order by id`;

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

  /** What it was registered as before, the last first. */
  readonly earlierOf = new PagesLoader<PageArguments, Page<EarlierMeter>>((keys, request) =>
    pages(this.#session, EarlierMeter, { property: 'key', keys }, request, LATEST_FIRST),
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

  /** Adds meters or changes those with the same id, all or none; place and owner come from the building or enterprise. What is left out stays. */
  async register(inputs: MeterInput[]): Promise<Meter[]> {
    const { neighbours, grant } = this.#session;
    const ids = inputs.map(({ id }) => id);
    const chain = [...ids, ...inputs.flatMap(({ parentId }) => parentId ?? [])];
    const stored = await this.#session.rows<StoredMeter>(FAMILY, [chain, ids]);
    const units = await this.#session.rows<KnownUnit>(UNITS);
    const storedOf = new Map(stored.map((meter) => [meter.id, meter]));
    const places = new Map(inputs.map((input) => [input.id, placed(input, storedOf.get(input.id))]));
    const named = [...places.values()];
    const buildings = await lookUp(
      neighbours,
      'buildings',
      named.flatMap(({ building }) => building ?? []),
    );
    const enterprises = await lookUp(
      neighbours,
      'enterprises',
      named.flatMap(({ building, owner }) => (building ? [] : (owner ?? []))),
    );
    const rows = inputs.map((input) => {
      const { building, owner } = places.get(input.id)!;
      const place = building ? buildings.get(building) : enterprises.get(owner ?? '');
      if (!place)
        throw new Refusal('BAD_USER_INPUT', { message: `${input.id}: give buildingId or enterpriseUscc.` });
      return {
        ...registration(input, storedOf.get(input.id)),
        ...described(input, storedOf.get(input.id), units),
        building,
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

/** What is undefined stays as it is stored; the parent is looked at before. */
function registration(
  input: MeterInput,
  stored: StoredMeter | undefined,
): Partial<Meter> & Pick<Meter, 'id' | 'parent' | 'level'> {
  return {
    id: input.id,
    name: input.name,
    parent: (input.parentId === undefined ? stored?.parent : input.parentId) ?? null,
    level: input.level,
    decimals: input.decimals,
    registerDigits: input.registerDigits,
    ratedMaximumPerHour: input.ratedMaximumPerHour,
    externalScheme: input.externalScheme,
    externalValue: input.externalValue,
    installedOn: input.installedOn,
  };
}

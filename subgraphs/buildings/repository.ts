import DataLoader from 'dataloader';
import { Refusal } from '../../gateway/errors.js';
import { areaPrefix, isAreaCode } from '../../gateway/policy/areas.js';
import type { Page, PageArguments } from '../runtime/lists.js';
import { inOrder, page, pages, PagesLoader } from '../runtime/pages.js';
import type { Session } from '../runtime/session.js';
import { upsert } from '../runtime/upsert.js';
import { Building, EarlierBuilding, type Occupancy } from './entities.js';
import type { BuildingInput, BuildingsArguments } from './inputs.js';
import { BuildingFunction } from './reference/entities.js';

const BY_ID = { by: ['id' as const] };
const LATEST_FIRST = { by: ['number' as const], descending: true };
const CODE = /^[1-9]\d{5}[A-HZ]\d{3}$/;

/** The only place that queries buildings; bound to a session, so every row is under its grant. */
export class BuildingRepository {
  readonly #session: Session;

  /** Batches every building asked for in one tick into one query; an unseen building is null, as if absent. */
  readonly byId = new DataLoader<string, Building | null>(async (ids) => {
    const rows = await this.#session.em.find(Building, { id: { $in: [...ids] } });
    return inOrder(ids, rows, (building) => building.id);
  });

  /** Buildings by owner, batched over the owners. */
  readonly ofOwner = new PagesLoader<PageArguments, Page<Building>>((owners, request) =>
    pages(this.#session, Building, { property: 'subject', keys: owners }, request, BY_ID),
  );

  /** What it was registered as before, the last first. */
  readonly earlierOf = new PagesLoader<PageArguments, Page<EarlierBuilding>>((keys, request) =>
    pages(this.#session, EarlierBuilding, { property: 'key', keys }, request, LATEST_FIRST),
  );

  constructor(session: Session) {
    this.#session = session;
  }

  list({
    area,
    typeCodes,
    functionCodes,
    ownerUscc,
    ...request
  }: BuildingsArguments): Promise<Page<Building>> {
    return page(this.#session, Building, request, BY_ID, [
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
      { property: 'typeCode', is: 'in', value: typeCodes },
      { property: 'functionCode', is: 'in', value: functionCodes },
      { property: 'subject', is: '=', value: ownerUscc },
    ]);
  }

  /**
   * Adds buildings or changes those with the same code, all or none. What is left out stays as it is, null clears it.
   *
   * @throws Refusal BAD_USER_INPUT, ROW_OUT_OF_REACH
   */
  async register(inputs: BuildingInput[]): Promise<Building[]> {
    const platform = this.#session.grant.caller.tenant;
    const buildings = inputs.map((input) => checked(input, platform));
    await this.#mustBeFunctions(buildings);
    return upsert(this.#session, Building, buildings, 'id', { occupancy: [], externalIds: [] });
  }

  async #mustBeFunctions(buildings: Partial<Building>[]): Promise<void> {
    const stated = buildings.filter(({ functionCode }) => functionCode);
    if (stated.length === 0) return;
    const functions = await this.#session.em.find(BuildingFunction, {});
    for (const { id, typeCode, functionCode } of stated) {
      const ofType = functions.filter(({ buildingType }) => buildingType === typeCode);
      if (ofType.some(({ code }) => code === functionCode)) continue;
      throw new Refusal('BAD_USER_INPUT', {
        message: `${id}: ${functionCode} is no function of a building of type ${typeCode}.`,
        remedy: `Name one of ${ofType.map(({ code }) => code).join(', ')}, or none.`,
      });
    }
  }
}

/** The 2008 guide writes other as H, the 2009 dictionary as Z. */
function typeOf(letter: string): string {
  return letter === 'H' ? 'Z' : letter;
}

const MOST_OCCUPANCIES = 100;
const MOST_PERSONS = 1_000_000;

/** By first day; a day says one number. */
function occupancyOf({ id, occupancy }: Pick<BuildingInput, 'id' | 'occupancy'>): Occupancy[] {
  const sorted = (occupancy ?? []).toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1));
  const fault =
    sorted.length > MOST_OCCUPANCIES
      ? `at most ${MOST_OCCUPANCIES}, were ${sorted.length}`
      : sorted.some(({ validFrom }, place) => validFrom === sorted[place + 1]?.validFrom)
        ? 'two numbers of persons from the same day'
        : sorted.some(({ persons }) => persons < 1 || persons > MOST_PERSONS)
          ? `persons are 1 to ${MOST_PERSONS}`
          : undefined;
  if (fault) throw new Refusal('BAD_USER_INPUT', { message: `${id}: occupancy: ${fault}.` });
  return sorted.map(({ validFrom, persons }) => ({ validFrom, persons }));
}

function checked({ ownerUscc, ...input }: BuildingInput, platform: string): Partial<Building> {
  if (!CODE.test(input.id)) {
    throw new Refusal('BAD_USER_INPUT', { message: `Building code ${input.id} is not like 310101A001.` });
  }
  if (!isAreaCode(input.area))
    throw new Refusal('BAD_USER_INPUT', { message: `${input.id}: area is not a GB/T 2260 code.` });
  // A code says where its building lies: a district must not take a neighbour's.
  if (!input.id.startsWith(input.area)) {
    throw new Refusal('BAD_USER_INPUT', {
      message: `Building code ${input.id} does not begin with its area ${input.area}.`,
    });
  }
  // Scopes limit meters and audits by the letter in the code, so it must be the type.
  if (typeOf(input.typeCode) !== typeOf(input.id.slice(6, 7))) {
    const message = `Building code ${input.id} is not of the type ${input.typeCode}.`;
    throw new Refusal('BAD_USER_INPUT', { message });
  }
  return {
    id: input.id,
    name: input.name,
    typeCode: typeOf(input.typeCode),
    functionCode: input.functionCode,
    area: input.area,
    subject: ownerUscc,
    floorAreaM2: input.floorAreaM2,
    airConditionedAreaM2: input.airConditionedAreaM2,
    occupancy: input.occupancy === undefined ? undefined : occupancyOf(input),
    yearBuilt: input.yearBuilt,
    address: input.address,
    externalIds:
      input.externalIds === null ? [] : input.externalIds?.map(({ scheme, value }) => ({ scheme, value })),
    platform,
  };
}

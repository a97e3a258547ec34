import { Refusal } from '../../../gateway/errors.js';
import { areaPrefix } from '../../../gateway/policy/areas.js';
import type { Session } from '../../runtime/session.js';
import {
  cellsOf,
  contributionsOf,
  type EarlierRevision,
  type EditionCell,
  type Reported,
  rowOf,
  type SeriesContribution,
} from './cells.js';
import { StatisticsEdition } from './entities.js';
import { floorAreasOf } from './floor-areas.js';
import { type Distribution, distributionsOf } from './peers/distribution.js';
import { type NamedCell, store, storeContributions } from './store.js';

/** Whose city, and who says so. */
export interface Publisher {
  area: string;
  tenant: string;
}

/**
 * The next revision of a month of a city; the one there is while nothing of what it is made of has changed.
 *
 * @throws Refusal BAD_USER_INPUT, ROW_OUT_OF_REACH, NOT_FOUND, CONFLICT
 */
export async function publish(
  session: Session,
  month: string,
  { area, tenant: publisher }: Publisher = session.grant.caller,
): Promise<StatisticsEdition> {
  await mayPublish(session, area, month);
  const revisions = await revisionsOf(session, area, month);
  const reported = await reportedIn(session, area, month);
  const contributions = contributionsOf(reported);
  const latest = revisions.at(-1);
  if (!latest && contributions.length === 0) {
    throw new Refusal('NOT_FOUND', {
      message: `No gate meter of a building in ${area} reported in ${month}.`,
    });
  }
  if (latest && isSame(latest.contributions, contributions)) return latest.edition;
  const [before] = await revisionsOf(session, area, monthBefore(month), 'LATEST');
  const { disclosureRules: rules } = session;
  const floorAreas = await floorAreasOf(session, [...new Set(reported.map(({ building }) => building))]);
  const cells = cellsOf(reported, {
    rules,
    floorAreas,
    earlier: revisions,
    before: before?.cells ?? [],
  });
  const revision = (latest?.edition.revision ?? 0) + 1;
  // Told once: the difference of two means would tell of whoever changed.
  const peers = revisions[0]?.peers ?? distributionsOf(reported, floorAreas, rules);
  const edition = await store(session, {
    area,
    publisher,
    month,
    revision,
    cells: named(cells, area),
    peers,
  });
  await storeContributions(session, edition.id, contributions);
  return edition;
}

async function mayPublish(session: Session, area: string, month: string): Promise<void> {
  const prefix = areaPrefix(area);
  const reach = session.grant.reach['statistics:approve']?.areas ?? [];
  if (!reach.some((allowed) => prefix.startsWith(allowed))) {
    throw new Refusal('ROW_OUT_OF_REACH', { message: `You may not publish statistics of ${area}.` });
  }
  if (prefix === '') {
    throw new Refusal('BAD_USER_INPUT', {
      message: 'Statistics are published by cities, not for the nation.',
      remedy: 'Read those of the cities: statisticsEditions.',
    });
  }
  // The month is over where its meters are.
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
  if (month.slice(0, 7) >= today) {
    throw new Refusal('BAD_USER_INPUT', { message: `${month.slice(0, 7)} is not over yet.` });
  }
  const [{ overlaps } = { overlaps: true }] = await session.rows<{ overlaps: boolean }>(
    `select metering.statistics_overlap($1) as overlaps
     from (select pg_advisory_xact_lock(hashtext('metering.statistics'))) as locked`,
    [area],
  );
  if (overlaps) {
    throw new Refusal('CONFLICT', {
      message: `Statistics of an area in or around ${area} are published already: two of them would tell what each withholds.`,
    });
  }
}

interface Revision extends EarlierRevision {
  peers: Distribution[];
  edition: StatisticsEdition;
}

async function revisionsOf(
  session: Session,
  area: string,
  month: string,
  which: 'ALL' | 'LATEST' = 'ALL',
): Promise<Revision[]> {
  const editions = await session.entities(
    StatisticsEdition,
    `select * from metering.statistics_edition where area = $1 and month = $2::date
     order by revision ${which === 'LATEST' ? 'desc limit 1' : ''}`,
    [area, month],
  );
  return Promise.all(
    editions.map(async (edition) => ({
      edition,
      ...toldIn(edition),
      contributions: which === 'LATEST' ? [] : await contributionsIn(session, edition.id),
    })),
  );
}

async function contributionsIn(session: Session, edition: string): Promise<SeriesContribution[]> {
  const rows = await session.rows<Omit<SeriesContribution, 'amount'> & { amount: string }>(
    `select area as "row", building_type as "column", energy_item as "energyItem", unit, subject, amount::text
     from metering.statistics_contribution where edition = $1`,
    [edition],
  );
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
}

async function reportedIn(session: Session, area: string, month: string): Promise<Reported[]> {
  const rows = await session.rows<
    Omit<Reported, 'amount' | 'energyItem'> & { energy_item: string; amount: string }
  >('select * from metering.statistics_reported($1, $2::date)', [areaPrefix(area), month]);
  return rows.map(({ energy_item: energyItem, amount, ...row }) => ({
    ...row,
    area: rowOf(area, row.area),
    energyItem,
    amount: BigInt(amount),
  }));
}

function isSame(before: readonly SeriesContribution[], after: readonly SeriesContribution[]): boolean {
  const textOf = (all: readonly SeriesContribution[]): string =>
    all
      .map(({ energyItem, unit, row, column, subject, amount }) =>
        [energyItem, unit, row, column, subject, amount].join(' '),
      )
      .sort()
      .join('\n');
  return textOf(before) === textOf(after);
}

function monthBefore(month: string): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, number! - 2, 1)).toISOString().slice(0, 10);
}

/** As it is told: the total of all areas is the city's, and of all types has none. */
function named(cells: readonly EditionCell[], city: string): NamedCell[] {
  return cells.map((cell) => ({ ...cell, area: cell.area || city, buildingType: cell.buildingType || null }));
}

/** What was signed is what is compared with later: it cannot have changed. */
function toldIn({ content, area: city }: StatisticsEdition): Pick<Revision, 'cells' | 'peers'> {
  const { cells, peers } = JSON.parse(content) as { cells: NamedCell[]; peers: Distribution[] };
  const told = cells.map((cell) => ({
    ...cell,
    area: cell.area === city ? '' : cell.area,
    buildingType: cell.buildingType ?? '',
  }));
  return { cells: told, peers };
}

import DataLoader from 'dataloader';
import { Refusal } from '../../../gateway/errors.js';
import { areaPrefix } from '../../../gateway/policy/areas.js';
import type { Page } from '../../runtime/lists.js';
import { inOrder, page, pages, PagesLoader } from '../../runtime/pages.js';
import type { Session } from '../../runtime/session.js';
import { StatisticsCell, StatisticsEdition, StatisticsReceipt } from './entities.js';
import type {
  CellsArguments,
  EditionArguments,
  EditionsArguments,
  StatisticsAcknowledgementArguments,
} from './inputs.js';
import { publish } from './publish.js';

const FIRST_DAY = /^\d{4}-\d\d-01$/;

/** @throws Refusal BAD_USER_INPUT */
export function checkedMonth(month: string): string {
  if (FIRST_DAY.test(month)) return month;
  throw new Refusal('BAD_USER_INPUT', {
    message: `month: must be the first day of a month, was ${month}`,
    remedy: `Say ${month.slice(0, 8)}01.`,
  });
}

export class StatisticsRepository {
  readonly #session: Session;

  readonly byId = new DataLoader<string, StatisticsEdition | null>(async (ids) => {
    const rows = await this.#session.em.find(StatisticsEdition, { id: { $in: [...ids] } });
    return inOrder(ids, rows, ({ id }) => id);
  });

  readonly cellsOf = new PagesLoader<CellsArguments, Page<StatisticsCell>>((editions, args) => {
    const { area, buildingTypes, energyItem, ...request } = args;
    const parent = { property: 'edition' as const, keys: editions };
    return pages(this.#session, StatisticsCell, parent, request, { by: ['place'] }, [
      { property: 'area', is: '=', value: area },
      { property: 'buildingType', is: 'in', value: buildingTypes },
      { property: 'energyItem', is: '=', value: energyItem },
    ]);
  });

  readonly receiptsOf = new DataLoader<string, StatisticsReceipt[]>(async (editions) => {
    const rows = await this.#session.em.find(
      StatisticsReceipt,
      { edition: { $in: [...editions] } },
      { orderBy: { tenant: 'asc' } },
    );
    return editions.map((edition) => rows.filter((row) => row.edition === edition));
  });

  /** The caller's own. */
  readonly receiptOf = new DataLoader<string, StatisticsReceipt | null>(async (editions) => {
    const { tenant } = this.#session.grant.caller;
    const rows = await this.#session.em.find(StatisticsReceipt, { edition: { $in: [...editions] }, tenant });
    return inOrder(editions, rows, ({ edition }) => edition);
  });

  readonly unacknowledgedOf = new DataLoader<string, string[]>(async (editions) => {
    const rows = await this.#session.rows<{ edition: string; area: string }>(
      `select distinct cell.edition, cell.area
       from metering.statistics_cell as cell join metering.statistics_edition as edition on edition.id = cell.edition
       where cell.edition = any($1) and cell.area <> edition.area and not exists (
         select from metering.statistics_receipt as receipt
         where receipt.edition = cell.edition and receipt.tenant_area = cell.area
           and receipt.tenant_tier in ('NATIONAL', 'MUNICIPAL', 'DISTRICT'))
       order by 1, 2`,
      [editions],
    );
    return editions.map((edition) => rows.filter((row) => row.edition === edition).map(({ area }) => area));
  });

  constructor(session: Session) {
    this.#session = session;
  }

  editions({ month, area, ...request }: EditionsArguments): Promise<Page<StatisticsEdition>> {
    return page(this.#session, StatisticsEdition, request, { by: ['month', 'id'], descending: true }, [
      { property: 'month', is: '=', value: month && checkedMonth(month) },
      { property: 'area', is: 'starts with', value: area && areaPrefix(area) },
    ]);
  }

  /** @throws Refusal BAD_USER_INPUT where editions of several cities are in reach and none is named. */
  async edition({ month, area, revision }: EditionArguments): Promise<StatisticsEdition | null> {
    const found = await this.#session.entities(
      StatisticsEdition,
      `select distinct on (area) * from metering.statistics_edition
       where month = $1::date and ($2::text is null or area = $2) and ($3::bigint is null or revision = $3)
       order by area, revision desc limit 2`,
      [checkedMonth(month), area ?? null, revision ?? null],
    );
    if (found.length < 2) return found[0] ?? null;
    throw new Refusal('BAD_USER_INPUT', {
      message: 'Statistics of several cities are in reach.',
      remedy: 'Name one: area.',
    });
  }

  /** Who acknowledged an edition is shown to its publisher: to anybody else all areas would look as if they had not. */
  isPublisherOf({ area }: StatisticsEdition): boolean {
    const { areas = [] } = this.#session.grant.reach['statistics:approve'] ?? {};
    return areas.some((allowed) => areaPrefix(area).startsWith(allowed));
  }

  async publish(month: string): Promise<StatisticsEdition> {
    return publish(this.#session, checkedMonth(month));
  }

  /**
   * Records that the recipient has the edition whole. Doing it again gives the same receipt.
   *
   * @throws Refusal PACKAGE_HASH_MISMATCH, NOT_FOUND
   */
  async acknowledge({ id, sha256 }: StatisticsAcknowledgementArguments): Promise<StatisticsReceipt> {
    const edition = await this.byId.load(id);
    if (!edition) throw new Refusal('NOT_FOUND', { message: `No statistics ${id} for you.` });
    if (sha256 !== edition.sha256) {
      throw new Refusal('PACKAGE_HASH_MISMATCH', { message: 'The hash of the content does not match.' });
    }
    return (await this.receiptOf.load(id)) ?? (await this.#record(edition));
  }

  async #record({ id, area, month, revision, sha256 }: StatisticsEdition): Promise<StatisticsReceipt> {
    const { caller, checkpoint } = this.#session.grant;
    const acknowledgedAt = new Date().toISOString();
    const receipt = JSON.stringify({
      format: 'hub-statistics-receipt/1',
      edition: id,
      recipient: caller.tenant,
      area,
      month,
      revision,
      sha256,
      acknowledgedAt,
      checkpoint,
    });
    const [recorded] = await this.#session.entities(
      StatisticsReceipt,
      `insert into metering.statistics_receipt (edition, tenant, area, tenant_area, tenant_tier, acknowledged_at, receipt, signature)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (edition, tenant) do nothing returning *`,
      [
        id,
        caller.tenant,
        area,
        caller.area,
        caller.tier,
        acknowledgedAt,
        receipt,
        await this.#session.sign(receipt),
      ],
    );
    if (recorded) return recorded;
    // Another request was faster: its receipt is the one.
    const theirs = await this.receiptOf.clear(id).load(id);
    if (!theirs) throw new Error('a receipt was not recorded');
    return theirs;
  }
}

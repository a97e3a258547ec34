import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import { checkedFirst, decodeCursor, encodeCursor, type Page, pageOf } from '../../../runtime/lists.js';
import { asRefusal, type Session } from '../../../runtime/session.js';
import { DIFFERENCE_STATES, type SupplyDifference } from './entities.js';
import type { SupplyDifferencesArguments } from './inputs.js';
import { DIFFERENCES } from './statements.js';

const LIST = 'SupplyDifference';
const KEY = ['fromAt', 'supplier', 'customer', 'energyItem', 'toAt', 'area'] as const;
const LONGEST_DAYS = 800;
const DAY_MILLISECONDS = 86_400_000;

type DifferenceRow = SupplyDifference & { subject: string | null; areas: string[] };

export class DifferenceRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Compares now what is stored now: a late reading, a correction, a link or the next version of a record changes the
   * answer at once.
   *
   * @throws Refusal BAD_USER_INPUT, QUERY_TOO_WIDE
   */
  async list(args: SupplyDifferencesArguments): Promise<Page<SupplyDifference>> {
    const { from, to, area, supplier, customer, energyItem, state, isOverlapping, first, after } = args;
    const [begins, ends] = moments(from, to);
    if (state && !Object.hasOwn(DIFFERENCE_STATES, state)) {
      const states = Object.keys(DIFFERENCE_STATES).join(', ');
      throw new Refusal('BAD_USER_INPUT', { message: `state: ${state} is none of ${states}.` });
    }
    const cursor = after ? decodeCursor(after, LIST, KEY.length) : KEY.map(() => null);
    const rows = await this.#rows([
      ...[begins, ends, area ? areaPrefix(area) : '', supplier ?? null, customer ?? null, energyItem ?? null],
      ...[state ?? null, isOverlapping ?? null, checkedFirst(first) + 1, ...cursor],
    ]);
    rows.slice(0, first).forEach((row) => this.#tell(row));
    return pageOf(rows, first, (row) =>
      encodeCursor(
        LIST,
        KEY.map((key) => row[key]),
      ),
    );
  }

  async #rows(parameters: unknown[]): Promise<DifferenceRow[]> {
    try {
      return await this.#session.rows<DifferenceRow>(DIFFERENCES, parameters);
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /**
   * Whose supplies, meters and readings stand in a row, each where it lies. A number that stands for nobody tells of
   * nobody; of meters in several areas each counts as all.
   */
  #tell({ subject, area, areas, records, meters, present }: DifferenceRow): void {
    if (subject === null) return;
    this.#session.disclosed({ category: 'supplies', subject, area, values: records.length });
    for (const place of areas) {
      this.#session.disclosed({ category: 'meters', subject, area: place, values: meters.length });
      this.#session.disclosed({ category: 'readings', subject, area: place, values: present });
    }
  }
}

/** From the beginning of the first day to the end of the last, China's time. */
function moments(from: string, to: string): [string, string] {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MILLISECONDS;
  if (days < 0) throw new Refusal('BAD_USER_INPUT', { message: `from ${from} is after to ${to}.` });
  if (days >= LONGEST_DAYS)
    throw new Refusal('BAD_USER_INPUT', { message: `from and to: at most ${LONGEST_DAYS} days.` });
  const end = new Date(Date.parse(to) + DAY_MILLISECONDS).toISOString().slice(0, 10);
  return [`${from}T00:00+08:00`, `${end}T00:00+08:00`];
}

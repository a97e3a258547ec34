import DataLoader from 'dataloader';
import { Refusal } from '../../../../gateway/errors.js';
import { areaPrefix } from '../../../../gateway/policy/areas.js';
import type { Permission } from '../../../../gateway/policy/categories.js';
import { mustBeArea } from '../../../runtime/areas.js';
import { decimalText } from '../../../runtime/decimal.js';
import { checkedFirst, decodeCursor, encodeCursor, type Page, pageOf } from '../../../runtime/lists.js';
import type { Session } from '../../../runtime/session.js';
import { checkedDays, type Days, periodsOf, spansOf, type Step } from '../../rollups/periods.js';
import { floorAreaOf, floorAreasOf } from '../floor-areas.js';
import { functionsOf } from '../functions.js';
import { Grouping, type StatisticsFigure } from './entities.js';
import type { StatisticsArguments } from './inputs.js';
import { figuresStatement } from './statements.js';

interface Row {
  subject: string | null;
  place: string | null;
  from: string;
  hour: string;
  area: string;
  type: string;
  function: string;
  item: string;
  unit: string;
  total: string;
  subjects: number;
  buildingIds: string[];
  areas: string[];
  present: number;
  due: number;
}

const LIST = 'StatisticsFigure';
const KEYS = 7;
/** Hours are added up from the blocks of their days. */
const MOST_DAYS_BY_HOUR = 31;

export class FigureRepository {
  readonly #session: Session;

  /** Of all figures of one answer at once. */
  readonly floorAreas = new DataLoader<StatisticsFigure, string | null>(
    async (figures) => {
      const buildings = [...new Set(figures.flatMap(({ buildingIds }) => buildingIds))];
      const areas = await floorAreasOf(this.#session, buildings);
      return figures.map(({ buildingIds }) => {
        const area = floorAreaOf(buildingIds, areas);
        return area === undefined ? null : decimalText(String(area), 2);
      });
    },
    { cache: false },
  );

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Exact figures of an area of which the caller may read everything.
   *
   * @throws Refusal BAD_USER_INPUT, ROW_OUT_OF_REACH
   */
  async figures({ first, after, ...asked }: StatisticsArguments): Promise<Page<StatisticsFigure>> {
    const { area, step, by } = asked;
    const days = checkedDays(asked);
    if (step === 'HOUR' && periodsOf('DAY', days).length > MOST_DAYS_BY_HOUR) {
      throw new Refusal('BAD_USER_INPUT', {
        message: `By the hour, ask for at most ${MOST_DAYS_BY_HOUR} days.`,
      });
    }
    this.#mustHold(area, by);
    const functions = by.includes(Grouping.BUILDING_FUNCTION) ? await functionsOf(this.#session, area) : [];
    const list = [LIST, step, ...by].join('.');
    const rows = await this.#session.rows<Row>(figuresStatement(step), [
      ...[areaPrefix(area), asked.energyItem ?? null, days.from, days.to, ...boundsOf(step, days)],
      ...[by.includes(Grouping.AREA), by.includes(Grouping.BUILDING_TYPE)],
      ...[functions.map(([id]) => id), functions.map(([, code]) => code)],
      ...[after ? decodeCursor(after, list, KEYS) : null, checkedFirst(first) + 1],
    ]);
    for (const { subject, place, present } of rows) {
      if (subject !== null && place !== null)
        this.#session.disclosed({ category: 'readings', subject, area: place, values: present });
    }
    const figures = rows.filter(({ subject }) => subject === null);
    const keys = new Map<StatisticsFigure, Row>(figures.map((row) => [told(row, step, days), row]));
    return pageOf([...keys.keys()], first, (figure) => encodeCursor(list, keyOf(keys.get(figure)!)));
  }

  /** A part would look like the whole, and two parts could be taken from each other. */
  #mustHold(area: string, by: readonly Grouping[]): void {
    mustBeArea(area);
    const prefix = areaPrefix(area);
    const needed: Permission[] = ['readings:read', 'meters:read'];
    if (by.includes(Grouping.BUILDING_FUNCTION)) needed.push('buildings:read');
    const lacking = needed.filter(
      (permission) =>
        !(this.#session.grant.reach[permission]?.areas ?? []).some((held) => prefix.startsWith(held)),
    );
    if (lacking.length === 0) return;
    throw new Refusal('ROW_OUT_OF_REACH', {
      rule: 'statistics/own-area',
      message: `Not all that ${area} is made of is yours to read (${lacking.join(', ')}).`,
      remedy: 'Ask for your own area, or for what is published: statisticsEdition.',
    });
  }
}

function boundsOf(step: Step, days: Days): (string | null)[] {
  const isFine = step === 'HOUR' || step === 'DAY';
  const spans = isFine ? { months: null, days: [days, null] } : spansOf(days);
  return [spans.months, ...spans.days].flatMap((span) => [span?.from ?? null, span?.to ?? null]);
}

function keyOf({ from, hour, area, type, function: use, item, unit }: Row): string[] {
  return [from, hour, area, type, use, item, unit];
}

function told(row: Row, step: Step, { to: last }: Days): StatisticsFigure {
  const {
    from,
    hour,
    area,
    type,
    function: use,
    item: energyItem,
    unit,
    total,
    subjects,
    buildingIds,
    areas,
    present,
    due,
  } = row;
  const [period] = periodsOf(step, { from, to: last });
  return {
    ...{ from, to: period?.to ?? from, hour: hour === '' ? null : Number(hour) },
    ...{ area: area || null, buildingType: type || null, buildingFunction: use || null },
    ...{ energyItem, unit, total },
    ...{ subjects, buildings: buildingIds.length, buildingIds, areas, present, due },
  };
}

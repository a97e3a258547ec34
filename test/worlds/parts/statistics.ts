import type { PoolClient } from 'pg';
import { insert } from '../insert.js';
import { type EditionRow, type PolicyWorld, READING_DAY } from '../model.js';
import { cellText } from '../oracle/statistics.js';
import { decimal, hundredths, rowsText } from '../words.js';
import type { Part } from './part.js';

/** What a recipient of any edition computes of it: it says nothing here. */
export const EDITION_HASH = 'ab'.repeat(32);

/** Published editions, with their receipts, and the exact figures of an area. */
export const statistics: Part = {
  tables: ['metering.statistics_edition'],
  plant,
  fields: `
  statistics: statisticsEditions(first: 500) {
    nodes {
      id cells(first: 50) { nodes { area buildingType total withheld } } acknowledgedAt receipts { tenant } unacknowledged
    }
    pageInfo { hasNextPage }
  }
  figures: statistics(area: $figuresOf, from: "${READING_DAY}", to: "${READING_DAY}", step: DAY,
    by: [AREA, BUILDING_TYPE], first: 500
  ) {
    nodes { area buildingType energyItem total subjects buildings floorAreaM2 } pageInfo { hasNextPage }
  }`,
  tell(answer) {
    const { told } = answer;
    answer.list<Edition>('statistics', ({ id, cells }) => `${id} ${cells.nodes.map(shownText).join(', ')}`);
    for (const { id, acknowledgedAt, receipts, unacknowledged } of answer.nodes<Edition>('statistics')) {
      told[`acknowledgement of ${id}`] = acknowledgedAt ? 'acknowledged' : 'nothing';
      const tenants = receipts && rowsText(receipts.map(({ tenant }) => tenant));
      told[`receipts of ${id}`] = answer.beside('StatisticsEdition.receipts', tenants ?? undefined);
      const missing = unacknowledged && rowsText(unacknowledged);
      told[`unacknowledged in ${id}`] = answer.beside(
        'StatisticsEdition.unacknowledged',
        missing ?? undefined,
      );
    }
    answer.list<Figure>('figures', (figure) => {
      return `${keyOf(figure)}: ${decimal(hundredths(figure.total))} of ${figure.subjects} in ${figure.buildings}`;
    });
    for (const figure of answer.nodes<Figure>('figures')) {
      const area = figure.floorAreaM2 === null ? undefined : `${decimal(hundredths(figure.floorAreaM2))} m²`;
      told[`floor area of figure ${keyOf(figure)}`] = answer.beside('StatisticsFigure.floorAreaM2', area);
    }
  },
};

interface Cell extends Pick<EditionRow['cells'][number], 'area' | 'buildingType' | 'total'> {
  withheld: string | null;
}

interface Edition {
  id: string;
  cells: { nodes: Cell[] };
  acknowledgedAt: string | null;
  receipts: { tenant: string }[] | null;
  unacknowledged: string[] | null;
}

interface Figure {
  area: string;
  buildingType: string | null;
  energyItem: string;
  total: string;
  subjects: number;
  buildings: number;
  floorAreaM2: string | null;
}

function shownText({ withheld, ...cell }: Cell): string {
  return cellText(cell) + ((cell.total === null) === (withheld === null) ? ' and yet not' : '');
}

function keyOf({ area, buildingType, energyItem }: Figure): string {
  return `${area} ${buildingType ?? '-'} ${energyItem}`;
}

async function plant(owner: PoolClient, { editions }: PolicyWorld): Promise<void> {
  const signed = { publisher: 'loader', content: '{}', sha256: EDITION_HASH, signature: 'none' };
  await insert(
    owner,
    'metering.statistics_edition',
    'id text, area text, month date, revision integer, publisher text, published_at timestamptz, content text, ' +
      'sha256 text, signature text',
    editions.map(({ id, area }) => ({ id, area, month: '2025-01-01', revision: 1, published_at: new Date(), ...signed })), // prettier-ignore
  );
  await insert(
    owner,
    'metering.statistics_cell',
    'edition text, place integer, area text, building_type text, energy_item text, unit text, state text, total numeric',
    editions.flatMap(({ id, cells }) =>
      cells.map(({ area, buildingType, total }, index) => ({
        ...{ edition: id, place: index + 1, area, building_type: buildingType, total },
        ...{ energy_item: '01000', unit: 'kWh', state: total === null ? 'TOO_FEW' : 'TOLD' },
      })),
    ),
  );
}

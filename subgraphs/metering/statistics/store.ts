import { createHash } from 'node:crypto';
import { newId } from '../../runtime/ids.js';
import type { Session } from '../../runtime/session.js';
import type { EditionCell, SeriesContribution } from './cells.js';
import { StatisticsEdition } from './entities.js';
import type { Distribution } from './peers/distribution.js';

/** A cell as it is told: of all types it has none. */
export type NamedCell = Omit<EditionCell, 'buildingType'> & { buildingType: string | null };

interface Made {
  area: string;
  publisher: string;
  month: string;
  revision: number;
  cells: NamedCell[];
  peers: Distribution[];
}

export async function store(session: Session, { cells, peers, ...made }: Made): Promise<StatisticsEdition> {
  const id = newId('sed');
  const publishedAt = new Date().toISOString();
  const content = JSON.stringify({
    format: 'hub-statistics/1',
    edition: id,
    ...made,
    publishedAt,
    stage: session.grant.caller.stage,
    rules: session.disclosureRules,
    checkpoint: session.grant.checkpoint,
    cells,
    peers,
  });
  const sha256 = createHash('sha256').update(content).digest('hex');
  const [edition] = await session.entities(
    StatisticsEdition,
    `insert into metering.statistics_edition (id, area, month, revision, publisher, published_at, content, sha256, signature)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning *`,
    [
      ...[id, made.area, made.month, made.revision, made.publisher, publishedAt],
      ...[content, sha256, await session.sign(content)],
    ],
  );
  if (!edition) throw new Error('an edition was not recorded');
  await session.rows(
    `insert into metering.statistics_cell (edition, place, area, building_type, energy_item, unit, state, total, subjects,
       buildings, floor_area_m2)
     select $1, place, cell ->> 'area', cell ->> 'buildingType', cell ->> 'energyItem', cell ->> 'unit', cell ->> 'state',
       (cell ->> 'total')::numeric, (cell ->> 'subjects')::integer, (cell ->> 'buildings')::integer,
       (cell ->> 'floorAreaM2')::numeric
     from jsonb_array_elements($2::jsonb) with ordinality as listed (cell, place)`,
    [id, JSON.stringify(cells)],
  );
  await session.rows(
    `insert into metering.statistics_distribution (edition, area, building_type, energy_item, unit, buildings, subjects, mean,
       p10, p25, p50, p75, p90)
     select $1, $2, "buildingType", "energyItem", unit, buildings, subjects, mean, p10, p25, p50, p75, p90
     from jsonb_to_recordset($3::jsonb) as told ("buildingType" text, "energyItem" text, unit text, buildings integer,
       subjects integer, mean numeric, p10 numeric, p25 numeric, p50 numeric, p75 numeric, p90 numeric)`,
    [id, made.area, JSON.stringify(peers)],
  );
  return edition;
}

export async function storeContributions(
  session: Session,
  edition: string,
  contributions: readonly SeriesContribution[],
): Promise<void> {
  const column = (name: keyof SeriesContribution): string[] => contributions.map((one) => String(one[name]));
  await session.rows(
    `insert into metering.statistics_contribution (edition, area, building_type, energy_item, unit, subject, amount)
     select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[])`,
    [
      edition,
      ...[
        column('row'),
        column('column'),
        column('energyItem'),
        column('unit'),
        column('subject'),
        column('amount'),
      ],
    ],
  );
}

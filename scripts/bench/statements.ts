import type { BenchHub } from './bench-hub.js';
import { BENCH_AREA, BENCH_SUBJECT } from './ingest-files.js';

export interface StatementFigures {
  name: string;
  query: string;
  /** Buildings asked for → SQL statements of the rooms, transactions included. */
  statements: Record<number, number>;
  /** The same without begin, commit and the grant's setting. */
  selects: Record<number, number>;
}

export const BUILDINGS_QUERY = `query ($first: Int!) { buildings(first: $first) { nodes {
  id name owner { uscc name } meters(first: 10) { nodes { id energyItem } } energyAudits(first: 1) { nodes { year conclusion } }
} } }`;

const OVERHEAD = /^(begin|commit|start transaction|set |select set_config)/i;

/** Counts what one federated query over many buildings costs in statements, in a second hub beside the first. */
export async function benchStatements(hub: BenchHub): Promise<StatementFigures> {
  await fill(hub);
  const log: string[] = [];
  const counted = await hub.inThisProcess((sql) => void log.push(sql));
  const client = await hub.client('bench-district', counted.url);
  const figures: StatementFigures = {
    name: 'statements',
    query: BUILDINGS_QUERY,
    statements: {},
    selects: {},
  };
  try {
    for (const first of [5, 20, 50]) {
      await client.ask(BUILDINGS_QUERY, { first });
      log.length = 0;
      const { buildings } = await client.ask<{ buildings: { nodes: { meters: { nodes: object[] } }[] } }>(
        BUILDINGS_QUERY,
        { first },
      );
      const hasMeters = buildings.nodes.every(({ meters }) => meters.nodes.length === 10);
      if (buildings.nodes.length !== first || !hasMeters) throw new Error('the query did not answer whole');
      figures.statements[first] = log.length;
      figures.selects[first] = log.filter((statement) => !OVERHEAD.test(statement)).length;
    }
    return figures;
  } finally {
    await client.close();
    await counted.stop();
  }
}

/** 60 buildings with ten meters and two audits each. */
async function fill({ admin }: BenchHub): Promise<void> {
  await admin.query(
    `insert into enterprises.enterprise (uscc, name, area, platform) values ($1, 'Bench', $2, 'bench') on conflict do nothing`,
    [BENCH_SUBJECT, BENCH_AREA],
  );
  await admin.query(
    `insert into buildings.building (id, name, type_code, area, subject, platform)
     select $2 || 'A' || lpad(n::text, 3, '0'), 'Bench ' || n, 'A', $2, $1, 'bench' from generate_series(1, 60) as n
     on conflict do nothing`,
    [BENCH_SUBJECT, BENCH_AREA],
  );
  await admin.query(
    `insert into metering.meter (id, name, building, subject, area, level, energy_item, unit, interval_minutes, platform)
     select building.id || '-' || n, 'Bench', building.id, building.subject, building.area, 1, '01000', 'kWh', 60, 'bench'
     from buildings.building, generate_series(1, 10) as n on conflict do nothing`,
  );
  await admin.query(
    `insert into audits.energy_audit (id, building, subject, area, year, level, auditor, conclusion, completed_on)
     select 'aud_' || building.id || n, building.id, building.subject, building.area, 2020 + n, 'B', 'Bench', 'Bench', make_date(2020 + n, 6, 1)
     from buildings.building, generate_series(1, 2) as n on conflict do nothing`,
  );
}

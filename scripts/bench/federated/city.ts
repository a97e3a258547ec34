import type { BenchHub } from '../bench-hub.js';
import { BENCH_AREA, BENCH_SUBJECT } from '../ingest-files.js';

const BUILDINGS = 50;
const METERS_A_BUILDING = 4;
const HOURS = 24;
export const MONTH = { from: '2026-10-01', to: '2026-10-31' };
const DAYS = 31;

/**
 * One federated query as an application asks it for a page: buildings with their meters, what they used in a month,
 * their owners and their latest audits.
 */
export const QUERY = `{ buildings(first: ${BUILDINGS}) { nodes {
  id name typeCode address floorAreaM2
  owner { uscc name }
  meters(first: 10) { nodes { id name energyItem } }
  consumption(from: "${MONTH.from}", to: "${MONTH.to}") { total unit }
  energyAudits(first: 1) { nodes { year conclusion } }
} } }`;

export function isWhole(answer: { data?: unknown; errors?: unknown }): boolean {
  const { buildings } = (answer.data ?? {}) as { buildings?: { nodes: Building[] } };
  const nodes = buildings?.nodes ?? [];
  const isFull = ({ owner, meters, consumption, energyAudits }: Building): boolean =>
    owner?.name === 'Bench' &&
    meters?.nodes.length === METERS_A_BUILDING &&
    Number(consumption?.total) > 0 &&
    energyAudits?.nodes.length === 1;
  return !answer.errors && nodes.length === BUILDINGS && nodes.every(isFull);
}

interface Building {
  owner: { name: string } | null;
  meters: { nodes: object[] } | null;
  consumption: { total: string | null } | null;
  energyAudits: { nodes: object[] } | null;
}

/** Buildings with meters and two audits each, and a month of hourly readings, in through the door. */
export async function fill(hub: BenchHub): Promise<void> {
  const { admin } = hub;
  await admin.query(
    `insert into enterprises.enterprise (uscc, name, area, platform) values ($1, 'Bench', $2, 'bench') on conflict do nothing`,
    [BENCH_SUBJECT, BENCH_AREA],
  );
  await admin.query(
    `insert into buildings.building (id, name, type_code, area, subject, address, floor_area_m2, platform)
     select $2 || 'A' || lpad(n::text, 3, '0'), 'Bench ' || n, 'A', $2, $1, n || ' Nanjing Road', 1000 + n, 'bench'
     from generate_series(1, $3::int) as n on conflict do nothing`,
    [BENCH_SUBJECT, BENCH_AREA, BUILDINGS],
  );
  await admin.query(
    `insert into metering.meter (id, name, building, subject, area, level, energy_item, unit, interval_minutes, platform)
     select building.id || '-' || n, 'Meter ' || n, building.id, building.subject, building.area, 1, '01000', 'kWh', 60, 'bench'
     from buildings.building, generate_series(1, $1::int) as n on conflict do nothing`,
    [METERS_A_BUILDING],
  );
  await admin.query(
    `insert into audits.energy_audit (id, building, subject, area, year, level, auditor, conclusion, completed_on)
     select 'aud_' || building.id || n, building.id, building.subject, building.area, 2020 + n, 'B', 'Bench', 'Bench', make_date(2020 + n, 6, 1)
     from buildings.building, generate_series(1, 2) as n on conflict do nothing`,
  );
  await upload(hub);
  await admin.query('vacuum analyze');
}

async function upload(hub: BenchHub): Promise<void> {
  const client = await hub.client('bench-district');
  try {
    const { rows } = await hub.admin.query<{ id: string }>('select id from metering.meter order by id');
    const days = Array.from({ length: DAYS }, (_, day) => `2026-10-${String(day + 1).padStart(2, '0')}`);
    const lines = rows.flatMap(({ id }, meter) =>
      days.map((date, day) => {
        const values = Array.from(
          { length: HOURS },
          (_, hour) => ((meter * 7 + day * 3 + hour) % 50) / 2 + 1,
        );
        return JSON.stringify({ meter: id, date, interval: 60, values });
      }),
    );
    const { body } = await client.fetch({
      method: 'POST',
      path: '/upload/readings',
      headers: { 'content-type': 'application/x-ndjson' },
      body: `${lines.join('\n')}\n`,
    });
    const receipt = JSON.parse(body.toString('utf8')) as { accepted: number };
    if (receipt.accepted !== lines.length) throw new Error(`the receipt says ${body.toString('utf8')}`);
  } finally {
    await client.close();
  }
}

import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { openConnection } from '../client/connection.js';
import { HubClient } from '../client/hub-client.js';
import { seedApplication } from './application.js';
import type { DemoCity, DemoStage } from './city.js';
import { giveConsents } from './consents.js';
import { proposeCorrections } from './corrections.js';
import { planAccess, recordCertificates } from './registers.js';
import { reportSupplies } from './supplies.js';

const MOST_ROWS = 500;

export interface SeedProgress {
  (what: string, done: number, of: number): void;
}

/**
 * Brings the demo city in as its parties would: districts register and upload over mutual TLS, the enterprise records
 * its own consent. Every step may be repeated; what is there already stays as it is. Stops between two days when told.
 */
export async function seedCity(
  city: DemoCity,
  hub: { home: string; url: string },
  progress: SeedProgress,
  signal: AbortSignal,
): Promise<void> {
  const watched: SeedProgress = (what, done, of) => {
    progress(what, done, of);
    signal.throwIfAborted();
  };
  const reporting = new Set(
    city.scopes.filter(({ category }) => category === 'readings').map(({ tenant }) => tenant),
  );
  const districts = city.tenants.filter(
    ({ id, tier, stage }) => tier === 'DISTRICT' && stage === 'FORMAL' && reporting.has(id),
  );
  for (const { id, area } of districts) {
    await as(id, hub, async (client) => {
      await register(client, city, area);
      await record(client, city, area);
      await recordCertificates(client, city, area);
      await planAccess(client, city, area);
      await upload(client, id, city, city.dates, area, watched);
      await proposeCorrections(client, city, area);
    });
  }
  const newcomer = city.tenants.find(({ stage }) => stage === 'TEST');
  if (newcomer) {
    await as(newcomer.id, hub, async (client) => {
      await register(client, city.testStage, newcomer.area);
      await upload(client, newcomer.id, city.testStage, city.dates.slice(-3), newcomer.area, watched);
    });
  }
  await giveConsents(city, (id, work, purpose) => as(id, hub, work, purpose));
  await reportSupplies(city, (id, work) => as(id, hub, work, id === 'municipal' ? 'SUPERVISION' : undefined));
  await seedApplication(city, hub.home, (id, work) =>
    as(id, hub, work, id === 'municipal' ? 'PLATFORM_OPERATION' : undefined),
  );
}

async function as(
  id: string,
  { home, url }: { home: string; url: string },
  work: (client: HubClient) => Promise<void>,
  purpose?: string,
): Promise<void> {
  const client = new HubClient(
    await openConnection({ as: id, home, url, ...(purpose && { purpose }) } as never),
  );
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

async function register(client: HubClient, stage: DemoStage, area: string): Promise<void> {
  const enterprises = stage.enterprises.filter((enterprise) => enterprise.area === area);
  await inPieces(client, 'registerEnterprises', 'enterprises', 'EnterpriseInput', 'uscc', enterprises);
  const buildings = stage.buildings
    .filter((building) => building.area === area)
    .map(({ archetype, ...building }) => ({ ...building, functionCode: archetype }));
  await inPieces(client, 'registerBuildings', 'buildings', 'BuildingInput', 'id', buildings);
  const inArea = new Set(buildings.map(({ id }) => id));
  const meters = stage.meters
    .filter(({ buildingId }) => inArea.has(buildingId))
    .map(({ id, name, buildingId, parentId, level, energyItem, unit, intervalMinutes, timeZone }) => ({
      id,
      name,
      buildingId,
      parentId,
      level,
      energyItem,
      unit,
      intervalMinutes,
      timeZone,
    }));
  await inPieces(client, 'registerMeters', 'meters', 'MeterInput', 'id', meters);
}

async function record(client: HubClient, city: DemoCity, area: string): Promise<void> {
  const { energyAudits } = await client.ask<{ energyAudits: { nodes: object[] } }>(
    '{ energyAudits(first: 1) { nodes { id } } }',
  );
  if (energyAudits.nodes.length > 0) return;
  const audits = city.audits
    .filter((row) => row.area === area)
    .map(({ area: _area, ownerUscc: _owner, ...row }) => row);
  await inPieces(client, 'recordEnergyAudits', 'audits', 'EnergyAuditInput', 'id', audits);
  const reviews = city.reviews
    .filter((row) => row.area === area)
    .map(({ area: _area, experts: _experts, basis: _basis, ...row }) => row);
  await inPieces(client, 'recordMeteringReviews', 'reviews', 'MeteringReviewInput', 'id', reviews);
  const inspections = city.inspections
    .filter((row) => row.area === area)
    .map(({ area: _area, ...row }) => row);
  await inPieces(client, 'archiveInspections', 'inspections', 'InspectionInput', 'id', inspections);
}

async function inPieces(
  client: HubClient,
  mutation: string,
  argument: string,
  input: string,
  key: string,
  rows: object[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += MOST_ROWS) {
    const piece = rows.slice(from, from + MOST_ROWS);
    await client.ask(`mutation ($rows: [${input}!]!) { ${mutation}(${argument}: $rows) { ${key} } }`, {
      rows: piece,
    });
  }
}

async function upload(
  client: HubClient,
  id: string,
  stage: DemoStage,
  dates: readonly string[],
  area: string,
  progress: SeedProgress,
): Promise<void> {
  let done = 0;
  for (const date of dates) {
    const lines = Readable.from(ndjson(stage.dayLines(date, area)));
    await client.fetch({
      method: 'POST',
      path: '/upload/readings',
      headers: {
        'content-type': 'application/x-ndjson',
        'content-encoding': 'gzip',
        // Another window has other faults on the same day, so it is other content.
        'idempotency-key': `demo-${dates.at(-1)}-${id}-${date}`,
      },
      body: lines.pipe(createGzip({ level: 1 })),
    });
    done += 1;
    progress(id, done, dates.length);
  }
}

function* ndjson(lines: Iterable<object>): Generator<string> {
  for (const line of lines) yield `${JSON.stringify(line)}\n`;
}

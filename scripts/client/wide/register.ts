import { fault } from '../failure.js';
import type { HubClient } from '../hub-client.js';
import type { BuildingRow, MeterRow } from './tables.js';

/** As many as the hub takes in one call. */
const MOST_AT_ONCE = 500;

export interface Registered {
  enterprises: number;
  buildings: number;
  meters: number;
}

/** Registers owners, then buildings, then meters; what is registered already is brought up to date. */
export async function register(
  client: HubClient,
  buildings: BuildingRow[],
  meters: MeterRow[],
  defaultInterval: number,
): Promise<Registered> {
  const enterprises = ownersOf(buildings);
  await inCalls(client, 'registerEnterprises(enterprises: $rows) { uscc }', 'EnterpriseInput', enterprises);
  await inCalls(
    client,
    'registerBuildings(buildings: $rows) { id }',
    'BuildingInput',
    buildings.map(buildingInput),
  );
  const inputs = meters.map((meter) => meterInput(meter, defaultInterval));
  await inCalls(client, 'registerMeters(meters: $rows) { id }', 'MeterInput', inputs);
  return { enterprises: enterprises.length, buildings: buildings.length, meters: meters.length };
}

async function inCalls(client: HubClient, mutation: string, type: string, rows: object[]): Promise<void> {
  const query = `mutation ($rows: [${type}!]!) { ${mutation} }`;
  for (let at = 0; at < rows.length; at += MOST_AT_ONCE) {
    await client.ask(query, { rows: rows.slice(at, at + MOST_AT_ONCE) });
  }
}

/** One enterprise an owner that has a name; it lies where its first building does. */
function ownersOf(buildings: BuildingRow[]): { uscc: string; name: string }[] {
  const owners = new Map<string, { uscc: string; name: string }>();
  for (const { ownerUscc: uscc, ownerName: name, area, ownerIndustry, ownerUnitClass } of buildings) {
    if (name === '') continue;
    const known = owners.get(uscc);
    if (known && known.name !== name) {
      throw fault('FILE_UNUSABLE', `The owner ${uscc} has two names: ${known.name} and ${name}.`);
    }
    if (!known)
      owners.set(uscc, given({ uscc, name, area, industry: ownerIndustry, unitClass: ownerUnitClass }));
  }
  return [...owners.values()];
}

function buildingInput(row: BuildingRow): object {
  const { id, name, typeCode, functionCode, area, ownerUscc, floorAreaM2 } = row;
  const { yearBuilt, externalScheme, externalValue } = row;
  return {
    ...given({ id, name, typeCode, functionCode, area, ownerUscc, floorAreaM2 }),
    ...(yearBuilt !== '' && { yearBuilt: whole('yearBuilt', yearBuilt, id) }),
    ...(externalScheme !== '' && { externalIds: [{ scheme: externalScheme, value: externalValue }] }),
  };
}

function meterInput(row: MeterRow, defaultInterval: number): object {
  const { column, id, name, level, intervalMinutes, ...rest } = row;
  return {
    ...given(rest),
    id,
    name: name || column,
    level: whole('level', level, id),
    intervalMinutes: intervalMinutes === '' ? defaultInterval : whole('intervalMinutes', intervalMinutes, id),
  };
}

/** Without the empty cells, for which the hub has its own defaults. */
function given<Row extends Record<string, string>>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== '')) as Row;
}

function whole(column: string, text: string, id: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw fault('FILE_UNUSABLE', `${id}: ${column} must be a whole number, was "${text}".`);
}

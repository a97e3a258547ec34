import type { Caller } from '../world/caller.js';
import { has } from '../world/things.js';
import {
  auditInput,
  buildingInput,
  enterpriseInput,
  inspectionInput,
  meterInput,
  reviewInput,
} from './inputs.js';
import { type PolicyWorld, READING_DAY, type ReadingRow } from './model.js';

/** What a world's data came to in the hub. */
export interface Loaded {
  /** The ids that the hub gave, and what the world calls them. */
  names: Map<string, string>;
  /** When all that was first sent was there, and none of it corrected. */
  before: string;
}

/** Registers and uploads through the front door; meters go to their present owners once their day was sent. */
export async function load(loader: Caller, world: PolicyWorld): Promise<Loaded> {
  const moved = world.enterprises.flatMap(({ before, ...one }) => (before ? [{ ...one, area: before }] : []));
  const sold = world.buildings.flatMap(({ ownerBefore, ...one }) => ownerBefore ? [{ ...one, owner: ownerBefore }] : []); // prettier-ignore
  // What was registered before is registered before: the hub keeps it by itself.
  await has(loader, { enterprises: moved.map(enterpriseInput) });
  await has(loader, {
    enterprises: world.enterprises.map(enterpriseInput),
    buildings: sold.map(buildingInput),
  });
  await has(loader, {
    buildings: world.buildings.map(buildingInput),
    meters: world.meters.map((meter) => meterInput({ ...meter, ...meter.former })),
  });
  const { readings } = world;
  await send(loader, world, readings.map(({ first, ...reading }) => ({ ...reading, values: first ?? reading.values })), 'accepted'); // prettier-ignore
  const before = new Date().toISOString();
  await has(loader, { meters: world.meters.filter(({ former }) => former).map(meterInput) });
  await send(loader, world, readings.filter(({ first }) => first), 'corrected'); // prettier-ignore
  const given = await has(loader, {
    audits: world.audits.map(({ building }) => auditInput(building)),
    reviews: world.reviews.map(({ enterprise }) => reviewInput(enterprise)),
    inspections: world.inspections.map(({ enterprise, id }) => inspectionInput(enterprise, id)),
  });
  const named = (ids: string[], rows: { id: string }[]): [string, string][] =>
    ids.map((id, index) => [id, rows[index]!.id]);
  const names = new Map([
    ...named(given.audits, world.audits),
    ...named(given.reviews, world.reviews),
    ...named(given.inspections, world.inspections),
  ]);
  return { names, before };
}

async function send(
  loader: Caller,
  { meters }: PolicyWorld,
  readings: Pick<ReadingRow, 'meter' | 'values'>[],
  fate: 'accepted' | 'corrected',
): Promise<void> {
  if (readings.length === 0) return;
  const intervals = new Map(meters.map(({ id, interval }) => [id, interval]));
  const lines = readings.map(({ meter, values }) => ({
    ...{ meter, date: READING_DAY, interval: intervals.get(meter), values },
  }));
  const { json } = await loader.upload(lines);
  if (json[fate] !== lines.length) throw new Error(`not everything was loaded: ${JSON.stringify(json)}`);
}

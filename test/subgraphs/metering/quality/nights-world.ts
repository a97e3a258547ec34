import { qualityNights } from '../../../../subgraphs/metering/quality/nights/repository.js';
import { ReadingsWorld, testServer } from '../readings/readings-world.js';

/** A hub whose night began at the last midnight, whatever the hour of the test. */
export async function openNights(): Promise<ReadingsWorld> {
  const world = await ReadingsWorld.open(testServer());
  await world.rows(`update metering.quality_edition set status = 'SUPERSEDED'`);
  await world.rows(`insert into metering.quality_edition (number, status, reason, proposed_by, adopted_by, adopted_at)
    values (2, 'ADOPTED', 'at midnight', 'one', 'other', now())`);
  await world.rows(`insert into metering.quality_setting values (2, 'INDEX', 'hour', 0)`);
  return world;
}

/** Forgets what ran as well. */
export async function clearNights(world: ReadingsWorld): Promise<void> {
  await world.clear();
  await world.rows('delete from metering.quality_night');
  await world.rows('delete from metering.reminded_day');
}

const hub = (world: ReadingsWorld, areas = ['']) =>
  world.session('hub', { 'quality:write': { areas, subjects: [] } });

/** What the chore finds due: days and months. */
export async function due(world: ReadingsWorld, areas?: string[]): Promise<string[]> {
  return (await qualityNights.due(hub(world, areas))).map(({ object }) => object);
}

/** The chore as the hub does it; then what is due after it. */
export async function night(world: ReadingsWorld): Promise<string[]> {
  await qualityNights.perform(hub(world), await qualityNights.due(hub(world)));
  return due(world);
}

/** A day of the calendar in China. */
export async function ago(world: ReadingsWorld, days: number): Promise<string> {
  const [row] = await world.rows<{ day: string }>(
    `select ((now() at time zone 'Asia/Shanghai')::date - $1::integer)::text as day`,
    [days],
  );
  return row!.day;
}

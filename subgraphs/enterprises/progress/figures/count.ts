import { AccessState, type AccessUnit } from '../entities.js';
import { AccessFigures } from './entities.js';

const CONNECTED: readonly AccessState[] = [AccessState.CONNECTED, AccessState.UPLOADING];

/** By area and class, and by area over all classes; places are given among the areas of one class. */
export function figuresOf(units: readonly AccessUnit[], on: string): AccessFigures[] {
  const groups = [
    ...Map.groupBy(units, ({ area }) => `${area} `).values(),
    ...Map.groupBy(units, ({ area, unitClass }) => `${area} ${unitClass}`).values(),
  ];
  const counted = groups.map((group, place) => {
    const { area, unitClass } = group[0]!;
    const isOfAll = place < new Set(units.map((unit) => unit.area)).size;
    return countOf(group, area, isOfAll ? null : unitClass, on);
  });
  for (const ofClass of Map.groupBy(counted, ({ unitClass }) => unitClass).values()) rank(ofClass);
  return counted.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** All units as one, whatever their areas. */
export function countOf(
  units: readonly AccessUnit[],
  area: string,
  unitClass: string | null,
  on: string,
): AccessFigures {
  const count = (isMeant: (unit: AccessUnit) => boolean): number => units.filter(isMeant).length;
  const connected = count(({ state }) => CONNECTED.includes(state));
  const uploading = count(({ state }) => state === AccessState.UPLOADING);
  return Object.assign(new AccessFigures(), {
    area,
    unitClass,
    toConnect: units.length,
    plannedByNow: count(({ plannedOn }) => plannedOn !== null && plannedOn <= on),
    unplanned: count(({ plannedOn }) => plannedOn === null),
    building: count(({ state }) => state === AccessState.BUILDING),
    connected,
    uploading,
    complete: count(({ isComplete }) => isComplete === true),
    overdue: count(({ isOverdue }) => isOverdue),
    connectedShare: share(connected, units.length),
    uploadingShare: share(uploading, units.length),
    rank: 1,
  });
}

/** Order of a list of figures: by area, all classes first. */
export function keyOf({ area, unitClass }: AccessFigures): string {
  return `${area} ${unitClass ?? ''}`;
}

/** Per cent with two decimals, rounded down; of nothing it is 0. */
export function share(part: number, whole: number): string {
  const hundredths = whole === 0 ? 0 : Math.floor((part * 10_000) / whole);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}

function rank(figures: AccessFigures[]): void {
  const isBetter = (one: AccessFigures, than: AccessFigures): boolean =>
    compared(one, than, 'uploading') ||
    (!compared(than, one, 'uploading') && compared(one, than, 'connected'));
  for (const one of figures) one.rank = 1 + figures.filter((other) => isBetter(other, one)).length;
}

/** By the counts themselves: rounded shares would make places equal that are not. */
function compared(one: AccessFigures, than: AccessFigures, by: 'uploading' | 'connected'): boolean {
  return one[by] * than.toConnect > than[by] * one.toConnect;
}

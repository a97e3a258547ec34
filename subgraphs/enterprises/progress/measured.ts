import { AccessEnergyClass, AccessState, AccessUnit } from './entities.js';
import { quarterOfDay } from './quarters.js';

/** A key unit with its plan, where it has one. */
export interface PlannedUnit {
  uscc: string;
  area: string;
  unitClass: string;
  classBasis: string;
  byEnergy: string | null;
  plannedOn: string | null;
  organ: string | null;
  batch: string | null;
  buildingSince: string | null;
  energyClasses: string[] | null;
}

/** What the room of metering measured of a unit, or of one energy class of it. */
export interface Gate {
  uscc: string;
  energyClass: string | null;
  meters: number;
  daysOnTime: number;
  lastOnTime: string | null;
}

export interface Looked {
  /** The day that is looked at, and how many days up to it. */
  on: string;
  days: number;
  /** The last day that is over. */
  over: string;
  /** By which all of its class are wanted in its area. */
  wantedBy: string | null;
}

/** A unit as its plan says and its meters show. */
export function measured(unit: PlannedUnit, gates: readonly Gate[], looked: Looked): AccessUnit {
  const whole = gates.find(({ energyClass }) => energyClass === null);
  const { meters: gateMeters = 0, daysOnTime = 0, lastOnTime = null } = whole ?? {};
  const state = stateOf(unit, gateMeters, daysOnTime, looked);
  const dueOn = unit.plannedOn ?? looked.wantedBy;
  const energyClasses = classesOf(unit.energyClasses ?? [], gates, looked.days);
  const declared = energyClasses.filter(({ isDeclared }) => isDeclared);
  const { byEnergy: classByEnergy, energyClasses: _declared, ...rest } = unit;
  return Object.assign(new AccessUnit(), rest, {
    classByEnergy,
    plannedQuarter: unit.plannedOn && quarterOfDay(unit.plannedOn),
    dueOn,
    state,
    isOverdue: dueOn !== null && dueOn <= looked.over && state !== AccessState.UPLOADING,
    gateMeters,
    daysAsked: looked.days,
    daysOnTime,
    lastOnTime,
    energyClasses,
    isComplete: declared.length === 0 ? null : declared.every(({ isUploading }) => isUploading),
  });
}

function stateOf(unit: PlannedUnit, gateMeters: number, daysOnTime: number, looked: Looked): AccessState {
  if (gateMeters > 0) return daysOnTime >= looked.days ? AccessState.UPLOADING : AccessState.CONNECTED;
  if (unit.buildingSince !== null && unit.buildingSince <= looked.on) return AccessState.BUILDING;
  return unit.plannedOn === null ? AccessState.UNPLANNED : AccessState.PLANNED;
}

function classesOf(declared: readonly string[], gates: readonly Gate[], days: number): AccessEnergyClass[] {
  const metered = gates.flatMap(({ energyClass }) => energyClass ?? []);
  return [...new Set([...declared, ...metered])].toSorted().map((energyClass) => {
    const gate = gates.find((one) => one.energyClass === energyClass);
    const daysOnTime = gate?.daysOnTime ?? 0;
    return Object.assign(new AccessEnergyClass(), {
      energyClass,
      isDeclared: declared.includes(energyClass),
      gateMeters: gate?.meters ?? 0,
      daysOnTime,
      isUploading: gate !== undefined && daysOnTime >= days,
    });
  });
}

import { Refusal } from '../../../gateway/errors.js';
import type { Meter } from '../entities.js';
import type { MeterInput } from '../inputs.js';

/** Of a meter as it is registered: its place in the tree, and what stays when a registration leaves it out. */
export type StoredMeter = Pick<
  Meter,
  'id' | 'parent' | 'level' | 'building' | 'subject' | 'kind' | 'multiplier' | 'intervalMinutes' | 'timeZone'
>;

/** A unit of the closed list, and the class of energy that it measures. */
export interface KnownUnit {
  energyClass: string;
  unit: string;
}

type Description = Pick<
  Meter,
  'energyItem' | 'unit' | 'kind' | 'multiplier' | 'intervalMinutes' | 'timeZone'
>;

const KINDS: readonly string[] = ['INTERVAL', 'REGISTER'];

/** What a meter measures and how it shows it. What the input leaves out stays as it is stored. */
export function described(
  input: MeterInput,
  stored: StoredMeter | undefined,
  units: readonly KnownUnit[],
): Description {
  const kind = input.kind ?? stored?.kind ?? 'INTERVAL';
  if (!KINDS.includes(kind)) throw bad(`${input.id}: kind is INTERVAL or REGISTER, was ${kind}.`);
  return {
    energyItem: input.energyItem,
    unit: checkedUnit(input, units),
    kind,
    multiplier: input.multiplier ?? stored?.multiplier ?? '1',
    intervalMinutes: input.intervalMinutes ?? stored?.intervalMinutes ?? 15,
    timeZone: checkedZone(input, stored),
  };
}

function checkedZone({ id, timeZone }: MeterInput, stored: StoredMeter | undefined): string {
  const name = timeZone ?? stored?.timeZone ?? 'Asia/Shanghai';
  if (isTimeZone(name)) return name;
  throw bad(`${id}: ${name} is not an IANA time zone.`);
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Where it is: as given, or else as it is stored. An owner alone is a meter without building. */
export function placed(
  { buildingId, enterpriseUscc }: MeterInput,
  stored: StoredMeter | undefined,
): { building: string | null; owner: string | null } {
  const building = buildingId === undefined && !enterpriseUscc ? stored?.building : buildingId;
  return { building: building ?? null, owner: enterpriseUscc ?? stored?.subject ?? null };
}

/** The unit as the list spells it: m³, ㎥ and M3 are m3. Full-width characters and case do not count. */
export function spelledUnit(unit: string, ofClass: readonly KnownUnit[]): string | undefined {
  const plain = (text: string): string => text.normalize('NFKC').trim().toLowerCase();
  return ofClass.find((known) => plain(known.unit) === plain(unit))?.unit;
}

function checkedUnit({ id, energyItem, unit }: MeterInput, units: readonly KnownUnit[]): string {
  const energyClass = energyItem.slice(0, 2);
  const ofClass = units.filter((known) => known.energyClass === energyClass);
  if (ofClass.length === 0)
    throw bad(
      `${id}: ${energyClass} is no energy class.`,
      'energyItems lists the classes; the first two characters of energyItem are one of them.',
    );
  const found = spelledUnit(unit, ofClass);
  if (found) return found;
  const list = ofClass.map((known) => known.unit).join(', ');
  throw bad(
    `${id}: energy of class ${energyClass} is not measured in ${unit}.`,
    `Use one of ${list}; energyUnits lists the units of each class.`,
  );
}

/** A meter in the tree of parents. */
export type Member = Pick<Meter, 'id' | 'parent' | 'level'>;

/**
 * Whether each meter stands below its parent and above its children. `relatives` are the meters above and below that
 * are stored; what is registered now counts before what is stored.
 *
 * @throws Refusal BAD_USER_INPUT naming the first that does not, or the circle that it would close.
 */
export function checkFamilies(registered: readonly Member[], relatives: readonly Member[]): void {
  const members = new Map([...relatives, ...registered].map((member) => [member.id, member]));
  for (const member of registered) checkParents(member, members);
  for (const child of members.values()) {
    const parent = child.parent === null ? undefined : members.get(child.parent);
    if (parent && parent.level >= child.level)
      throw bad(
        `${child.id} (level ${child.level}) cannot stand below ${parent.id} (level ${parent.level}).`,
        'A parent is of a lower level than the meters below it: 1 gate, 2 main sub-unit, 3 main equipment.',
      );
  }
}

function checkParents({ id, parent }: Member, members: ReadonlyMap<string, Member>): void {
  const chain = [id];
  for (let above = parent; above !== null;) {
    chain.push(above);
    if (above === id)
      throw bad(`${id} would stand below itself: ${chain.join(' → ')}.`, 'Name another parent.');
    // A circle that this meter is no part of is told of by those that are.
    if (chain.indexOf(above) < chain.length - 1) return;
    const next = members.get(above);
    if (!next && above === parent)
      throw bad(
        `${id}: its parent ${above} is not among the meters that you may see.`,
        'Register the parent first, or in the same list.',
      );
    above = next?.parent ?? null;
  }
}

function bad(message: string, remedy?: string): Refusal {
  return new Refusal('BAD_USER_INPUT', { message, ...(remedy && { remedy }) });
}

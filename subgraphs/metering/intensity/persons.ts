import { Refusal } from '../../../gateway/errors.js';
import type { Building } from '../entities.js';

const DAY = 86_400_000;
const dayOf = (date: string): number => Date.parse(date) / DAY;

/** Days of a period, and over them the persons of each added up: their quotient is the mean. */
export interface PersonDays {
  days: number;
  personDays: number;
}

/** @throws Refusal NOT_FOUND where the number is not known for all of the period. */
export function personDaysOf(
  { id, occupancy = [] }: Building,
  { from, to }: { from: string; to: string },
): PersonDays {
  const known = occupancy.toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1));
  const [first] = known;
  if (!first || first.validFrom > from) {
    throw new Refusal('NOT_FOUND', {
      rule: 'intensity/persons',
      message: `How many people use ${id} is not known ${first ? `before ${first.validFrom}` : 'at all'}.`,
      remedy: 'Register it (registerBuildings, occupancy), or ask for a later period.',
    });
  }
  const end = dayOf(to) + 1;
  const personDays = known.reduce((sum, { validFrom, persons }, place) => {
    const begins = Math.max(dayOf(validFrom), dayOf(from));
    const ends = Math.min(end, dayOf(known[place + 1]?.validFrom ?? to) + (known[place + 1] ? 0 : 1));
    return sum + persons * Math.max(0, ends - begins);
  }, 0);
  return { days: end - dayOf(from), personDays };
}

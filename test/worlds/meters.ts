/** Meters of a world and what hangs on them. */

/** Where a meter is registered: in a building, or with an enterprise without one. */
export interface Site {
  building: string | null;
  enterprise: string | null;
}

export interface MeterRow extends Site {
  id: string;
  /** Where it was registered while its day was read and judged; null: it stands where it stood. */
  former: Site | null;
  level: number;
  energyItem: string;
  interval: number;
}

/** The one day of the world, as decimal text; null is missing. */
export interface ReadingRow {
  meter: string;
  values: (string | null)[];
  /** What was sent first, before the meter went to its present owner; null: it was right at once. */
  first: (string | null)[] | null;
  /** Whether what its counter showed is kept with it. */
  isCounted: boolean;
}

/** The appliance that stands at a meter. */
export interface DeviceRow {
  id: string;
  meter: string;
  /** Whether it has a certificate. */
  isVerified: boolean;
}

/** A place of an enterprise that should have a meter. */
export interface PlaceRow {
  id: string;
  enterprise: string;
  /** Energy class. */
  energyKind: string;
  level: number;
  meter: string | null;
}

/** What a rule of the night, which no upload finds, found in a day of a meter; it opens a case of its own. */
export interface FindingRow {
  meter: string;
  rule: 'COMPLETENESS' | 'TIMELINESS' | 'DAY_MONTH';
}

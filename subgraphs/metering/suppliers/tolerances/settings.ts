import type { AreaSettings } from '../../../runtime/area-settings.js';

/** How far supplied and metered may differ and still agree. */
export const SUPPLY_TOLERANCES = {
  room: 'metering',
  name: 'supply_tolerance',
  key: ['energy_class', 'text not null references metering.energy_class'],
  values: { percent: 'numeric not null check (percent between 0 and 100 and scale(percent) <= 4)' },
} satisfies AreaSettings;

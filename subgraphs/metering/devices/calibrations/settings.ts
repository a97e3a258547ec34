import type { AreaSettings } from '../../../runtime/area-settings.js';

/** How long a verification of a kind of instrument holds. */
export const VERIFICATION_INTERVALS = {
  room: 'metering',
  name: 'verification_interval',
  key: ['code', 'text not null references metering.verification_interval'],
  values: { months: 'smallint not null check (months between 1 and 600)' },
} satisfies AreaSettings;

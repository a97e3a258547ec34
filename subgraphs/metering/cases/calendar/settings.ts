import type { AreaSettings } from '../../../runtime/area-settings.js';

/** Days that are not what their weekday says. */
export const CALENDAR_DAYS = {
  room: 'metering',
  name: 'calendar_day',
  key: ['date', "date not null check (date between '2000-01-01' and '2100-12-31')"],
  values: {
    kind: "text not null check (kind in ('HOLIDAY', 'WORKING_DAY'))",
    name_zh: 'text not null check (length(name_zh) between 1 and 100)',
  },
} satisfies AreaSettings;

import { lastSet, settingsTable } from '../../runtime/area-settings.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { VERIFICATION_INTERVALS } from '../devices/calibrations/settings.js';

/** How long a verification holds: as delivered, and what admins set for their areas. Setting it again is its next version. */
const INTERVALS = `
  ${settingsTable(VERIFICATION_INTERVALS)}

  create view metering.known_verification_interval with (security_invoker = true) as
    select code || ' 100000' as id, code, name_zh, name_en, regulation, months, note, '100000' as area, 0 as version, source,
      confidence, verified, null::text as set_by, null::timestamptz as set_at
    from metering.verification_interval
    union all
    select code || ' ' || area || '.' || version, code, name_zh, name_en, regulation, said.months, null, area, version,
      said.source, 'high', true, set_by, set_at
    from ${lastSet(VERIFICATION_INTERVALS)} join metering.verification_interval using (code);
  grant select on metering.known_verification_interval to hub_rooms;

  -- The nearest area that says something counts; what was set for the nation comes before what was delivered.
  create function metering.verification_interval_of(kind text, place text)
  returns setof metering.known_verification_interval language sql stable as $$
    select * from metering.known_verification_interval
    where code = kind and (area = '100000' or starts_with(place, regexp_replace(area, '(00)+$', '')))
    order by area = '100000', length(regexp_replace(area, '(00)+$', '')) desc, version desc limit 1
  $$;
  revoke execute on function metering.verification_interval_of(text, text) from public;
  grant execute on function metering.verification_interval_of(text, text) to hub_rooms;
`;

export const metering042: RoomMigration = { name: '042-intervals', sql: INTERVALS };

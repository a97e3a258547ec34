import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, type ReachColumns } from '../../runtime/reach.js';
import { unitOf } from '../readings/unit-of-scale.js';
import { dueOf, presentOf } from '../rollups/clock.js';

const OF_BLOCK: ReachColumns = {
  area: 'block.area',
  subject: 'block.subject',
  limited: { column: 'block.meter', among: limitedFunction('metering.meter') },
};

/**
 * Months of single meters for who may be told no days. It runs as its owner and is the only way to them: it answers
 * whole months that are closed, and of those nothing but the sum.
 */
export const metering050: RoomMigration = {
  name: '050-months',
  sql: `
    create function metering.meter_months(ids text[], first_month date, last_month date)
    returns table (month date, meter text, subject text, area text, total numeric, meter_days bigint, present bigint,
      due bigint)
    language sql stable security definer set search_path = pg_catalog as $$
      select month::date, block.meter, block.subject, block.area,
        sum(block.total * ${unitOf('block.scale')}), count(*) filter (where block.present > 0),
        sum(${presentOf()}), sum(${dueOf()})
      from generate_series(date_trunc('month', first_month::timestamp), last_month, interval '1 month') as month
      join metering.day_block as block on block.meter = any(ids)
        and block.date >= month and block.date < month + interval '1 month'
      join metering.meter as its on its.id = block.meter
      where metering.is_closed(month::date) and ${mayRead('readings', { ...OF_BLOCK, finest: 'MONTH' })}
        and not ${mayRead('readings', OF_BLOCK)}
      group by 1, 2, 3, 4
    $$;
    revoke execute on function metering.meter_months(text[], date, date) from public;
    grant execute on function metering.meter_months(text[], date, date) to hub_rooms;
  `,
};

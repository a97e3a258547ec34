import type { RoomMigration } from '../../runtime/migrate.js';
import { inMonth } from '../quality/nights/compared.js';
import { FOUND_AGAIN, MONTH_COUNTS } from '../quality/nights/statements.js';
import { WHOLE_HUB } from './032-nights.js';

/**
 * Months of meters of which something was said that their nights could not know. Without a key, so that no upload waits
 * for another; the same month twice is judged once.
 */
const ASKED = `
  create table metering.month_to_judge (
    meter text collate "C" not null,
    month date not null,
    asked_at timestamptz not null default now()
  );
  create index month_to_judge_of on metering.month_to_judge (month, meter);
  alter table metering.month_to_judge enable row level security;
  create index reported_month_in on metering.reported_month (month);
`;

/** So far back an appliance or a certificate that is recorded later changes what was said of days. */
const DAYS_OF_RECORDS = 366;

/** All months since a day, of what was just added. */
const sinceThen = (day: string): string => `
      cross join lateral (select (now() at time zone 'Asia/Shanghai')::date as today) as clock
      cross join lateral generate_series(
        date_trunc('month', greatest(${day}, today - ${DAYS_OF_RECORDS})::timestamp), today, interval '1 month') as month`;

const SAID = `
  create function metering.month_was_reported() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    insert into metering.month_to_judge (meter, month) select distinct meter, month from added;
    return null;
  end $$;
  create trigger judge_again after insert on metering.reported_month referencing new table as added
    for each statement execute function metering.month_was_reported();

  create function metering.days_were_written(meters text[], dates date[]) returns void
  language sql security definer set search_path = pg_catalog as $$
    insert into metering.month_to_judge (meter, month)
      select distinct said.meter, said.month
      from unnest(meters, dates) as one (meter, date) join metering.reported_month as said
        on said.meter = one.meter and said.month = date_trunc('month', one.date)::date
  $$;

  -- Months are reported once they are over, so that most uploads go no further than the first question.
  create function metering.day_was_added() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    if exists (select from (select date_trunc('month', min(date))::date as first, max(date) as last from added) as days
      join metering.reported_month on month between first and last)
    then
      perform metering.days_were_written(array_agg(meter), array_agg(date)) from added;
    end if;
    return null;
  end $$;
  create function metering.day_was_rewritten() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    perform metering.days_were_written(array_agg(meter), array_agg(date))
      from taken join added using (date, meter) where added.version > taken.version;
    return null;
  end $$;
  create trigger judge_again after insert on metering.day_block referencing new table as added
    for each statement execute function metering.day_was_added();
  create trigger judge_rewritten_again after update on metering.day_block referencing old table as taken new table as added
    for each statement execute function metering.day_was_rewritten();
  alter table metering.day_block enable always trigger judge_again;
  alter table metering.day_block enable always trigger judge_rewritten_again;

  -- The last certificate of a day decides, until there is another: so all days since, and since the one that it corrects.
  create function metering.calibration_was_recorded() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    insert into metering.month_to_judge (meter, month)
      select distinct added.meter, month::date
      from added left join metering.calibration as former on former.device = added.device and former.id = added.corrects
      ${sinceThen('least(added.calibrated_on, former.calibrated_on)')};
    return null;
  end $$;
  create trigger judge_again after insert on metering.calibration referencing new table as added
    for each statement execute function metering.calibration_was_recorded();

  create function metering.device_was_recorded() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
  begin
    insert into metering.month_to_judge (meter, month)
      select distinct added.meter, month::date
      from added join metering.meter as known on known.id = added.meter
      ${sinceThen('(added.installed_at at time zone time_zone)::date')};
    return null;
  end $$;
  create trigger judge_again after insert on metering.device referencing new table as added
    for each statement execute function metering.device_was_recorded();

  revoke execute on function metering.month_was_reported(), metering.days_were_written(text[], date[]), metering.day_was_added(),
    metering.day_was_rewritten(), metering.calibration_was_recorded(),
    metering.device_was_recorded() from public;
`;

const WAS_JUDGED = `exists (select from metering.quality_day as day
        where day.meter = asked.meter and ${inMonth('day.date', 'asked.month')})`;

const JUDGING = `
  -- Once a night: what was said before it of months of which any day was judged. The others their own nights will judge.
  create function metering.quality_months_due() returns setof date
  language sql stable security definer set search_path = pg_catalog as $$
    select distinct month from metering.month_to_judge as asked
    where ${WHOLE_HUB} and asked_at < metering.night_began() and ${WAS_JUDGED}
  $$;

  create function metering.judge_month_again(of_month date) returns void
  language plpgsql security definer set search_path = pg_catalog as $$
  #variable_conflict use_column
  declare
    by_edition integer;
    meters text[];
    of_day date;
  begin
    if not ${WHOLE_HUB} then raise exception 'the nightly pass judges the whole hub' using errcode = '42501'; end if;
    perform pg_advisory_xact_lock(hashtext('metering.quality_night'));
    select number into by_edition from metering.quality_edition where status = 'ADOPTED';
    delete from metering.month_to_judge as asked where asked_at < metering.night_began() and not ${WAS_JUDGED};
    with asked as (delete from metering.month_to_judge where month = of_month returning meter)
      select array_agg(distinct meter) into meters from asked;
    ${MONTH_COUNTS}
    for of_day in select distinct date from metering.quality_day
      where meter = any(meters) and ${inMonth('date', 'of_month')} order by 1
    loop
      ${FOUND_AGAIN}
    end loop;
  end $$;

  revoke execute on function metering.quality_months_due(), metering.judge_month_again(date) from public;
  grant execute on function metering.quality_months_due(), metering.judge_month_again(date) to hub_rooms;
`;

export const metering039: RoomMigration = { name: '039-months-again', sql: ASKED + SAID + JUDGING };

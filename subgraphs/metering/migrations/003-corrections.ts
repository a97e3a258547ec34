import { appliedCorrections } from '../../runtime/correctable.js';
import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayDo, mayRead } from '../../runtime/reach.js';

const REACH = { area: 'stored.area', subject: 'stored.subject' };
/** Only who sees a day as it was metered has it corrected, or approves that. */
const IS_SEEN = mayRead('readings', {
  ...REACH,
  limited: { column: 'wanted_meter', among: limitedFunction('metering.meter') },
  finest: 'AS_METERED',
});

/** What a correction has to know of a day, as far as it lies in reach of those who may propose one. */
const COMPARE = `
  create function metering.day_to_correct(wanted_meter text, wanted_date date) returns jsonb
  language plpgsql stable security definer set search_path = pg_catalog as $$
  declare
    stored metering.day_block;
  begin
    select * into stored from metering.day_block where date = wanted_date and meter = wanted_meter;
    if not coalesce(${mayDo('corrections', 'write', REACH)} and ${IS_SEEN}, false) then return null; end if;
    return jsonb_build_object('area', stored.area, 'subject', stored.subject, 'version', stored.version,
      'interval', stored.interval_minutes, 'scale', stored.scale, 'values', stored.values::text[]);
  end $$;
`;

/** The trigger of the table keeps the old version; it is kept here once more, whole, with who changed it and why. */
const CORRECT = `
  create function metering.correct_day(correction_id text, proposer text, wanted_meter text, wanted_date date,
    expected_version integer, new_interval smallint, new_scale smallint, new_values bigint[], new_total bigint,
    new_present smallint, out outcome text, out new_version integer)
  language plpgsql security definer set search_path = pg_catalog as $$
  declare
    stored metering.day_block;
    changed metering.day_block;
  begin
    select * into stored from metering.day_block where date = wanted_date and meter = wanted_meter for update;
    if not coalesce(${mayDo('corrections', 'approve', { ...REACH, subject: null })} and ${IS_SEEN}, false) then
      outcome := 'OUT_OF_REACH';
      return;
    end if;
    if proposer = runtime.caller() then
      outcome := 'FOUR_EYES';
      return;
    end if;
    select 'APPLIED', version into outcome, new_version from metering.applied_correction where correction = correction_id;
    if found then return; end if;
    if stored.version <> expected_version then
      outcome := 'STALE';
      return;
    end if;
    update metering.day_block set interval_minutes = new_interval, scale = new_scale, values = new_values,
        total = new_total, present = new_present, quality = null, batch = correction_id
      where date = wanted_date and meter = wanted_meter
      returning * into changed;
    insert into metering.applied_correction (correction, kind, record, date, area, subject, before, after, version,
        proposed_by)
      values (correction_id, 'METER_DAY', wanted_meter, wanted_date, stored.area, stored.subject, to_jsonb(stored),
        to_jsonb(changed), changed.version, proposer);
    outcome := 'APPLIED';
    new_version := changed.version;
  end $$;
`;

const DAY = 'metering.day_to_correct(text, date)';
const CORRECTING =
  'metering.correct_day(text, text, text, date, integer, smallint, smallint, bigint[], bigint, smallint)';

export const metering003: RoomMigration = {
  name: '003-corrections',
  sql: `
    ${appliedCorrections('metering')}
    ${COMPARE}
    ${CORRECT}
    revoke execute on function ${DAY}, ${CORRECTING} from public;
    grant execute on function ${DAY}, ${CORRECTING} to hub_rooms;
    ${appendOnly('metering.day_block_superseded')}
    ${appendOnly('metering.quarantined_line')}
  `,
};

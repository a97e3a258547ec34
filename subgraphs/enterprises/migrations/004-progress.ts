import { appendOnly } from '../../runtime/history.js';
import type { RoomMigration } from '../../runtime/migrate.js';
import { limitedFunction, mayRead, mayWrite, type ReachColumns } from '../../runtime/reach.js';
import { readReference, referenceInsert, referenceTable } from '../../runtime/reference.js';

const CLASS = `check (unit_class in ('BAIJIA', 'QIANJIA', 'WANJIA'))`;
const QUARTER = `check (quarter ~ '^20[0-9]{2}Q[1-4]$')`;
const LONGEST_TEXT = 10_000;

/** A designation counts before the figure; the view has the unit's own rows and policies below it. */
const CLASSES = (): string =>
  referenceTable(
    'enterprises.key_unit_class',
    `code text primary key, name_zh text not null, name_en text not null, least_tce numeric not null, note text`,
    readReference(import.meta.url, 'key_unit_classes.csv'),
  ) +
  `
    create view enterprises.key_unit with (security_invoker = true) as
      select uscc, area, coalesce(unit_class, by_energy) as unit_class, by_energy,
        case when unit_class is null then 'BY_ENERGY' else 'DESIGNATED' end as class_basis
      from enterprises.enterprise
      left join lateral (
        select code as by_energy from enterprises.key_unit_class where annual_tce >= least_tce
        order by least_tce desc limit 1
      ) as figure on true
      where unit_class is not null or by_energy is not null;
    grant select on enterprises.key_unit to hub_rooms;
  `;

/** The database numbers what is added and says who added it and when. */
function numbered(table: string, keys: readonly string[], by: string, at: string): string {
  const name = `number_${table}`;
  return `
    create function enterprises.${name}() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
    begin
      perform pg_advisory_xact_lock(hashtextextended('enterprises.${table} ' || new.${keys[0]}, 0));
      select coalesce(max(version), 0) + 1 into new.version from enterprises.${table}
        where ${keys.map((key) => `${key} = new.${key}`).join(' and ')};
      new.${by} := coalesce(runtime.caller(), 'hub');
      new.${at} := now();
      return new;
    end $$;
    revoke execute on function enterprises.${name}() from public;
    create trigger number before insert on enterprises.${table} for each row execute function enterprises.${name}();
    ${appendOnly(`enterprises.${table}`)}`;
}

/** What is configured by area: delivered rows and those that admins gave since, for everybody to read. */
function configuration(table: string, key: readonly string[], columns: string, file: string): string {
  return `
    create table enterprises.${table} (
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      ${columns},
      version integer not null,
      source text not null check (length(source) between 1 and 500),
      confidence text not null default 'high' check (confidence in ('high', 'medium', 'low', 'unverified')),
      verified boolean not null generated always as (confidence = 'high') stored,
      added_by text not null,
      added_at timestamptz not null,
      primary key (${key.join(', ')}, version)
    );
    alter table enterprises.${table} enable row level security;
    create policy reading on enterprises.${table} for select to hub_rooms using (true);
    create policy adding on enterprises.${table} for insert to hub_rooms
      with check (${mayWrite('scopes', { subject: null })});
    ${numbered(table, key, 'added_by', 'added_at')}
    ${referenceInsert(`enterprises.${table}`, readReference(import.meta.url, file))};`;
}

const CONFIGURATION = (): string => `
    ${configuration(
      'progress_target',
      ['area', 'unit_class', 'until'],
      `unit_class text not null ${CLASS}, until date not null,
      share numeric null check (share between 0 and 100 and scale(share) <= 2),
      units integer null check (units between 0 and 1000000), check (num_nonnulls(share, units) = 1)`,
      'progress_targets.csv',
    )}
    grant select, insert (area, unit_class, until, share, units, source) on enterprises.progress_target to hub_rooms;
    ${configuration(
      'progress_setting',
      ['area', 'code'],
      `code text not null, value numeric not null, check (case code
        when 'UPLOAD_DAYS' then value between 1 and 92 and scale(value) = 0
        when 'DAY_DEADLINE' then value between 0 and 720
        when 'DAY_COMPLETENESS' then value between 0 and 100
        when 'REPORT_DUE_DAY' then value between 1 and 28 and scale(value) = 0
        else false end)`,
      'progress_settings.csv',
    )}
    grant select, insert (area, code, value, source) on enterprises.progress_setting to hub_rooms;`;

const OF_UNIT: ReachColumns = {
  area: 'its.area',
  subject: 'its.uscc',
  limited: { column: 'its.uscc', among: limitedFunction('enterprises.enterprise') },
};

/** A plan lies where its unit lies: who sees the unit sees its plan, who may write the unit plans for it. */
const PLANS = `
    create table enterprises.access_plan (
      uscc text not null references enterprises.enterprise,
      version integer not null,
      planned_on date not null check (planned_on between '2000-01-01' and '2100-12-31'),
      organ text not null check (length(organ) between 1 and 200),
      batch text check (length(batch) between 1 and 100),
      building_since date,
      energy_classes text[] not null default '{}',
      planned_by text not null,
      planned_at timestamptz not null,
      primary key (uscc, version),
      constraint energy_classes_of_two_digits check (array_to_string(energy_classes, ',', '?') ~ '^([0-9]{2}(,[0-9]{2})*)?$')
    );
    alter table enterprises.access_plan enable row level security;
    create policy reading on enterprises.access_plan for select to hub_rooms
      using (uscc in (select uscc from enterprises.enterprise));
    create policy adding on enterprises.access_plan for insert to hub_rooms
      with check (exists (select from enterprises.enterprise as its
        where its.uscc = access_plan.uscc and ${mayWrite('enterprises', OF_UNIT)}));
    grant select, insert (uscc, planned_on, organ, batch, building_since, energy_classes) on enterprises.access_plan
      to hub_rooms;
    ${numbered('access_plan', ['uscc'], 'planned_by', 'planned_at')}

    create view enterprises.known_access_plan with (security_invoker = true) as
      select plan.*, area from enterprises.access_plan as plan join enterprises.enterprise using (uscc);
    grant select on enterprises.known_access_plan to hub_rooms;`;

/** A report is about a district, not about a subject; figures are kept as they were when it was handed in. */
const REPORTS = `
    create table enterprises.access_report (
      area text not null check (area ~ '^[1-9][0-9]{5}$'),
      quarter text not null ${QUARTER},
      version integer not null,
      supervision text not null check (length(supervision) between 1 and ${LONGEST_TEXT}),
      problems text not null check (length(problems) between 1 and ${LONGEST_TEXT}),
      suggestions text not null check (length(suggestions) between 1 and ${LONGEST_TEXT}),
      figures jsonb not null,
      due_on date not null,
      is_late boolean not null generated always as ((submitted_at at time zone 'Asia/Shanghai')::date > due_on) stored,
      submitted_by text not null,
      submitted_at timestamptz not null,
      primary key (area, quarter, version)
    );
    alter table enterprises.access_report enable row level security;
    create policy reading on enterprises.access_report for select to hub_rooms
      using (${mayRead('enterprises', { subject: null })});
    create policy adding on enterprises.access_report for insert to hub_rooms
      with check (${mayWrite('enterprises', { subject: null })});
    grant select, insert (area, quarter, supervision, problems, suggestions, figures, due_on) on enterprises.access_report
      to hub_rooms;
    ${numbered('access_report', ['area', 'quarter'], 'submitted_by', 'submitted_at')}

    -- Who sees a unit is told what its district owes: whether a report is there it may know without reading it.
    create function enterprises.handed_in(of_quarter text) returns setof text
    language sql stable security definer set search_path = pg_catalog as $$
      select distinct area from enterprises.access_report as report where quarter = of_quarter
        and exists (select from enterprises.enterprise as its
          where its.area = report.area and ${mayRead('enterprises', OF_UNIT)})
    $$;
    revoke execute on function enterprises.handed_in(text) from public;
    grant execute on function enterprises.handed_in(text) to hub_rooms;`;

export const enterprises004: RoomMigration = {
  name: '004-progress',
  // Read when it is asked for: a process that migrates nothing reads no tables.
  get sql() {
    return CLASSES() + CONFIGURATION() + PLANS + REPORTS;
  },
};

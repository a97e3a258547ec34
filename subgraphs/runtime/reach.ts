import type { Action, Category } from '../../gateway/policy/categories.js';
import type { Granularity } from '../../gateway/policy/limits.js';

/** What of a row the limits of a reach are compared with, as SQL over its columns; left out where a row has none. */
export interface Marks {
  energyKind?: string;
  buildingType?: string;
  meterLevel?: string;
}

export interface ReachColumns {
  area?: string;
  /** `null` where rows belong to no subject. */
  subject?: string | null;
  /** Column with the tenant that owns the row: it sees its own rows whatever its areas are, once the category is granted. */
  tenant?: string;
  /**
   * How rows under a limited reach are found: those whose column is among what the function of {@link limitedRows}
   * answers. Left out, no limited reach covers a row.
   */
  limited?: { column: string; among: string };
  /**
   * What rows under a limited reach tell: values as they came, or sums of hours, days, months. Only those that may be
   * seen as fine as that are covered; rows of days, unless said otherwise.
   */
  finest?: Granularity;
  /** For sums of days, which carry what limits are compared with: they are compared row by row, and nothing is called. */
  marks?: Marks;
}

type ReachQuestion = { category: Category; action: Action | null };

/** The predicate for reading: rows in reach of any action that the grant gives for the category. */
export function mayRead(category: Category, columns: ReachColumns = {}): string {
  const reach = reaches(`runtime.areas('${category}')`, `runtime.subjects('${category}')`, columns);
  const all = either(reach, underLimits({ category, action: null }, columns));
  return withTenant(all, `runtime.granted('${category}')`, columns.tenant);
}

/** The predicate for writing: rows in reach of the category's write permission. */
export function mayWrite(category: Category, columns: ReachColumns = {}): string {
  return mayDo(category, 'write', columns);
}

/** The predicate for an action: rows in reach of that permission. */
export function mayDo(category: Category, action: Action, columns: ReachColumns = {}): string {
  const all = either(wholly(category, action, columns), underLimits({ category, action }, columns));
  return withTenant(all, `runtime.granted_to('${category}', '${action}')`, columns.tenant);
}

type Place = Pick<ReachColumns, 'area' | 'subject'>;

function wholly(category: Category, action: Action, columns: Place): string {
  const to = `'${category}', '${action}'`;
  return reaches(`runtime.areas_to(${to})`, `runtime.subjects_to(${to})`, columns);
}

/**
 * SQL that is true for the rows a grant reaches. Each `(select …)` depends on no row, so PostgreSQL evaluates it
 * once a query, not once a row.
 */
function reaches(areas: string, subjects: string, { area = 'area', subject = 'subject' }: Place): string {
  const prefixes = `(select ${areas})::text[]`;
  const clauses = [
    `'' = any(${prefixes})`,
    `left(${area}, 2) = any(${prefixes})`,
    `left(${area}, 4) = any(${prefixes})`,
    `${area} = any(${prefixes})`,
  ];
  if (subject) clauses.push(`${subject} = any((select ${subjects})::text[])`);
  return `(${clauses.join(' or ')})`;
}

/** The rows' keys are looked for once a query, and only by those whose reach is limited. */
function underLimits({ category, action }: ReachQuestion, columns: ReachColumns): string | undefined {
  const { limited, marks, finest = 'DAY' } = columns;
  const asked = `'${category}', ${action ? `'${action}'` : 'null'}`;
  if (marks)
    return `((select runtime.is_limited(${asked})) and ${markedWithin(asked, finest, columns, marks)})`;
  if (!limited) return undefined;
  return `((select runtime.is_limited(${asked})) and ${keyWithin(asked, finest, columns, limited)})`;
}

/** Names of our own for what a reach says, so that the columns of the table can be named as they are. */
const REACH = 'reach (its_area, its_subject, kinds, types, levels, its_finest)';
const NUMBERED_REACH = 'reach (its_area, its_subject, kinds, types, levels, its_finest, its_number)';

/** The limits of a reach, over the columns of a row. */
function meets(area: string, marks: Marks): string {
  const { energyKind = 'null::text', buildingType = 'null::text', meterLevel = 'null::smallint' } = marks;
  return `starts_with(${area}, its_area)
        and (kinds is null or ${energyKind} = any(kinds))
        and (types is null or ${buildingType} = any(types))
        and (levels is null or ${meterLevel} = any(levels))`;
}

/** The reaches are read once a query; a row is compared with each. */
function markedWithin(
  asked: string,
  finest: Granularity,
  { area = 'area', subject = 'subject' }: ReachColumns,
  marks: Marks,
): string {
  return `exists (select from runtime.limited(${asked}) as ${REACH}
        where (its_subject is null or its_subject = ${subject}) and runtime.shows(its_finest, '${finest}')
          and ${meets(area, marks)})`;
}

/**
 * Keys are looked for once a query, with the reach that each is in; a row is in that reach only where it lies there and
 * is about its subject itself. What a key stands for may have had another owner when the row was written.
 */
function keyWithin(
  asked: string,
  finest: Granularity,
  { area = 'area', subject = 'subject' }: ReachColumns,
  { column, among }: NonNullable<ReachColumns['limited']>,
): string {
  return `exists (select from runtime.limited(${asked}) with ordinality as ${NUMBERED_REACH}
        where starts_with(${area}, its_area) and (its_subject is null or its_subject = ${subject ?? 'null'})
          and (${column}, its_number) in (select key, reach from ${among}(${asked}, '${finest}')))`;
}

function either(...clauses: (string | undefined)[]): string {
  return `(${clauses.filter((clause) => clause !== undefined).join(' or ')})`;
}

function withTenant(reach: string, granted: string, tenant: string | undefined): string {
  if (!tenant) return reach;
  return `(${reach} or (${tenant} = (select runtime.caller()) and (select ${granted})))`;
}

export interface LimitedTable {
  table: string;
  /** The column that tells rows apart; text. */
  key: string;
  area?: string;
  subject?: string;
  marks?: Marks;
}

/** `buildings.building` → `buildings.building_limited`: the function that {@link limitedRows} makes. */
export function limitedFunction(table: string): string {
  return `${table}_limited`;
}

/**
 * A function that answers the keys of the rows in limited reaches of a grant, and the number of the reach that each is
 * in: one search by subject or area a reach.
 * It runs as its owner, past row-level security, because it is part of it; it answers with no more than the grant covers.
 */
export function limitedRows({
  table,
  key,
  area = 'area',
  subject = 'subject',
  marks = {},
}: LimitedTable): string {
  const reach = `runtime.limited($1, $2) with ordinality as ${NUMBERED_REACH}`;
  const within = `${meets(area, marks)}
        and runtime.shows(its_finest, $3)`;
  const name = limitedFunction(table);
  return `
    create function ${name}(category text, action text, at_least text) returns table (key text, reach bigint)
    language sql stable security definer set search_path = pg_catalog as $$
      select ${key}, its_number from ${reach} join ${table} on ${subject} = its_subject
      where ${within}
      union all
      select ${key}, its_number from ${reach} cross join ${table}
      where its_subject is null and ${within}
    $$;
    revoke execute on function ${name}(text, text, text) from public;
    grant execute on function ${name}(text, text, text) to hub_rooms;
  `;
}

export interface PolicyColumns extends Pick<ReachColumns, 'area' | 'subject' | 'tenant'> {
  /** Where reaches may be limited (data about subjects): the key of the table and what limits are compared with. */
  limited?: { key: string; marks?: Marks };
}

/**
 * Row-level security for one table of a category: read and write by reach, no delete. The rooms own no table, so it
 * binds them; it is not forced on the owner, whose functions (`security definer`) are the only other way in.
 */
export function reachPolicies(table: string, category: Category, columns: PolicyColumns = {}): string {
  return `
    ${archivePolicies(table, category, columns)}
    create policy changing on ${table} for update to hub_rooms
      using (${mayHold(category, 'write', columns)}) with check (${mayHold(category, 'write', columns)});
  `;
}

/** The same for an archive: what was recorded is read and added to; only a correction changes it (decision 0015). */
export function archivePolicies(table: string, category: Category, columns: PolicyColumns = {}): string {
  return `
    ${columns.limited ? limitedRows({ table, ...placeOf(columns), ...columns.limited }) : ''}
    alter table ${table} enable row level security;
    create policy reading on ${table} for select to hub_rooms using (${mayReadAndReturn(table, category, columns)});
    create policy adding on ${table} for insert to hub_rooms with check (${mayHold(category, 'write', columns)});
  `;
}

/**
 * A row that is being written is not among the keys yet, and has to be seen to be answered with: whoever may write the
 * category under limits has rows compared one by one as well. A grant without limits, or to read alone, never does.
 */
function mayReadAndReturn(table: string, category: Category, columns: PolicyColumns): string {
  const reading = mayRead(category, readingOf(table, columns));
  if (!columns.limited) return reading;
  const admitted = `runtime.admits('${category}', null, ${marksOf(columns)})`;
  return either(reading, `((select runtime.is_limited('${category}', 'write')) and ${admitted})`);
}

function readingOf(table: string, { limited, ...columns }: PolicyColumns): ReachColumns {
  return limited ? { ...columns, limited: { column: limited.key, among: limitedFunction(table) } } : columns;
}

function placeOf({ area, subject }: PolicyColumns): Pick<LimitedTable, 'area' | 'subject'> {
  return { ...(area && { area }), ...(subject && { subject }) };
}

/** The predicate for a row that need not be in the table yet: limits are compared with the row itself. */
export function mayHold(category: Category, action: Action, columns: PolicyColumns): string {
  const { tenant, limited } = columns;
  const to = `'${category}', '${action}'`;
  const limits =
    limited && `((select runtime.is_limited(${to})) and runtime.admits(${to}, ${marksOf(columns)}))`;
  const all = either(wholly(category, action, columns), limits);
  return withTenant(all, `runtime.granted_to(${to})`, tenant);
}

/** What limits are compared with, in the order of `runtime.admits`. */
function marksOf({ area = 'area', subject = 'subject', limited }: PolicyColumns): string {
  const { energyKind = 'null', buildingType = 'null', meterLevel = 'null' } = limited?.marks ?? {};
  return [area, subject ?? 'null', energyKind, buildingType, meterLevel].join(', ');
}

/** Reference tables (codes, limits) are the same for everybody: any room reads them, none changes them. */
export function referencePolicies(table: string): string {
  return `
    alter table ${table} enable row level security;
    create policy reading on ${table} for select to hub_rooms using (true);
    grant select on ${table} to hub_rooms;
  `;
}

import type { Action, Category } from '../../gateway/policy/categories.js';

/**
 * SQL that is true for the rows a grant reaches. Each `(select …)` depends on no row, so PostgreSQL evaluates it
 * once a query, not once a row.
 *
 * @param area column with the GB/T 2260 code; `subject` column with the owner's unified social credit code.
 */
function reaches(areas: string, subjects: string, columns: { area: string; subject: string | null }): string {
  const { area, subject } = columns;
  const prefixes = `(select ${areas})::text[]`;
  const clauses = [`'' = any(${prefixes})`];
  clauses.push(
    `left(${area}, 2) = any(${prefixes})`,
    `left(${area}, 4) = any(${prefixes})`,
    `${area} = any(${prefixes})`,
  );
  if (subject) clauses.push(`${subject} = any((select ${subjects})::text[])`);
  return `(${clauses.join(' or ')})`;
}

export interface ReachColumns {
  area?: string;
  /** `null` where rows belong to no subject. */
  subject?: string | null;
  /** Column with the tenant that owns the row: it sees its own rows whatever its areas are, once the category is granted. */
  tenant?: string;
}

/** The predicate for reading: rows in reach of any action that the grant gives for the category. */
export function mayRead(category: Category, columns: ReachColumns = {}): string {
  return withTenant(
    reaches(`runtime.areas('${category}')`, `runtime.subjects('${category}')`, {
      area: columns.area ?? 'area',
      subject: columns.subject === undefined ? 'subject' : columns.subject,
    }),
    `runtime.granted('${category}')`,
    columns.tenant,
  );
}

/** The predicate for writing: rows in reach of the category's write permission. */
export function mayWrite(category: Category, columns: ReachColumns = {}): string {
  return mayDo(category, 'write', columns);
}

/** The predicate for an action: rows in reach of that permission. */
export function mayDo(category: Category, action: Action, columns: ReachColumns = {}): string {
  return withTenant(
    reaches(
      `runtime.areas_to('${category}', '${action}')`,
      `runtime.subjects_to('${category}', '${action}')`,
      {
        area: columns.area ?? 'area',
        subject: columns.subject === undefined ? 'subject' : columns.subject,
      },
    ),
    `runtime.granted_to('${category}', '${action}')`,
    columns.tenant,
  );
}

function withTenant(reach: string, granted: string, tenant: string | undefined): string {
  if (!tenant) return reach;
  return `(${reach} or (${tenant} = (select runtime.caller()) and (select ${granted})))`;
}

/**
 * Row-level security for one table of a category: read and write by reach, no delete. The rooms own no table, so it
 * binds them; it is not forced on the owner, whose functions (`security definer`) are the only other way in.
 */
export function reachPolicies(table: string, category: Category, columns: ReachColumns = {}): string {
  return `
    ${archivePolicies(table, category, columns)}
    create policy changing on ${table} for update to hub_rooms
      using (${mayWrite(category, columns)}) with check (${mayWrite(category, columns)});
  `;
}

/** The same for an archive: what was recorded is read and added to; only a correction changes it (decision 0015). */
export function archivePolicies(table: string, category: Category, columns: ReachColumns = {}): string {
  return `
    alter table ${table} enable row level security;
    create policy reading on ${table} for select to hub_rooms using (${mayRead(category, columns)});
    create policy adding on ${table} for insert to hub_rooms with check (${mayWrite(category, columns)});
  `;
}

/** Reference tables (codes, limits) are the same for everybody: any room reads them, none changes them. */
export function referencePolicies(table: string): string {
  return `
    alter table ${table} enable row level security;
    create policy reading on ${table} for select to hub_rooms using (true);
    grant select on ${table} to hub_rooms;
  `;
}

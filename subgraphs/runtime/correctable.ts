import { Refusal } from '../../gateway/errors.js';
import type { Category } from '../../gateway/policy/categories.js';
import type { BulkSession } from './bulk.js';
import type {
  ApplyOutcome,
  Comparison,
  Correctable,
  CorrectedValues,
  CorrectionKind,
} from './corrections.js';
import { appendOnly } from './history.js';
import { limitedFunction, mayDo, mayRead } from './reach.js';
import { refusingUnfit, UNFIT_VALUE } from './unfit.js';

/** A table of records, told apart by `id`, of which some columns may be corrected. */
export interface CorrectableTable {
  kind: CorrectionKind;
  name: string;
  /** What reading a row takes: only who sees it has it corrected or approves that. */
  category: Category;
  /** Columns by the name of their field. Place, subject and what the hub recorded itself are not among them. */
  columns: Readonly<Record<string, string>>;
}

/**
 * What was corrected in a room: who proposed and who approved it, and the whole row as it was before and after. It is
 * written by the functions that change the row, in the same statement, and is kept for ever.
 */
export function appliedCorrections(schema: string): string {
  const table = `${schema}.applied_correction`;
  return `
    create table ${table} (
      correction text primary key,
      kind text not null,
      record text not null,
      date date null,
      area text not null,
      subject text not null,
      before jsonb not null,
      after jsonb not null,
      version integer null,
      proposed_by text not null,
      approved_by text not null default runtime.caller() check (approved_by <> proposed_by),
      request text not null default runtime.request(),
      applied_at timestamptz not null default clock_timestamp()
    );
    alter table ${table} enable row level security;
    create policy reading on ${table} for select to hub_rooms using (${mayRead('corrections')});
    -- The rows as they were and are stand here as evidence, for the owner alone.
    grant select (correction, kind, record, date, area, subject, version, proposed_by, approved_by, request, applied_at)
      on ${table} to hub_rooms;
    ${appendOnly(table)}`;
}

/**
 * The functions by which alone a room's records change. The rooms have no right to update them; the functions have,
 * and ask the grant for it.
 */
export function correctableSql(schema: string, tables: readonly CorrectableTable[]): string {
  return appliedCorrections(schema) + tables.map((table) => functions(schema, table)).join('');
}

const UNDONE = 'HB001';

function functions(schema: string, { kind, name, category, columns }: CorrectableTable): string {
  const table = `${schema}.${name}`;
  const changes = Object.values(columns).map((column) => `${column} = changed.${column}`);
  // As text, so that no digit of a decimal is lost on the way.
  const pick = (row: string): string =>
    `(select jsonb_object_agg(key, to_jsonb(${row}) ->> key) from jsonb_object_keys(changes) as key)`;
  const reach = { area: 'stored.area', subject: 'stored.subject' };
  const isSeen = mayRead(category, {
    ...reach,
    limited: { column: 'wanted', among: limitedFunction(table) },
  });
  return `
    -- Writes the change and takes it back, so that a proposal which the table would not take is never made.
    create function ${schema}.compare_${name}(wanted text, changes jsonb) returns jsonb
    language plpgsql security definer set search_path = pg_catalog as $$
    declare
      stored ${table};
      changed ${table};
      broken_constraint text;
      empty_column text;
    begin
      select * into stored from ${table} where id = wanted;
      if not coalesce(${mayDo('corrections', 'write', reach)} and ${isSeen}, false) then return null; end if;
      begin
        changed := jsonb_populate_record(stored, changes);
        update ${table} set ${changes.join(', ')} where id = wanted;
        raise exception using errcode = '${UNDONE}';
      exception when sqlstate '${UNDONE}' then null;
      ${refusingUnfit(`'${table}'::regclass`, 'changes')}
      end;
      return jsonb_build_object('area', stored.area, 'subject', stored.subject, 'version', null,
        'before', ${pick('stored')}, 'after', ${pick('changed')});
    end $$;

    create function ${schema}.correct_${name}(correction_id text, proposer text, wanted text, expected jsonb, changes jsonb)
    returns text language plpgsql security definer set search_path = pg_catalog as $$
    declare
      stored ${table};
      changed ${table};
    begin
      -- Two approvals at once take turns at the row.
      select * into stored from ${table} where id = wanted for update;
      if not coalesce(${mayDo('corrections', 'approve', { ...reach, subject: null })} and ${isSeen}, false) then
        return 'OUT_OF_REACH';
      end if;
      if proposer = runtime.caller() then return 'FOUR_EYES'; end if;
      if exists (select from ${schema}.applied_correction where correction = correction_id) then return 'APPLIED'; end if;
      if ${pick('stored')} is distinct from expected then return 'STALE'; end if;
      changed := jsonb_populate_record(stored, changes);
      insert into ${schema}.applied_correction (correction, kind, record, area, subject, before, after, proposed_by)
        values (correction_id, '${kind}', wanted, stored.area, stored.subject, to_jsonb(stored), to_jsonb(changed), proposer);
      update ${table} set ${changes.join(', ')} where id = wanted;
      return 'APPLIED';
    end $$;

    revoke execute on function ${schema}.compare_${name}(text, jsonb),
      ${schema}.correct_${name}(text, text, text, jsonb, jsonb) from public;
    grant execute on function ${schema}.compare_${name}(text, jsonb),
      ${schema}.correct_${name}(text, text, text, jsonb, jsonb) to hub_rooms;`;
}

/** Corrections of a room's records: the doors' side of {@link correctableSql}. */
export function correctableRecords(schema: string, tables: readonly CorrectableTable[]): Correctable {
  const tableOf = (kind: CorrectionKind): CorrectableTable => {
    const table = tables.find((candidate) => candidate.kind === kind);
    if (table) return table;
    throw new Refusal('BAD_USER_INPUT', { message: `${schema} keeps no ${kind}.` });
  };
  return {
    schema,
    compare: async (session, { kind, record }, after) => {
      const { name, columns } = tableOf(kind);
      const found = await one<Comparison | null>(
        session,
        columns,
        `select ${schema}.compare_${name}($1, $2) as value`,
        [record, JSON.stringify(toColumns(columns, after))],
      );
      return (
        found && {
          ...found,
          before: toFields(columns, found.before),
          after: toFields(columns, found.after),
        }
      );
    },
    apply: async (session, { correction, proposedBy, target, before, after }) => {
      const { name, columns } = tableOf(target.kind);
      const sql = `select ${schema}.correct_${name}($1, $2, $3, $4, $5) as value`;
      const outcome = await one<ApplyOutcome['outcome']>(session, columns, sql, [
        correction,
        proposedBy,
        target.record,
        JSON.stringify(toColumns(columns, before)),
        JSON.stringify(toColumns(columns, after)),
      ]);
      return { outcome, version: null };
    },
  };
}

async function one<Value>(
  session: BulkSession,
  columns: CorrectableTable['columns'],
  sql: string,
  parameters: unknown[],
): Promise<Value> {
  const { rows } = await session.transaction((client) =>
    client.query<{ value: Value }>(sql, parameters).catch((error: unknown) => {
      throw inFields(columns, error);
    }),
  );
  return rows[0]!.value;
}

/** @throws Refusal BAD_USER_INPUT for a field that may not be corrected. */
function toColumns(columns: CorrectableTable['columns'], values: CorrectedValues): CorrectedValues {
  const entries = Object.entries(values).map(([field, value]) => {
    const column = Object.hasOwn(columns, field) ? columns[field] : undefined;
    if (column) return [column, value];
    const remedy = `Name one of ${Object.keys(columns).join(', ')}.`;
    throw new Refusal('BAD_USER_INPUT', { message: `${field} is not among what may be corrected.`, remedy });
  });
  return Object.fromEntries(entries) as CorrectedValues;
}

function toFields(columns: CorrectableTable['columns'], values: CorrectedValues): CorrectedValues {
  const fields = Object.entries(columns).filter(([, column]) => Object.hasOwn(values, column));
  return Object.fromEntries(fields.map(([field, column]) => [field, values[column]]));
}

/** Who proposes knows a column by the name of its field. */
function inFields(columns: CorrectableTable['columns'], error: unknown): unknown {
  const { code, column } = (error ?? {}) as { code?: unknown; column?: string };
  const field = Object.keys(columns).find((name) => columns[name] === column);
  return code === UNFIT_VALUE && field ? Object.assign(error as Error, { column: field }) : error;
}

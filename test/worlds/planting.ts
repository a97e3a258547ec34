import type { Pool } from 'pg';
import type { Rule } from '../../gateway/policy/question.js';
import { outside } from '../world/outside.js';

/** Returns what takes the leak out again. */
export type Plant = (database: Pool) => Promise<() => Promise<void>>;

export function all(...plants: Plant[]): Plant {
  return async (database) => {
    const undo: (() => Promise<void>)[] = [];
    for (const plant of plants) undo.push(await plant(database));
    return async () => {
      for (const one of undo.toReversed()) await one();
    };
  };
}

/** Puts something else into the place of what a policy says; `$` is what it said, or a part of it is replaced. */
export function policy(
  table: string,
  name: string,
  clause: 'using' | 'with check',
  altered: string | [pattern: RegExp, replacement: string],
): Plant {
  return async (database: Pool): Promise<() => Promise<void>> => {
    const [schema, relation] = table.split('.');
    const { rows } = await database.query<{ using: string; check: string }>(
      `select qual as using, with_check as check from pg_policies
       where schemaname = $1 and tablename = $2 and policyname = $3`,
      [schema, relation, name],
    );
    const before = clause === 'using' ? rows[0]!.using : rows[0]!.check;
    const after =
      typeof altered === 'string' ? altered.replace('$', () => before) : before.replace(...altered);
    if (after === before) throw new Error(`${name} on ${table} does not say ${String(altered[0])}`);
    await database.query(`alter policy ${name} on ${table} ${clause} (${after})`);
    return async () => void (await database.query(`alter policy ${name} on ${table} ${clause} (${before})`));
  };
}

/** Rewrites the text of a function; the pattern must be there. */
export function routine(signature: string, pattern: RegExp, replacement: string): Plant {
  return async (database: Pool): Promise<() => Promise<void>> => {
    const { rows } = await database.query<{ definition: string }>(
      `select pg_get_functiondef($1::regprocedure) as definition`,
      [signature],
    );
    const before = rows[0]!.definition;
    const after = before.replace(pattern, replacement);
    if (after === before) throw new Error(`${signature} does not say ${String(pattern)}`);
    await database.query(after);
    return async () => void (await database.query(before));
  };
}

/** Rewrites what a view shows; it stays whose it was. */
export function view(name: string, pattern: RegExp, replacement: string): Plant {
  return async (database: Pool): Promise<() => Promise<void>> => {
    const found = await database.query<{ text: string }>('select pg_get_viewdef($1::regclass) as text', [name]); // prettier-ignore
    const before = found.rows[0]!.text;
    const after = before.replace(pattern, replacement);
    await database.query(`create or replace view ${name} as ${after}`);
    return async () => void (await database.query(`create or replace view ${name} as ${before}`));
  };
}

/** Lets the gateway read facts that are not so: `altered` is SQL over the registry's true document. */
export function registry(key: string, altered: string): Plant {
  return async (database: Pool): Promise<() => Promise<void>> => {
    await database.query(`
      alter function tenants.registry() rename to true_registry;
      create function tenants.registry() returns jsonb language sql stable security definer set search_path = '' as $$
        select jsonb_set(tenants.true_registry(), '{${key}}', coalesce((${altered}), '[]'))
      $$;
      revoke execute on function tenants.registry() from public;
      grant execute on function tenants.registry() to hub_gateway;
      update tenants.revision set number = number + 1`);
    return async () =>
      void (await database.query(`
        drop function tenants.registry();
        alter function tenants.true_registry() rename to registry;
        update tenants.revision set number = number + 1`));
  };
}

/** Each entry of a list of the registry with some of its values replaced. */
export function entries(key: string, values: string): Plant {
  return registry(
    key,
    `select jsonb_agg(entry || ${values}) from jsonb_array_elements(tenants.true_registry() -> '${key}') as entry`,
  );
}

type Rules = typeof import('../../gateway/policy/rules.js');
type RuleName = 'platformOwnArea' | 'thirdPartyUnderConsent' | 'enterpriseOwnData' | 'publishedStatistics';

/** Lets another decision stand for a rule's own, in the build that the hub runs. */
export function rule(
  name: RuleName,
  decide: (rules: Rules, original: Rule['decide']) => Rule['decide'],
): Plant {
  return async (): Promise<() => Promise<void>> => {
    const rules = await outside<Rules>('gateway/policy/rules.js');
    const before = rules[name].decide;
    rules[name].decide = decide(rules, before.bind(rules[name]));
    return async () => void (rules[name].decide = before);
  };
}

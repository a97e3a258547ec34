import type { ClientBase } from 'pg';

/** Schemas of ours: all but PostgreSQL's own and the empty `public`. */
const OURS = `nspname !~ '^pg_' and nspname not in ('information_schema', 'public')`;

/** Who works with the data, and the logins that are members of them. */
const GROUPS = `('hub_rooms', 'hub_gateway')`;
/** Whose views mask what they show; row-level security binds it. */
const VIEWS = 'hub_views';
const ALL_ROLES = `('hub_rooms', '${VIEWS}', 'hub_gateway', current_database() || '_rooms', current_database() || '_gateway')`;

/** Every grant on a table or column to somebody else than its owner. */
const GRANTS = `
  select relnamespace, pg_class.oid as relation, relkind, grantee, privilege_type
  from pg_class, aclexplode(relacl) where grantee <> relowner
  union all
  select relnamespace, pg_class.oid, relkind, grantee, privilege_type
  from pg_class join pg_attribute on attrelid = pg_class.oid, aclexplode(attacl) where grantee <> relowner`;

const GRANTEE = `case when grantee = 0 then 'public' else pg_get_userbyid(grantee) end`;

/**
 * What the whole access model stands on (decision 0002). Each statement finds breaches in PostgreSQL's own catalogue,
 * one row each, so that it holds for every table, also those of rooms to come.
 */
const WALLS = [
  // The list of applied steps is the owner's alone; it has no rows of anybody.
  `select pg_class.oid::regclass || ' has no row-level security' as fault
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'p') and not relrowsecurity and ${OURS} and nspname <> 'migrations'`,
  `select distinct relation::regclass || ' is granted to ' || ${GRANTEE} || ' and has no policy' as fault
      from (${GRANTS}) as grants join pg_namespace on pg_namespace.oid = relnamespace
      where ${OURS} and relkind in ('r', 'p') and not exists (select from pg_policy where polrelid = relation)`,
  `select distinct relation::regclass || ' grants ' || lower(privilege_type) || ' to ' || ${GRANTEE} as fault
      from (${GRANTS}) as grants join pg_namespace on pg_namespace.oid = relnamespace
      where ${OURS} and (privilege_type not in ('SELECT', 'INSERT', 'UPDATE')
        or ${GRANTEE} not in ${GROUPS} and (${GRANTEE} <> '${VIEWS}' or privilege_type <> 'SELECT'))`,
  `select polrelid::regclass || ': policy ' || polname || ' speaks of everybody' as fault
      from pg_policy where 0 = any(polroles)`,
  `select nspname || ' grants ' || lower(privilege_type) || ' to ' || ${GRANTEE} as fault
      from pg_namespace, aclexplode(nspacl)
      where ${OURS} and grantee <> nspowner and (privilege_type <> 'USAGE' or ${GRANTEE} not in ${GROUPS} and ${GRANTEE} <> '${VIEWS}')`,
  `select pg_describe_object(classid, objid, objsubid) || ' belongs to ' || rolname as fault
      from pg_shdepend join pg_roles on pg_roles.oid = refobjid
      where deptype = 'o' and refclassid = 'pg_authid'::regclass and rolname in ${ALL_ROLES}
        and not (rolname = '${VIEWS}' and classid = 'pg_class'::regclass
          and exists (select from pg_class where oid = objid and relkind = 'v'))
        and dbid in (0, (select oid from pg_database where datname = current_database()))`,
  `select rolname || ' has rights beyond its grants' as fault from pg_roles
      where rolname in ${ALL_ROLES} and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
        or rolcanlogin and rolname in (${GROUPS.slice(1, -1)}, '${VIEWS}')
        or exists (select from pg_auth_members where member = pg_roles.oid
          and (rolname in ${GROUPS} or pg_get_userbyid(roleid) not in ${GROUPS})))`,
  `select 'everybody may ' || lower(privilege_type) || ' in this database' as fault
      from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
      where datname = current_database() and grantee = 0`,
  // A function of the owner's sees every row: only those may call it whom it was made for, and no caller's
  // search path may decide what its names mean.
  `select pg_proc.oid::regprocedure || ' runs as its owner for everybody' as fault
      from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
      where ${OURS} and prosecdef and (proacl is null or exists (select from aclexplode(proacl) where grantee = 0))
      union all
      select pg_proc.oid::regprocedure || ' runs as its owner with the caller’s search_path'
      from pg_proc join pg_namespace on pg_namespace.oid = pronamespace
      where ${OURS} and prosecdef
        and not exists (select from unnest(proconfig) as setting where setting like 'search_path=%')`,
  `select pg_class.oid::regclass || ' is a view that reads as its owner, past row-level security' as fault
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where ${OURS} and (relkind = 'm' or (relkind = 'v' and pg_get_userbyid(relowner) <> '${VIEWS}'
        and not coalesce('security_invoker=true' = any(reloptions), false)))`,
  `select 'default privileges are set for ' || pg_get_userbyid(defaclrole) as fault from pg_default_acl`,
];

/** Breaches of the walls around the data, empty when there are none. */
export async function wallFaults(owner: ClientBase): Promise<string[]> {
  const faults: string[] = [];
  for (const sql of WALLS) {
    const { rows } = await owner.query<{ fault: string }>(sql);
    faults.push(...rows.map(({ fault }) => fault));
  }
  return faults;
}

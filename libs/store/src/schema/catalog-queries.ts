/** Each answers with lines, sorted by the bytes of names so that no locale changes them. */

const OURS = "n.nspname in ('annals', 'annals_app')";
const comment = (what: string, name: string, description: string): string =>
  `coalesce(E'\\ncomment on ${what} ' || ${name} || ' is ' || quote_literal(${description}) || ';', '')`;

export const SCHEMAS = `
  select 'create schema ' || n.nspname || ';' || ${comment('schema', 'n.nspname', "obj_description(n.oid, 'pg_namespace')")} as line
  from pg_catalog.pg_namespace n where ${OURS} order by n.nspname collate "C"`;

export const TYPES = `
  select format(E'create type %s as (\\n%s\\n);', t.oid::regtype, string_agg(format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod)), E',\\n' order by a.attnum))
    || ${comment('type', 't.oid::regtype', "obj_description(t.oid, 'pg_type')")} as line
  from pg_catalog.pg_type t join pg_catalog.pg_class c on c.oid = t.typrelid and c.relkind = 'c' join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where ${OURS} group by t.oid, t.typname order by t.typname collate "C"`;

export const TABLES = `
  select format(E'create table %s (\\n%s\\n)%s;', c.oid::regclass,
      array_to_string(
        array(select format('  %I %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
                            ' default ' || pg_get_expr(d.adbin, d.adrelid))
              from pg_catalog.pg_attribute a left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum)
        || array(select format('  constraint %I %s', k.conname, pg_get_constraintdef(k.oid)) from pg_catalog.pg_constraint k
                 where k.conrelid = c.oid and k.contype <> 'n' order by k.contype desc, k.conname collate "C"), E',\\n'),
      ' with (' || array_to_string(c.reloptions, ', ') || ')')
    || array_to_string(array(
        select E'\\n' || pg_get_indexdef(i.indexrelid) || ';' from pg_catalog.pg_index i join pg_catalog.pg_class ic on ic.oid = i.indexrelid
        where i.indrelid = c.oid and not exists (select from pg_catalog.pg_constraint k where k.conindid = i.indexrelid and k.conrelid = c.oid)
        order by ic.relname collate "C"), '')
    || ${comment('table', 'c.oid::regclass', "obj_description(c.oid, 'pg_class')")}
    || array_to_string(array(
        select ${comment('column', "c.oid::regclass || '.' || quote_ident(a.attname)", 'col_description(c.oid, a.attnum)')}
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum), '')
    || E'\\n' as line
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relkind in ('r', 'p') order by n.nspname collate "C", c.relname collate "C"`;

export const VIEWS = `
  select format(E'create view %s%s as\\n%s', c.oid::regclass, ' with (' || array_to_string(c.reloptions, ', ') || ')', pg_get_viewdef(c.oid))
    || ${comment('view', 'c.oid::regclass', "obj_description(c.oid, 'pg_class')")}
    || array_to_string(array(
        select ${comment('column', "c.oid::regclass || '.' || quote_ident(a.attname)", 'col_description(c.oid, a.attnum)')}
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 order by a.attnum), '')
    || E'\\n' as line
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relkind = 'v' order by n.nspname collate "C", c.relname collate "C"`;

export const FUNCTIONS = `
  select rtrim(pg_get_functiondef(p.oid), E'\\n') || ';' || ${comment('function', 'p.oid::regprocedure', "obj_description(p.oid, 'pg_proc')")} || E'\\n' as line
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
  where ${OURS} and p.prokind = 'f' order by n.nspname collate "C", p.proname collate "C", pg_get_function_identity_arguments(p.oid) collate "C"`;

export const TRIGGERS = `
  select pg_get_triggerdef(t.oid) || ';' || case t.tgenabled when 'A' then format(E'\\nalter table %s enable always trigger %I;', c.oid::regclass, t.tgname) else '' end as line
  from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and not t.tgisinternal order by c.relname collate "C", t.tgname collate "C"`;

export const POLICIES = `
  select line from (
  select format('create policy %I on %I.%I for %s to %s%s%s;', policyname, schemaname, tablename, lower(cmd), array_to_string(roles, ', '),
      E'\\n  using (' || qual || ')', E'\\n  with check (' || with_check || ')') as line
  from pg_catalog.pg_policies where schemaname in ('annals', 'annals_app')
  union all
  select format('alter table %s enable row level security;', c.oid::regclass)
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS} and c.relrowsecurity) of_table
  order by line collate "C"`;

/** Without the owner's, whose name differs from database to database. */
export const PRIVILEGES = `
  with granted as (
    select 'schema ' || n.nspname as what, n.nspacl as acl, n.nspowner as owner from pg_catalog.pg_namespace n where ${OURS}
    union all
    select c.oid::regclass::text, c.relacl, c.relowner from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where ${OURS}
    union all
    select c.oid::regclass || ' (' || quote_ident(a.attname) || ')', a.attacl, c.relowner
    from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where ${OURS} and a.attacl is not null
    union all
    select 'function ' || p.oid::regprocedure, p.proacl, p.proowner from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where ${OURS}
    union all
    select 'new ' || case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' else d.defaclobjtype::text end || ' in schema ' || n.nspname, d.defaclacl, d.defaclrole
    from pg_catalog.pg_default_acl d join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace where ${OURS})
  select format('grant %s on %s to %s;', string_agg(lower(one.privilege_type), ', ' order by one.privilege_type collate "C"), what,
      case one.grantee when 0 then 'public' else one.grantee::regrole::text end) as line
  from granted cross join lateral aclexplode(acl) one where one.grantee <> owner
  group by what, one.grantee order by what collate "C", one.grantee::regrole::text collate "C"`;

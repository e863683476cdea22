import type pg from 'pg';

interface Key {
  readonly drop: string;
  readonly create: string;
}

const KEYS = `
  select case when c.oid is null then format('drop index annals.%I', i.relname)
              else format('alter table annals.%I drop constraint %I', $1::text, c.conname) end as drop,
         case when c.oid is null then pg_get_indexdef(i.oid)
              else format('alter table annals.%I add constraint %I %s', $1::text, c.conname, pg_get_constraintdef(c.oid)) end as create
    from pg_index x join pg_class i on i.oid = x.indexrelid
    left join pg_constraint c on c.conindid = i.oid and c.contype in ('p', 'u')
   where x.indrelid = format('annals.%I', $1::text)::regclass`;

/** Takes every key and index off a table, and returns the way to build them again. */
export async function dropKeys(client: pg.Client, table: string): Promise<(builder: pg.Client) => Promise<void>> {
  const { rows: keys } = await client.query<Key>(KEYS, [table]);
  for (const { drop } of keys) await client.query(drop);
  return async (builder) => {
    await builder.query("set maintenance_work_mem = '1GB'");
    for (const { create } of keys) await builder.query(create);
  };
}

/** Columns of one of annals' tables that can be written, in order. */
export async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns
      where table_schema = 'annals' and table_name = $1 and is_generated = 'NEVER' order by ordinal_position`,
    [table],
  );
  return rows.map(({ name }) => name);
}

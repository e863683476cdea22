export const OUTBOX_TABLE = 'annals_outbox';
const TABLE = /^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$/;

/** The name as it may stand in SQL. Throws for one that is no plain lower-case name, with or without a schema. */
export function outboxTable(name: string = OUTBOX_TABLE): string {
  if (TABLE.test(name)) return name;
  throw new Error('the table of an outbox has a plain lower-case name, with or without a schema');
}

/** What a subsystem runs once, in a migration of its own. The relay needs SELECT and DELETE on the table. */
export function outboxSql(name?: string): string {
  const table = outboxTable(name);
  return `create table if not exists ${table} (
  id bigint generated always as identity primary key,
  topic text not null,
  key text not null,
  headers text not null,
  value text not null,
  made_at timestamptz not null default clock_timestamp()
);
comment on table ${table} is 'Events on their way to annals: written in the transaction that makes them true, deleted by annals outbox-relay once Kafka has them.';
comment on column ${table}.id is 'Order of publishing. An event that follows from another committed one has the greater id.';
comment on column ${table}.topic is 'Topic of the type, without the prefix of an installation.';
comment on column ${table}.key is 'Key of the record: the tenant.';
comment on column ${table}.headers is 'Headers of the record, a JSON object of texts.';
comment on column ${table}.value is 'The CloudEvent in structured mode, checked before it was written. May hold personal data.';
comment on column ${table}.made_at is 'When it was added, and the time of an event that gives none.';
`;
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The log, the timelines projected from it, and the rows that make one append exact. */
export class Log1764000000001 implements MigrationInterface {
  name = 'Log1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only: the log is never dropped'));
  }
}

const TABLES = /* sql */ `
comment on schema annals is 'The activity log of every tenant and what is projected from it.';
comment on table  annals.migrations is 'Migrations applied to this database; apps refuse to run on another list than their own.';
comment on column annals.migrations.id is 'Order of application.';
comment on column annals.migrations."timestamp" is 'From the migration''s name.';
comment on column annals.migrations.name is 'The migration.';

create table annals.heads (
  tenant_id   uuid        not null primary key,
  position    bigint      not null,
  appended_at timestamptz not null
) with (fillfactor = 50);
comment on table  annals.heads is 'One row a tenant; locked, in tenant order, by every append. Commit order is therefore position order.';
comment on column annals.heads.tenant_id is 'The tenant.';
comment on column annals.heads.position is 'Position of the newest event of the tenant; 0 before the first.';
comment on column annals.heads.appended_at is 'appended_at of the newest event: the next is never earlier.';

create table annals.offsets (
  cluster_id  text        not null,
  topic_id    text        not null,
  partition   int         not null,
  topic       text        not null,
  next_offset bigint      not null,
  updated_at  timestamptz not null default now(),
  primary key (cluster_id, topic_id, partition)
) with (fillfactor = 50);
comment on table  annals.offsets is 'How far each Kafka partition is in the log. Locked first in every append and moved in the same transaction: this, not the group offset, makes ingest exactly once.';
comment on column annals.offsets.cluster_id is 'Kafka cluster id.';
comment on column annals.offsets.topic_id is 'Kafka topic id: a recreated topic is another one.';
comment on column annals.offsets.partition is 'Partition number.';
comment on column annals.offsets.topic is 'Topic name, for people.';
comment on column annals.offsets.next_offset is 'The offset ingest takes next; never moves backwards.';
comment on column annals.offsets.updated_at is 'When it last moved.';

create table annals.events (
  position         bigint      not null,
  occurred_at      timestamptz not null,
  appended_at      timestamptz not null,
  recorded_at      timestamptz,
  "offset"         bigint      not null,
  tenant_id        uuid        not null,
  id               uuid        not null,
  partition        int         not null,
  version          smallint    not null,
  customer_visible boolean     not null,
  type             text        not null,
  source_type      text        not null,
  source           text        not null,
  source_id        text        not null,
  time_quality     text        not null,
  ingest_mode      text        not null,
  actor_type       text        not null,
  actor_id         text        not null,
  on_behalf_of     text,
  correlation_id   text,
  causation_id     text,
  traceparent      text,
  topic            text        not null,
  leaf             bytea       not null,
  salt             bytea,
  entities         text        not null,
  summary          text,
  payload          text,
  primary key (tenant_id, position),
  unique (tenant_id, id)
) with (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 200000,
        autovacuum_freeze_min_age = 0, autovacuum_analyze_scale_factor = 0.1, autovacuum_analyze_threshold = 1000000);
comment on table  annals.events is 'The log: every accepted event, once, for ever. Append only; UPDATE, DELETE and TRUNCATE are refused.';
comment on column annals.events.position is 'The tenant''s 1, 2, 3 … without holes, in commit order.';
comment on column annals.events.occurred_at is 'When it happened, by the producer''s clock.';
comment on column annals.events.appended_at is 'When it was appended, by ours; never decreases with position.';
comment on column annals.events.recorded_at is 'When the producer made the event (recordedtime).';
comment on column annals.events."offset" is 'Kafka offset of the record.';
comment on column annals.events.tenant_id is 'The tenant.';
comment on column annals.events.id is 'Digest of (tenant, source, source_id); the 48-bit time of a UUIDv7 source_id stands in front.';
comment on column annals.events.partition is 'Kafka partition of the record.';
comment on column annals.events.version is 'Version of the payload schema.';
comment on column annals.events.customer_visible is 'Whether the type may be shown to the customer it is about.';
comment on column annals.events.type is 'Canonical type.';
comment on column annals.events.source_type is 'Type as received.';
comment on column annals.events.source is 'CloudEvents source.';
comment on column annals.events.source_id is 'CloudEvents id, the producer''s.';
comment on column annals.events.time_quality is 'producer: occurred_at is the producer''s; record: the Kafka record''s time stands in.';
comment on column annals.events.ingest_mode is 'live or backfill.';
comment on column annals.events.actor_type is 'human, agent or system.';
comment on column annals.events.actor_id is 'Who did it.';
comment on column annals.events.on_behalf_of is 'The human for whom an agent acted.';
comment on column annals.events.correlation_id is 'Correlation id of the producer.';
comment on column annals.events.causation_id is 'Event that caused this one, if the producer said so.';
comment on column annals.events.traceparent is 'W3C trace context.';
comment on column annals.events.topic is 'Kafka topic of the record.';
comment on column annals.events.leaf is 'SHA-256(0x00 ‖ JCS(envelope without summary) ‖ HMAC-SHA-256(salt, JCS{summary, payload})).';
comment on column annals.events.salt is '16 random bytes; null after erasure.';
comment on column annals.events.entities is 'References as canonical JSON, the primary one first.';
comment on column annals.events.summary is 'Sentence of a hand-made entry, shown as written; null: generated on read.';
comment on column annals.events.payload is 'Payload as canonical JSON (RFC 8785); null after erasure.';

create table annals.timeline (
  occurred_at           timestamptz not null,
  position              bigint      not null,
  retracted_at_position bigint,
  tenant_id             uuid        not null,
  ref                   uuid        not null,
  actor                 uuid        not null,
  bucket                smallint    not null,
  customer_visible      boolean     not null,
  about_customer        boolean     not null,
  type                  text        not null,
  primary key (tenant_id, bucket, ref, occurred_at, position) include (retracted_at_position, customer_visible)
) with (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 200000,
        autovacuum_freeze_min_age = 0, autovacuum_analyze_scale_factor = 0.1, autovacuum_analyze_threshold = 1000000);
comment on table  annals.timeline is 'One slim row per event and entity, and one for the tenant''s feed: a page is one index range.';
comment on column annals.timeline.occurred_at is 'The event''s occurred_at: timelines are ordered by it, then by position.';
comment on column annals.timeline.position is 'The event.';
comment on column annals.timeline.retracted_at_position is 'Position from which the row no longer shows (annals.retracted.effective_position); null: it shows.';
comment on column annals.timeline.tenant_id is 'The tenant.';
comment on column annals.timeline.ref is 'annals.ref(entity type, entity id); zero: the tenant''s feed.';
comment on column annals.timeline.actor is 'annals.ref(actor type, actor id).';
comment on column annals.timeline.bucket is 'UTC month of occurred_at, year * 12 + month - 1: keeps the hot part of the key small (docs/decisions).';
comment on column annals.timeline.customer_visible is 'Copied from the event.';
comment on column annals.timeline.about_customer is 'Whether the event refers to a contact, lead or merchant.';
comment on column annals.timeline.type is 'Canonical type.';

create table annals.months (
  tenant_id uuid     not null,
  bucket    smallint not null,
  primary key (tenant_id, bucket)
);
comment on table  annals.months is 'The months in which a tenant has any event: what a page has to look through.';
comment on column annals.months.tenant_id is 'The tenant.';
comment on column annals.months.bucket is 'As annals.timeline.bucket.';

create table annals.retractions (
  tenant_id   uuid   not null,
  target      uuid   not null,
  by_position bigint not null,
  primary key (tenant_id, target, by_position)
);
comment on table  annals.retractions is 'What retracting and comment-deleting events ask for; kept, so that a target that arrives later is met.';
comment on column annals.retractions.tenant_id is 'The tenant.';
comment on column annals.retractions.target is 'Id of the event, or annals.ref(''comment'', comment id); an id that reads both as ours and as the producer''s has a row each.';
comment on column annals.retractions.by_position is 'The event that asks.';

create table annals.retracted (
  tenant_id          uuid   not null,
  position           bigint not null,
  by_position        bigint not null,
  effective_position bigint not null,
  primary key (tenant_id, position)
);
create index retracted_effective on annals.retracted (tenant_id, effective_position);
comment on table  annals.retracted is 'Events that no longer show: the first to ask wins, and nothing brings them back.';
comment on column annals.retracted.tenant_id is 'The tenant.';
comment on column annals.retracted.position is 'The event that was taken away.';
comment on column annals.retracted.by_position is 'The event that took it away.';
comment on column annals.retracted.effective_position is 'From here it no longer shows: the later of the two positions.';

create table annals.comments (
  tenant_id         uuid   not null,
  comment           uuid   not null,
  position          bigint not null,
  comment_id        text   not null,
  parent_comment_id text,
  primary key (tenant_id, comment, position)
);
comment on table  annals.comments is 'Where the comment with an id stands in the log.';
comment on column annals.comments.tenant_id is 'The tenant.';
comment on column annals.comments.comment is 'annals.ref(''comment'', comment_id).';
comment on column annals.comments.position is 'The comment.added event.';
comment on column annals.comments.comment_id is 'The producer''s comment id.';
comment on column annals.comments.parent_comment_id is 'The comment it answers.';

create table annals.merges (
  tenant_id            uuid   not null,
  from_ref             uuid   not null,
  into_ref             uuid   not null,
  merged_at_position   bigint not null,
  unmerged_at_position bigint,
  event_id             uuid   not null,
  primary key (tenant_id, merged_at_position)
);
create index merges_from on annals.merges (tenant_id, from_ref);
create index merges_into on annals.merges (tenant_id, into_ref);
create index merges_event on annals.merges (tenant_id, event_id);
comment on table  annals.merges is 'Contacts read as one: followed by reads, nothing is rewritten.';
comment on column annals.merges.tenant_id is 'The tenant.';
comment on column annals.merges.from_ref is 'The contact that went.';
comment on column annals.merges.into_ref is 'The contact that stays.';
comment on column annals.merges.merged_at_position is 'The contact.merged event.';
comment on column annals.merges.unmerged_at_position is 'The contact.unmerged event that took it back; null: it stands.';
comment on column annals.merges.event_id is 'Id of the contact.merged event.';

create table annals.unmerges (
  tenant_id   uuid   not null,
  target      uuid   not null,
  by_position bigint not null,
  primary key (tenant_id, target, by_position)
);
comment on table  annals.unmerges is 'Every contact.unmerged, so that one that arrives before its merge is not lost.';
comment on column annals.unmerges.tenant_id is 'The tenant.';
comment on column annals.unmerges.target is 'Id of the contact.merged event it takes back, in either reading, as in annals.retractions.';
comment on column annals.unmerges.by_position is 'The contact.unmerged event.';

create table annals.timeline_counts (
  tenant_id uuid     not null,
  ref       uuid     not null,
  bucket    smallint not null,
  entries   bigint   not null,
  primary key (tenant_id, ref, bucket)
) with (fillfactor = 70);
comment on table  annals.timeline_counts is 'Unretracted timeline rows per long timeline and month, as of the checkpoint timeline_counts: totals and far pages.';
comment on column annals.timeline_counts.tenant_id is 'The tenant.';
comment on column annals.timeline_counts.ref is 'As annals.timeline.ref; only the feed and entity types with long timelines are counted.';
comment on column annals.timeline_counts.bucket is 'As annals.timeline.bucket.';
comment on column annals.timeline_counts.entries is 'Rows that show as of the checkpoint.';

create table annals.checkpoints (
  consumer  text   not null,
  tenant_id uuid   not null,
  position  bigint not null,
  primary key (consumer, tenant_id)
) with (fillfactor = 50);
comment on table  annals.checkpoints is 'How far each follower of the log is, per tenant.';
comment on column annals.checkpoints.consumer is 'Name of the follower: appended, timeline_counts …';
comment on column annals.checkpoints.tenant_id is 'The tenant.';
comment on column annals.checkpoints.position is 'Everything up to here is done.';

create table annals.dead_letters (
  topic       text        not null,
  partition   int         not null,
  "offset"    bigint      not null,
  topic_id    text        not null,
  tenant_id   uuid,
  reason      text        not null,
  schema_path text        not null,
  message     text        not null,
  key         bytea,
  headers     jsonb       not null,
  value       bytea,
  record_time timestamptz not null,
  received_at timestamptz not null default now(),
  attempts    int         not null default 1,
  relayed_at  timestamptz,
  redriven_at timestamptz,
  primary key (topic, partition, "offset", topic_id)
);
create index dead_letters_unrelayed on annals.dead_letters (received_at) where relayed_at is null;
create index dead_letters_by_reason on annals.dead_letters (reason, received_at);
comment on table  annals.dead_letters is 'Records that cannot be accepted, whole, written in the transaction that passes them.';
comment on column annals.dead_letters.topic is 'Kafka topic.';
comment on column annals.dead_letters.partition is 'Kafka partition.';
comment on column annals.dead_letters."offset" is 'Kafka offset.';
comment on column annals.dead_letters.topic_id is 'Kafka topic id: a recreated topic counts its offsets anew.';
comment on column annals.dead_letters.tenant_id is 'The tenant, where the record names a valid one.';
comment on column annals.dead_letters.reason is 'From the closed list of libs/contracts.';
comment on column annals.dead_letters.schema_path is 'Where in the record, as JSON Pointer or header name.';
comment on column annals.dead_letters.message is 'For people; holds no value from the record.';
comment on column annals.dead_letters.key is 'Record key, raw.';
comment on column annals.dead_letters.headers is 'Record headers: name to base64 of the value, or a list of them.';
comment on column annals.dead_letters.value is 'Record value, raw.';
comment on column annals.dead_letters.record_time is 'Kafka time of the record.';
comment on column annals.dead_letters.received_at is 'When it was refused.';
comment on column annals.dead_letters.attempts is 'How often it was tried, re-drives included.';
comment on column annals.dead_letters.relayed_at is 'When the copy reached annals.dlq; null: waiting.';
comment on column annals.dead_letters.redriven_at is 'When a re-drive succeeded.';
`;

-- The schema that the migrations of libs/store make. Generated: npm run generate

-- Schemas

create schema annals;
comment on schema annals is 'The activity log of every tenant and what is projected from it.';
create schema annals_app;
comment on schema annals_app is 'What follows from events: rules, notifications, effects, seen marks. No right on the log comes with it.';

-- Types

create type annals.membership as (
  ref uuid,
  from_at timestamp with time zone,
  before_at timestamp with time zone,
  before_position bigint,
  first_month smallint,
  last_month smallint
);
comment on type annals.membership is 'A time in which an account stood below another: from_at inclusive, (before_at, before_position) exclusive, and the months it lies in.';
create type annals.timeline_slice as (
  tenant_id uuid,
  refs uuid[],
  months smallint[],
  from_at timestamp with time zone,
  before_at timestamp with time zone,
  before_position bigint,
  pin bigint,
  with_retracted boolean,
  types text[],
  actors uuid[],
  about_customers boolean
);
comment on type annals.timeline_slice is 'Rows of one timeline, or of several read as one, as of a position: months newest first, from_at inclusive, (before_at, before_position) exclusive; null filters filter nothing.';

-- Tables

create table annals.account_parents (
  tenant_id uuid not null,
  account uuid not null,
  occurred_at timestamp with time zone not null,
  "position" bigint not null,
  parent uuid,
  account_id text not null,
  parent_id text,
  constraint account_parents_pkey PRIMARY KEY (tenant_id, account, occurred_at, "position")
);
CREATE INDEX account_parents_of ON annals.account_parents USING btree (tenant_id, parent, occurred_at);
comment on table annals.account_parents is 'Every account.parent_changed: below which account an account stands from a time on, until its next change. Retracted ones stay and count no more.';
comment on column annals.account_parents.tenant_id is 'The tenant.';
comment on column annals.account_parents.account is 'annals.ref(''account'', account_id): the account that moved.';
comment on column annals.account_parents.occurred_at is 'When it moved; of several at one time the latest position counts.';
comment on column annals.account_parents."position" is 'The event.';
comment on column annals.account_parents.parent is 'annals.ref(''account'', parent_id); null: it became a top-level account.';
comment on column annals.account_parents.account_id is 'The account that moved, as the producer names it.';
comment on column annals.account_parents.parent_id is 'The new parent, as the producer names it.';

create table annals.checkpoints (
  consumer text not null,
  tenant_id uuid not null,
  "position" bigint not null,
  constraint checkpoints_pkey PRIMARY KEY (consumer, tenant_id)
) with (fillfactor=50);
comment on table annals.checkpoints is 'How far each follower of the log is, per tenant.';
comment on column annals.checkpoints.consumer is 'Name of the follower: appended, timeline_counts …';
comment on column annals.checkpoints.tenant_id is 'The tenant.';
comment on column annals.checkpoints."position" is 'Everything up to here is done.';

create table annals.comments (
  tenant_id uuid not null,
  comment uuid not null,
  "position" bigint not null,
  comment_id text not null,
  parent_comment_id text,
  constraint comments_pkey PRIMARY KEY (tenant_id, comment, "position")
);
CREATE INDEX comments_position ON annals.comments USING btree (tenant_id, "position");
comment on table annals.comments is 'Where the comment with an id stands in the log.';
comment on column annals.comments.tenant_id is 'The tenant.';
comment on column annals.comments.comment is 'annals.ref(''comment'', comment_id).';
comment on column annals.comments."position" is 'The comment.added event.';
comment on column annals.comments.comment_id is 'The producer''s comment id.';
comment on column annals.comments.parent_comment_id is 'The comment it answers.';

create table annals.dead_letters (
  topic text not null,
  partition integer not null,
  "offset" bigint not null,
  topic_id text not null,
  tenant_id uuid,
  reason text not null,
  schema_path text not null,
  message text not null,
  key bytea,
  headers jsonb not null,
  value bytea,
  record_time timestamp with time zone not null,
  received_at timestamp with time zone not null default now(),
  attempts integer not null default 1,
  relayed_at timestamp with time zone,
  redriven_at timestamp with time zone,
  awaited_type text,
  awaited_version integer,
  constraint dead_letters_pkey PRIMARY KEY (topic, partition, "offset", topic_id)
);
CREATE INDEX dead_letters_awaiting ON annals.dead_letters USING btree (tenant_id, awaited_type, awaited_version) WHERE ((awaited_type IS NOT NULL) AND (redriven_at IS NULL));
CREATE INDEX dead_letters_by_reason ON annals.dead_letters USING btree (reason, received_at);
CREATE INDEX dead_letters_unrelayed ON annals.dead_letters USING btree (received_at) WHERE (relayed_at IS NULL);
comment on table annals.dead_letters is 'Records that cannot be accepted, whole, written in the transaction that passes them.';
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
comment on column annals.dead_letters.awaited_type is 'Name of the type that the record would be taken with, were it registered; lower case.';
comment on column annals.dead_letters.awaited_version is 'Version of that type that the record names.';

create table annals.events (
  "position" bigint not null,
  occurred_at timestamp with time zone not null,
  appended_at timestamp with time zone not null,
  recorded_at timestamp with time zone,
  "offset" bigint not null,
  tenant_id uuid not null,
  id uuid not null,
  partition integer not null,
  version smallint not null,
  customer_visible boolean not null,
  type text not null,
  source_type text not null,
  source text not null,
  source_id text not null,
  time_quality text not null,
  ingest_mode text not null,
  actor_type text not null,
  actor_id text not null,
  on_behalf_of text,
  correlation_id text,
  causation_id text,
  traceparent text,
  topic text not null,
  leaf bytea not null,
  salt bytea,
  entities text not null,
  summary text,
  payload text,
  constraint events_tenant_id_id_key UNIQUE (tenant_id, id),
  constraint events_pkey PRIMARY KEY (tenant_id, "position"),
  constraint staff_only_is_for_staff CHECK (((NOT customer_visible) OR (NOT annals.staff_only(type))))
) with (autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=200000, autovacuum_freeze_min_age=0, autovacuum_analyze_scale_factor=0.1, autovacuum_analyze_threshold=1000000);
comment on table annals.events is 'The log: every accepted event, once, for ever. Append only; UPDATE, DELETE and TRUNCATE are refused.';
comment on column annals.events."position" is 'The tenant''s 1, 2, 3 … without holes, in commit order.';
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

create table annals.heads (
  tenant_id uuid not null,
  "position" bigint not null,
  appended_at timestamp with time zone not null,
  constraint heads_pkey PRIMARY KEY (tenant_id)
) with (fillfactor=50);
comment on table annals.heads is 'One row a tenant; locked, in tenant order, by every append. Commit order is therefore position order.';
comment on column annals.heads.tenant_id is 'The tenant.';
comment on column annals.heads."position" is 'Position of the newest event of the tenant; 0 before the first.';
comment on column annals.heads.appended_at is 'appended_at of the newest event: the next is never earlier.';

create table annals.merges (
  tenant_id uuid not null,
  from_ref uuid not null,
  into_ref uuid not null,
  merged_at_position bigint not null,
  unmerged_at_position bigint,
  event_id uuid not null,
  constraint merges_pkey PRIMARY KEY (tenant_id, merged_at_position)
);
CREATE INDEX merges_event ON annals.merges USING btree (tenant_id, event_id);
CREATE INDEX merges_from ON annals.merges USING btree (tenant_id, from_ref);
CREATE INDEX merges_into ON annals.merges USING btree (tenant_id, into_ref);
CREATE INDEX merges_undone ON annals.merges USING btree (tenant_id, unmerged_at_position) WHERE (unmerged_at_position IS NOT NULL);
comment on table annals.merges is 'Contacts read as one: followed by reads, nothing is rewritten.';
comment on column annals.merges.tenant_id is 'The tenant.';
comment on column annals.merges.from_ref is 'The contact that went.';
comment on column annals.merges.into_ref is 'The contact that stays.';
comment on column annals.merges.merged_at_position is 'The contact.merged event.';
comment on column annals.merges.unmerged_at_position is 'The contact.unmerged event that took it back; null: it stands.';
comment on column annals.merges.event_id is 'Id of the contact.merged event.';

create table annals.migrations (
  id integer not null default nextval('annals.migrations_id_seq'::regclass),
  "timestamp" bigint not null,
  name character varying not null,
  constraint "PK_8c82d7f526340ab734260ea46be" PRIMARY KEY (id)
);
comment on table annals.migrations is 'Migrations applied to this database; apps refuse to run on another list than their own.';
comment on column annals.migrations.id is 'Order of application.';
comment on column annals.migrations."timestamp" is 'From the migration''s name.';
comment on column annals.migrations.name is 'The migration.';

create table annals.months (
  tenant_id uuid not null,
  bucket smallint not null,
  constraint months_pkey PRIMARY KEY (tenant_id, bucket)
);
comment on table annals.months is 'The months in which a tenant has any event: what a page has to look through.';
comment on column annals.months.tenant_id is 'The tenant.';
comment on column annals.months.bucket is 'As annals.timeline.bucket.';

create table annals.offsets (
  cluster_id text not null,
  topic_id text not null,
  partition integer not null,
  topic text not null,
  next_offset bigint not null,
  updated_at timestamp with time zone not null default now(),
  constraint offsets_pkey PRIMARY KEY (cluster_id, topic_id, partition)
) with (fillfactor=50);
comment on table annals.offsets is 'How far each Kafka partition is in the log. Locked first in every append and moved in the same transaction: this, not the group offset, makes ingest exactly once.';
comment on column annals.offsets.cluster_id is 'Kafka cluster id.';
comment on column annals.offsets.topic_id is 'Kafka topic id: a recreated topic is another one.';
comment on column annals.offsets.partition is 'Partition number.';
comment on column annals.offsets.topic is 'Topic name, for people.';
comment on column annals.offsets.next_offset is 'The offset ingest takes next; never moves backwards.';
comment on column annals.offsets.updated_at is 'When it last moved.';

create table annals.retracted (
  tenant_id uuid not null,
  "position" bigint not null,
  by_position bigint not null,
  effective_position bigint not null,
  constraint retracted_pkey PRIMARY KEY (tenant_id, "position")
);
CREATE INDEX retracted_effective ON annals.retracted USING btree (tenant_id, effective_position);
comment on table annals.retracted is 'Events that no longer show: the first to ask wins, and nothing brings them back.';
comment on column annals.retracted.tenant_id is 'The tenant.';
comment on column annals.retracted."position" is 'The event that was taken away.';
comment on column annals.retracted.by_position is 'The event that took it away.';
comment on column annals.retracted.effective_position is 'From here it no longer shows: the later of the two positions.';

create table annals.retractions (
  tenant_id uuid not null,
  target uuid not null,
  by_position bigint not null,
  constraint retractions_pkey PRIMARY KEY (tenant_id, target, by_position)
);
comment on table annals.retractions is 'What retracting and comment-deleting events ask for; kept, so that a target that arrives later is met.';
comment on column annals.retractions.tenant_id is 'The tenant.';
comment on column annals.retractions.target is 'Id of the event, or annals.ref(''comment'', comment id); an id that reads both as ours and as the producer''s has a row each.';
comment on column annals.retractions.by_position is 'The event that asks.';

create table annals.rollups (
  tenant_id uuid not null,
  dimension text not null,
  day date not null,
  key text not null,
  type text not null,
  entries bigint not null,
  constraint rollups_pkey PRIMARY KEY (tenant_id, dimension, day, key, type)
) with (fillfactor=70);
comment on table annals.rollups is 'Unretracted events per UTC day, as of the checkpoint rollups: what org-wide reads are answered from.';
comment on column annals.rollups.tenant_id is 'The tenant.';
comment on column annals.rollups.dimension is 'actor_kind (every event stands there once), account (once for each account it refers to) or user (once, if a person did it).';
comment on column annals.rollups.day is 'UTC day of occurred_at.';
comment on column annals.rollups.key is 'human, agent or system; the account''s id; the person''s id.';
comment on column annals.rollups.type is 'Canonical type.';
comment on column annals.rollups.entries is 'Events that show as of the checkpoint; 0: all were taken back.';

create table annals.timeline (
  occurred_at timestamp with time zone not null,
  "position" bigint not null,
  retracted_at_position bigint,
  tenant_id uuid not null,
  ref uuid not null,
  actor uuid not null,
  bucket smallint not null,
  customer_visible boolean not null,
  about_customer boolean not null,
  type text not null,
  constraint timeline_pkey PRIMARY KEY (tenant_id, bucket, ref, occurred_at, "position") INCLUDE (retracted_at_position, customer_visible),
  constraint staff_only_is_for_staff CHECK (((NOT customer_visible) OR (NOT annals.staff_only(type))))
) with (autovacuum_vacuum_insert_scale_factor=0, autovacuum_vacuum_insert_threshold=200000, autovacuum_freeze_min_age=0, autovacuum_analyze_scale_factor=0.1, autovacuum_analyze_threshold=1000000);
CREATE INDEX timeline_few ON annals.timeline USING btree (tenant_id, ref, type, occurred_at, "position") WHERE (type = ANY (ARRAY['comment.added'::text, 'account.parent_changed'::text]));
comment on table annals.timeline is 'One slim row per event and entity, and one for the tenant''s feed: a page is one index range.';
comment on column annals.timeline.occurred_at is 'The event''s occurred_at: timelines are ordered by it, then by position.';
comment on column annals.timeline."position" is 'The event.';
comment on column annals.timeline.retracted_at_position is 'Position from which the row no longer shows (annals.retracted.effective_position); null: it shows.';
comment on column annals.timeline.tenant_id is 'The tenant.';
comment on column annals.timeline.ref is 'annals.ref(entity type, entity id); zero: the tenant''s feed.';
comment on column annals.timeline.actor is 'annals.ref(actor type, actor id).';
comment on column annals.timeline.bucket is 'UTC month of occurred_at, year * 12 + month - 1: keeps the hot part of the key small (docs/decisions).';
comment on column annals.timeline.customer_visible is 'Copied from the event.';
comment on column annals.timeline.about_customer is 'Whether the event refers to a contact, lead or merchant.';
comment on column annals.timeline.type is 'Canonical type.';

create table annals.timeline_counts (
  tenant_id uuid not null,
  ref uuid not null,
  bucket smallint not null,
  entries bigint not null,
  constraint timeline_counts_pkey PRIMARY KEY (tenant_id, ref, bucket)
) with (fillfactor=70);
comment on table annals.timeline_counts is 'Unretracted timeline rows per long timeline and month, as of the checkpoint timeline_counts: totals and far pages.';
comment on column annals.timeline_counts.tenant_id is 'The tenant.';
comment on column annals.timeline_counts.ref is 'As annals.timeline.ref; only the feed and entity types with long timelines are counted.';
comment on column annals.timeline_counts.bucket is 'As annals.timeline.bucket.';
comment on column annals.timeline_counts.entries is 'Rows that show as of the checkpoint.';

create table annals.unmerges (
  tenant_id uuid not null,
  target uuid not null,
  by_position bigint not null,
  constraint unmerges_pkey PRIMARY KEY (tenant_id, target, by_position)
);
comment on table annals.unmerges is 'Every contact.unmerged, so that one that arrives before its merge is not lost.';
comment on column annals.unmerges.tenant_id is 'The tenant.';
comment on column annals.unmerges.target is 'Id of the contact.merged event it takes back, in either reading, as in annals.retractions.';
comment on column annals.unmerges.by_position is 'The contact.unmerged event.';

create table annals_app.effects (
  tenant_id uuid not null,
  rule_id text not null,
  rule_version integer not null,
  event_id uuid not null,
  recipient text not null,
  "position" bigint not null,
  outcome text not null,
  decided_at timestamp with time zone not null default now(),
  constraint effects_pkey PRIMARY KEY (tenant_id, rule_id, rule_version, event_id, recipient),
  constraint effects_outcome_check CHECK ((outcome = ANY (ARRAY['fired'::text, 'held: backfill'::text, 'too old'::text, 'retracted'::text])))
);
CREATE INDEX effects_of_rule ON annals_app.effects USING btree (tenant_id, rule_id, "position" DESC, rule_version DESC, recipient);
comment on table annals_app.effects is 'Ledger of what rules did: its key is why each (rule version, event, recipient) fires once, whatever is replayed.';
comment on column annals_app.effects.tenant_id is 'The tenant.';
comment on column annals_app.effects.rule_id is 'The rule; mention: the one every tenant has.';
comment on column annals_app.effects.rule_version is 'The version that matched.';
comment on column annals_app.effects.event_id is 'Item id of the event.';
comment on column annals_app.effects.recipient is 'The user to tell.';
comment on column annals_app.effects."position" is 'The event.';
comment on column annals_app.effects.outcome is 'fired; held: backfill, too old, retracted: matched, but nobody was told.';
comment on column annals_app.effects.decided_at is 'When it was decided.';

create table annals_app.enrichment_requests (
  tenant_id uuid not null,
  event_id uuid not null,
  "position" bigint not null,
  entities text not null,
  domain text,
  state text not null,
  attempts integer not null default 0,
  next_at timestamp with time zone not null default now(),
  reason text,
  record text,
  changed_at timestamp with time zone not null default now(),
  constraint enrichment_requests_pkey PRIMARY KEY (tenant_id, event_id),
  constraint enrichment_requests_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'found'::text, 'published'::text, 'nothing'::text, 'parked'::text])))
);
CREATE INDEX enrichment_requests_due ON annals_app.enrichment_requests USING btree (next_at) WHERE (state = ANY (ARRAY['waiting'::text, 'found'::text]));
CREATE INDEX enrichment_requests_settled ON annals_app.enrichment_requests USING btree (changed_at) WHERE (state = ANY (ARRAY['published'::text, 'nothing'::text, 'parked'::text]));
comment on table annals_app.enrichment_requests is 'One row per account or contact that was added: asked once, answered at most once.';
comment on column annals_app.enrichment_requests.tenant_id is 'The tenant.';
comment on column annals_app.enrichment_requests.event_id is 'The account.added or contact.added event.';
comment on column annals_app.enrichment_requests."position" is 'Its position.';
comment on column annals_app.enrichment_requests.entities is 'Its references as canonical JSON, the primary one first.';
comment on column annals_app.enrichment_requests.domain is 'Domain of the company, as the event tells it; null: it tells none.';
comment on column annals_app.enrichment_requests.state is 'waiting; found: what was found is to be published; published; nothing: nobody knew anything; parked: it cannot be answered, see reason.';
comment on column annals_app.enrichment_requests.attempts is 'How often providers were asked.';
comment on column annals_app.enrichment_requests.next_at is 'Not before; while one works on it, when it is taken for dead.';
comment on column annals_app.enrichment_requests.reason is 'Why it is parked, or why the last attempt failed. No personal data.';
comment on column annals_app.enrichment_requests.record is 'What is to be published, word for word: a restart publishes the same.';
comment on column annals_app.enrichment_requests.changed_at is 'When the row last changed.';

create table annals_app.enrollments (
  tenant_id uuid not null,
  id uuid not null,
  sequence_id text not null,
  version integer not null,
  lead text not null,
  contact text,
  account text,
  state text not null,
  step integer not null,
  channel text not null,
  due_at timestamp with time zone not null,
  told integer not null,
  address text,
  name text,
  delivery text,
  attempts integer not null default 0,
  not_before timestamp with time zone,
  enrolled_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint enrollments_pkey PRIMARY KEY (tenant_id, id),
  constraint enrollments_tenant_id_sequence_id_version_fkey FOREIGN KEY (tenant_id, sequence_id, version) REFERENCES annals_app.sequences(tenant_id, id, version),
  constraint enrollments_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'task'::text, 'call'::text]))),
  constraint enrollments_delivery_check CHECK ((delivery = 'sending'::text)),
  constraint enrollments_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'exited'::text, 'finished'::text])))
);
CREATE INDEX enrollments_account ON annals_app.enrollments USING btree (tenant_id, account) WHERE ((account IS NOT NULL) AND (state = ANY (ARRAY['active'::text, 'paused'::text])));
CREATE INDEX enrollments_contact ON annals_app.enrollments USING btree (tenant_id, contact) WHERE (contact IS NOT NULL);
CREATE INDEX enrollments_due_emails ON annals_app.enrollments USING btree (GREATEST(due_at, not_before)) WHERE ((state = 'active'::text) AND (channel = 'email'::text) AND (delivery IS NULL));
CREATE INDEX enrollments_due_reminders ON annals_app.enrollments USING btree (due_at) WHERE ((state = 'active'::text) AND (channel <> 'email'::text));
CREATE INDEX enrollments_lead ON annals_app.enrollments USING btree (tenant_id, lead);
CREATE INDEX enrollments_listed ON annals_app.enrollments USING btree (tenant_id, sequence_id, id);
CREATE UNIQUE INDEX enrollments_live ON annals_app.enrollments USING btree (tenant_id, sequence_id, lead) WHERE (state = ANY (ARRAY['active'::text, 'paused'::text]));
CREATE INDEX enrollments_sending ON annals_app.enrollments USING btree (not_before) WHERE (delivery = 'sending'::text);
comment on table annals_app.enrollments is 'Who is, or was, on the way through a version of a sequence. At most one live one per sequence and lead.';
comment on column annals_app.enrollments.tenant_id is 'The tenant.';
comment on column annals_app.enrollments.id is 'Ids of the events about it begin with it.';
comment on column annals_app.enrollments.sequence_id is 'The sequence.';
comment on column annals_app.enrollments.version is 'The version it was begun with, and is ended with.';
comment on column annals_app.enrollments.lead is 'The lead or contact, type/id.';
comment on column annals_app.enrollments.contact is 'contact/id, where one is known.';
comment on column annals_app.enrollments.account is 'account/id, where one is known.';
comment on column annals_app.enrollments.state is 'active, paused, exited, finished.';
comment on column annals_app.enrollments.step is 'Index of the next step, from 0.';
comment on column annals_app.enrollments.channel is 'Of the next step; of the last where there is none.';
comment on column annals_app.enrollments.due_at is 'When the next step is due, also while paused.';
comment on column annals_app.enrollments.told is 'Events published about it.';
comment on column annals_app.enrollments.address is 'E-mail address given at enrolment; null: the one in sequence_people. Personal data.';
comment on column annals_app.enrollments.name is 'Name given at enrolment. Personal data.';
comment on column annals_app.enrollments.delivery is 'sending: the message of the next step may be leaving now.';
comment on column annals_app.enrollments.attempts is 'Attempts of the next step that failed and are made again.';
comment on column annals_app.enrollments.not_before is 'While sending: when its sender is taken for dead; else: the next attempt.';
comment on column annals_app.enrollments.enrolled_at is 'When it began.';
comment on column annals_app.enrollments.changed_at is 'When it last changed.';

create table annals_app.horizons (
  consumer text not null,
  tenant_id uuid not null,
  "position" bigint not null,
  constraint horizons_pkey PRIMARY KEY (consumer, tenant_id),
  constraint horizons_consumer_check CHECK ((consumer = ANY (ARRAY['rules'::text, 'enrichment'::text])))
);
comment on table annals_app.horizons is 'How deep the past is closed: what a consumer kept of events up to there has been pruned, so it does nothing about them any more.';
comment on column annals_app.horizons.consumer is 'rules: annals_app.effects; enrichment: annals_app.enrichment_requests.';
comment on column annals_app.horizons.tenant_id is 'The tenant.';
comment on column annals_app.horizons."position" is 'The last event that is closed. Never moves back, and is never ahead of the checkpoint.';

create table annals_app.lead_contacts (
  tenant_id uuid not null,
  contact_id text not null,
  lead_id text not null,
  since_position bigint not null,
  ref uuid not null,
  constraint lead_contacts_pkey PRIMARY KEY (tenant_id, contact_id, lead_id)
);
CREATE INDEX lead_contacts_by_lead ON annals_app.lead_contacts USING btree (tenant_id, lead_id);
CREATE INDEX lead_contacts_by_ref ON annals_app.lead_contacts USING btree (tenant_id, ref);
comment on table annals_app.lead_contacts is 'Which leads are which contacts, as lead.added and contact.added say: events of the contact count for the lead.';
comment on column annals_app.lead_contacts.tenant_id is 'The tenant.';
comment on column annals_app.lead_contacts.contact_id is 'The contact.';
comment on column annals_app.lead_contacts.lead_id is 'The lead.';
comment on column annals_app.lead_contacts.since_position is 'The first event that says so.';
comment on column annals_app.lead_contacts.ref is 'annals.ref of the contact.';

create table annals_app.lead_scores (
  tenant_id uuid not null,
  lead_id text not null,
  "position" bigint not null,
  model_version integer not null,
  newest timestamp with time zone,
  points jsonb not null,
  score integer,
  band text,
  published_score integer not null,
  published_band text not null,
  updated_at timestamp with time zone not null default now(),
  constraint lead_scores_pkey PRIMARY KEY (tenant_id, lead_id)
) with (fillfactor=70);
comment on table annals_app.lead_scores is 'Score of each lead as of its last event; follows from the log alone and may be rebuilt from it.';
comment on column annals_app.lead_scores.tenant_id is 'The tenant.';
comment on column annals_app.lead_scores.lead_id is 'The lead.';
comment on column annals_app.lead_scores."position" is 'Everything that touches the lead up to here is counted.';
comment on column annals_app.lead_scores.model_version is 'annals_app.score_models.version that the points are made by; 0: the default.';
comment on column annals_app.lead_scores.newest is 'occurred_at of the newest event that counts: decay is measured to it; null: none counts.';
comment on column annals_app.lead_scores.points is 'Type to decayed points.';
comment on column annals_app.lead_scores.score is '0 to 100; null: it has none of its own, since its events count for the lead that its contact was merged into.';
comment on column annals_app.lead_scores.band is 'Name of the band the score lies in; null: as score.';
comment on column annals_app.lead_scores.published_score is 'newScore of the last lead.score_updated; 0 before the first.';
comment on column annals_app.lead_scores.published_band is 'newBand of the last lead.score_updated.';
comment on column annals_app.lead_scores.updated_at is 'When the row was last written.';

create table annals_app.lead_sources (
  tenant_id uuid not null,
  ref uuid not null,
  lead_id text not null,
  from_position bigint not null,
  until_position bigint,
  constraint lead_sources_pkey PRIMARY KEY (tenant_id, ref, lead_id, from_position)
);
CREATE INDEX lead_sources_begun ON annals_app.lead_sources USING btree (tenant_id, from_position);
CREATE INDEX lead_sources_by_lead ON annals_app.lead_sources USING btree (tenant_id, lead_id);
CREATE INDEX lead_sources_ended ON annals_app.lead_sources USING btree (tenant_id, until_position) WHERE (until_position IS NOT NULL);
comment on table annals_app.lead_sources is 'Whose events count for which lead, in which part of the log: follows from lead_contacts and annals.merges. A lead that is not in it as a ref counts for itself.';
comment on column annals_app.lead_sources.tenant_id is 'The tenant.';
comment on column annals_app.lead_sources.ref is 'annals.ref of the contact or lead whose events count.';
comment on column annals_app.lead_sources.lead_id is 'The lead that they count for.';
comment on column annals_app.lead_sources.from_position is 'The event by which they came to count.';
comment on column annals_app.lead_sources.until_position is 'The event by which they stopped to; null: they count.';

create table annals_app.mail_messages (
  tenant_id uuid not null,
  message_id text not null,
  "position" bigint not null,
  entities text not null,
  constraint mail_messages_pkey PRIMARY KEY (tenant_id, message_id)
);
comment on table annals_app.mail_messages is 'Messages that an email.sent has told of, and to whom they went: the first event of a message stands.';
comment on column annals_app.mail_messages.tenant_id is 'The tenant.';
comment on column annals_app.mail_messages.message_id is 'Id of the message, without angle brackets.';
comment on column annals_app.mail_messages."position" is 'The email.sent event.';
comment on column annals_app.mail_messages.entities is 'Its references as canonical JSON.';

create table annals_app.mail_unmatched (
  tenant_id uuid not null,
  source text not null,
  source_id text not null,
  message_ids text[] not null,
  input text not null,
  parked_at timestamp with time zone not null default now(),
  joined_at timestamp with time zone,
  constraint mail_unmatched_pkey PRIMARY KEY (tenant_id, source, source_id)
);
CREATE INDEX mail_unmatched_age ON annals_app.mail_unmatched USING btree (parked_at);
CREATE INDEX mail_unmatched_waiting ON annals_app.mail_unmatched USING gin (message_ids) WHERE (joined_at IS NULL);
comment on table annals_app.mail_unmatched is 'Callbacks about messages that nobody has told of yet: they stand on their email thread, and join the timelines when the sender''s event arrives.';
comment on column annals_app.mail_unmatched.tenant_id is 'The tenant.';
comment on column annals_app.mail_unmatched.source is 'CloudEvents source of the event.';
comment on column annals_app.mail_unmatched.source_id is 'CloudEvents id of the event.';
comment on column annals_app.mail_unmatched.message_ids is 'Every id that the message may be known by.';
comment on column annals_app.mail_unmatched.input is 'What happened, as JSON: read by the webhook only.';
comment on column annals_app.mail_unmatched.parked_at is 'When it came.';
comment on column annals_app.mail_unmatched.joined_at is 'When it joined its timelines; null: it waits.';

create table annals_app.notifications (
  tenant_id uuid not null,
  id uuid not null,
  recipient text not null,
  rule_id text not null,
  rule_version integer not null,
  reason text not null,
  "position" bigint not null,
  event_id uuid not null,
  created_at timestamp with time zone not null default now(),
  read_at timestamp with time zone,
  relayed_at timestamp with time zone,
  constraint notifications_pkey PRIMARY KEY (tenant_id, id)
);
CREATE INDEX notifications_by_age ON annals_app.notifications USING btree (created_at) WHERE (relayed_at IS NOT NULL);
CREATE INDEX notifications_of_user ON annals_app.notifications USING btree (tenant_id, recipient, "position" DESC, id DESC);
CREATE INDEX notifications_read ON annals_app.notifications USING btree (read_at) WHERE (read_at IS NOT NULL);
CREATE INDEX notifications_unread ON annals_app.notifications USING btree (tenant_id, recipient, "position" DESC, id DESC) WHERE (read_at IS NULL);
CREATE INDEX notifications_unrelayed ON annals_app.notifications USING btree (created_at) WHERE (relayed_at IS NULL);
comment on table annals_app.notifications is 'Who is told of which event. The sentence is rendered on read, never stored.';
comment on column annals_app.notifications.tenant_id is 'The tenant.';
comment on column annals_app.notifications.id is 'Digest of rule, version, event and recipient; the CloudEvents id on annals.notifications.';
comment on column annals_app.notifications.recipient is 'The user (sub of the token).';
comment on column annals_app.notifications.rule_id is 'As in annals_app.effects.';
comment on column annals_app.notifications.rule_version is 'As in annals_app.effects.';
comment on column annals_app.notifications.reason is 'Name of the rule when it fired.';
comment on column annals_app.notifications."position" is 'The event; lists are ordered by it.';
comment on column annals_app.notifications.event_id is 'Item id of the event.';
comment on column annals_app.notifications.created_at is 'When it was made.';
comment on column annals_app.notifications.read_at is 'When the user marked it read; null: unread.';
comment on column annals_app.notifications.relayed_at is 'When it reached annals.notifications; null: waiting.';

create table annals_app.playbook_runs (
  tenant_id uuid not null,
  playbook_id text not null,
  version integer not null,
  event_id uuid not null,
  "position" bigint not null,
  outcome text not null,
  ran_at timestamp with time zone not null,
  constraint playbook_runs_pkey PRIMARY KEY (tenant_id, event_id, playbook_id, version),
  constraint playbook_runs_outcome_check CHECK ((outcome = ANY (ARRAY['completed'::text, 'failed'::text, 'skipped'::text])))
);
comment on table annals_app.playbook_runs is 'Which version of a playbook ran on which event: once each.';
comment on column annals_app.playbook_runs.tenant_id is 'The tenant.';
comment on column annals_app.playbook_runs.playbook_id is 'The playbook.';
comment on column annals_app.playbook_runs.version is 'Its version.';
comment on column annals_app.playbook_runs.event_id is 'The event that started it.';
comment on column annals_app.playbook_runs."position" is 'Position of the event.';
comment on column annals_app.playbook_runs.outcome is 'completed; failed: an action could not be done; skipped: there was nothing to do.';
comment on column annals_app.playbook_runs.ran_at is 'When.';

create table annals_app.playbooks (
  tenant_id uuid not null,
  id text not null,
  version integer not null,
  definition text not null,
  types text[] not null,
  from_position bigint not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  constraint playbooks_pkey PRIMARY KEY (tenant_id, id, version)
);
comment on table annals_app.playbooks is 'Playbooks as data. A version never changes: the newest starts what is new.';
comment on column annals_app.playbooks.tenant_id is 'The tenant.';
comment on column annals_app.playbooks.id is 'Chosen by the tenant.';
comment on column annals_app.playbooks.version is '1, 2, 3 …';
comment on column annals_app.playbooks.definition is 'JSON as libs/sequences accepted it.';
comment on column annals_app.playbooks.types is 'Event types it has to hear of.';
comment on column annals_app.playbooks.from_position is 'It starts on events behind this position.';
comment on column annals_app.playbooks.created_by is 'Who saved it.';
comment on column annals_app.playbooks.created_at is 'When.';

create table annals_app.rule_versions (
  tenant_id uuid not null,
  rule_id uuid not null,
  version integer not null,
  enabled boolean not null,
  definition text not null,
  from_position bigint not null,
  to_position bigint,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  constraint rule_versions_pkey PRIMARY KEY (tenant_id, rule_id, version)
);
comment on table annals_app.rule_versions is 'What a rule says, and for which part of the log. A version is never changed, only ended.';
comment on column annals_app.rule_versions.tenant_id is 'The tenant.';
comment on column annals_app.rule_versions.rule_id is 'The rule.';
comment on column annals_app.rule_versions.version is '1, 2, 3 …';
comment on column annals_app.rule_versions.enabled is 'false: saved, but starts nothing.';
comment on column annals_app.rule_versions.definition is 'The rule as JSON, as libs/rules accepted it.';
comment on column annals_app.rule_versions.from_position is 'Head of the log when it was saved: it applies to events behind it.';
comment on column annals_app.rule_versions.to_position is 'Head of the log when it was replaced, disabled or deleted: the last event it applies to; null: it applies.';
comment on column annals_app.rule_versions.created_by is 'Who saved it (sub of the token).';
comment on column annals_app.rule_versions.created_at is 'When it was saved.';

create table annals_app.rules (
  tenant_id uuid not null,
  id uuid not null,
  version integer not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  deleted_by text,
  deleted_at timestamp with time zone,
  constraint rules_pkey PRIMARY KEY (tenant_id, id)
);
comment on table annals_app.rules is 'Rules of tenants; what they say is in their versions.';
comment on column annals_app.rules.tenant_id is 'The tenant.';
comment on column annals_app.rules.id is 'The rule.';
comment on column annals_app.rules.version is 'Its newest version.';
comment on column annals_app.rules.created_by is 'Who saved it first (sub of the token).';
comment on column annals_app.rules.created_at is 'When it was saved first.';
comment on column annals_app.rules.deleted_by is 'Who deleted it.';
comment on column annals_app.rules.deleted_at is 'When it was deleted; null: it stands.';

create table annals_app.rules_began (
  tenant_id uuid not null,
  "position" bigint not null,
  constraint rules_began_pkey PRIMARY KEY (tenant_id)
);
comment on table annals_app.rules_began is 'Tenants that had a log before there were rules: nobody is told of mentions from then.';
comment on column annals_app.rules_began.tenant_id is 'The tenant.';
comment on column annals_app.rules_began."position" is 'Head of its log at that time: the rule of mentions applies behind it.';

create table annals_app.score_models (
  tenant_id uuid not null,
  version integer not null,
  model jsonb,
  from_position bigint,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  type_weights jsonb not null default '{}'::jsonb,
  constraint score_models_pkey PRIMARY KEY (tenant_id, version)
);
comment on table annals_app.score_models is 'How a tenant scores its leads; versions never change. A tenant without any has the default of libs/scores, version 0.';
comment on column annals_app.score_models.tenant_id is 'The tenant.';
comment on column annals_app.score_models.version is '1, 2, 3 …; the newest is in force.';
comment on column annals_app.score_models.model is 'Weights, half-life, bands and smallest change, as libs/scores checks them; null: the default of libs/scores.';
comment on column annals_app.score_models.from_position is 'Events after this position are scored by it; null: the engine has not seen it yet.';
comment on column annals_app.score_models.created_by is 'Who saved it, or the version of the type that changed a weight.';
comment on column annals_app.score_models.created_at is 'When it was saved.';
comment on column annals_app.score_models.type_weights is 'The tenant''s own types that changed their weight since they were registered, with the weight; null: none. The model''s own weights come first.';

create table annals_app.seen_marks (
  tenant_id uuid not null,
  user_id text not null,
  ref uuid not null,
  "position" bigint not null,
  updated_at timestamp with time zone not null default now(),
  constraint seen_marks_pkey PRIMARY KEY (tenant_id, user_id, ref)
);
comment on table annals_app.seen_marks is 'How far each user has seen each timeline. Marks only move forward.';
comment on column annals_app.seen_marks.tenant_id is 'The tenant.';
comment on column annals_app.seen_marks.user_id is 'The sub of the user''s token.';
comment on column annals_app.seen_marks.ref is 'annals.ref(entity type, entity id); zero: the tenant''s feed.';
comment on column annals_app.seen_marks."position" is 'Entries up to this position are seen.';
comment on column annals_app.seen_marks.updated_at is 'When it last moved.';

create table annals_app.sequence_outbox (
  id bigint not null,
  tenant_id uuid not null,
  record text not null,
  made_at timestamp with time zone not null default now(),
  constraint sequence_outbox_pkey PRIMARY KEY (id)
);
comment on table annals_app.sequence_outbox is 'Records on their way to Kafka: written in the transaction that makes them true, deleted once Kafka has them.';
comment on column annals_app.sequence_outbox.id is 'Records are published in this order.';
comment on column annals_app.sequence_outbox.tenant_id is 'The tenant.';
comment on column annals_app.sequence_outbox.record is 'The record as JSON: topic, key, headers, value. The event id in it makes a repetition harmless.';
comment on column annals_app.sequence_outbox.made_at is 'When.';

create table annals_app.sequence_people (
  tenant_id uuid not null,
  ref text not null,
  name text,
  address text,
  "position" bigint not null,
  constraint sequence_people_pkey PRIMARY KEY (tenant_id, ref)
);
comment on table annals_app.sequence_people is 'How to reach leads and contacts by e-mail, as the log tells it. Personal data: deleted when the subject is erased.';
comment on column annals_app.sequence_people.tenant_id is 'The tenant.';
comment on column annals_app.sequence_people.ref is 'type/id.';
comment on column annals_app.sequence_people.name is 'The name that was told last.';
comment on column annals_app.sequence_people.address is 'The address that was told last.';
comment on column annals_app.sequence_people."position" is 'The event that told it.';

create table annals_app.sequences (
  tenant_id uuid not null,
  id text not null,
  version integer not null,
  definition text not null,
  types text[] not null,
  from_position bigint not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  constraint sequences_pkey PRIMARY KEY (tenant_id, id, version)
);
comment on table annals_app.sequences is 'Nurture sequences as data. A version never changes: the newest starts what is new.';
comment on column annals_app.sequences.tenant_id is 'The tenant.';
comment on column annals_app.sequences.id is 'Chosen by the tenant.';
comment on column annals_app.sequences.version is '1, 2, 3 …';
comment on column annals_app.sequences.definition is 'JSON as libs/sequences accepted it.';
comment on column annals_app.sequences.types is 'Event types it has to hear of.';
comment on column annals_app.sequences.from_position is 'It starts on events behind this position.';
comment on column annals_app.sequences.created_by is 'Who saved it.';
comment on column annals_app.sequences.created_at is 'When.';

create table annals_app.tag_changes (
  tenant_id uuid not null,
  ref uuid not null,
  occurred_at timestamp with time zone not null,
  "position" bigint not null,
  added boolean not null,
  tag text not null,
  constraint tag_changes_pkey PRIMARY KEY (tenant_id, ref, occurred_at, "position")
);
comment on table annals_app.tag_changes is 'Tags given and taken, read from the log: which tags a record had when an event happened.';
comment on column annals_app.tag_changes.tenant_id is 'The tenant.';
comment on column annals_app.tag_changes.ref is 'annals.ref of the contact, lead or merchant.';
comment on column annals_app.tag_changes.occurred_at is 'When it happened.';
comment on column annals_app.tag_changes."position" is 'The contact.tagged or contact.untagged event.';
comment on column annals_app.tag_changes.added is 'true: given; false: taken.';
comment on column annals_app.tag_changes.tag is 'The tag.';

create table annals_app.tickets (
  tenant_id uuid not null,
  hash bytea not null,
  kind text not null,
  user_id text not null,
  entity_type text,
  entity_id text,
  token_expires_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint tickets_pkey PRIMARY KEY (tenant_id, hash)
);
CREATE INDEX tickets_expired ON annals_app.tickets USING btree (tenant_id, expires_at);
comment on table annals_app.tickets is 'One-time tickets that browsers open a live feed with, because they cannot send a token there. Deleted by their use, on whichever instance.';
comment on column annals_app.tickets.tenant_id is 'The tenant that may be read.';
comment on column annals_app.tickets.hash is 'SHA-256 of the ticket: the table opens nothing.';
comment on column annals_app.tickets.kind is 'user, service or customer, as in the token of the caller.';
comment on column annals_app.tickets.user_id is 'The caller.';
comment on column annals_app.tickets.entity_type is 'For a customer the type of the record that it is.';
comment on column annals_app.tickets.entity_id is 'For a customer the id of the record that it is.';
comment on column annals_app.tickets.token_expires_at is 'When the token of the caller ends, and with it every feed opened with the ticket.';
comment on column annals_app.tickets.expires_at is 'Not good after this.';

create table annals_app.types (
  tenant_id uuid not null,
  type text not null,
  version integer not null,
  definition text not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  constraint types_pkey PRIMARY KEY (tenant_id, type, version),
  constraint types_version_check CHECK ((version >= 1))
);
comment on table annals_app.types is 'Tenants'' own event types, one row a version; never changed.';
comment on column annals_app.types.tenant_id is 'The tenant whose type it is.';
comment on column annals_app.types.type is 'custom.<name>';
comment on column annals_app.types.version is 'Version of the payload schema: 1, 2, 3 …';
comment on column annals_app.types.definition is 'JSON of TypeDefinition (libs/contracts). Text, because the order of the schema''s fields counts.';
comment on column annals_app.types.created_by is 'The user or service that registered it.';
comment on column annals_app.types.created_at is 'When it was registered.';

create table annals_app.webhook_tokens (
  tenant_id uuid not null,
  token bytea not null,
  body bytea not null,
  used_at timestamp with time zone not null default now(),
  constraint webhook_tokens_pkey PRIMARY KEY (tenant_id, token)
);
CREATE INDEX webhook_tokens_age ON annals_app.webhook_tokens USING btree (used_at);
comment on table annals_app.webhook_tokens is 'Signatures that do not cover the body are good for one body: tokens that were used.';
comment on column annals_app.webhook_tokens.tenant_id is 'The tenant.';
comment on column annals_app.webhook_tokens.token is 'SHA-256 of provider and token.';
comment on column annals_app.webhook_tokens.body is 'SHA-256 of the body it came with.';
comment on column annals_app.webhook_tokens.used_at is 'When it was used.';


-- Views

create view annals.lead_activities with (security_invoker=true) as
 SELECT tenant_id,
    (lead_id)::uuid AS lead_id,
    type,
    description,
    actor_type,
    actor_id,
    metadata
   FROM annals.lead_activities_text
  WHERE (lead_id ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'::text);
comment on view annals.lead_activities is 'The table lead_activities of seed 000, read only: the leads whose id is a UUID (annals.lead_activities_text has the rest).';
comment on column annals.lead_activities.tenant_id is 'The tenant.';
comment on column annals.lead_activities.lead_id is 'The lead.';
comment on column annals.lead_activities.type is 'Name of seed 000.';
comment on column annals.lead_activities.description is 'The sentence, as the API shows it.';
comment on column annals.lead_activities.actor_type is 'human, agent or system.';
comment on column annals.lead_activities.actor_id is 'Who did it.';
comment on column annals.lead_activities.metadata is 'The payload; null after erasure.';

create view annals.lead_activities_text with (security_invoker=true) as
 SELECT e.tenant_id,
    lead.id AS lead_id,
    named.name AS type,
    annals.sentence(e.type, (e.version)::integer, (e.payload)::jsonb, e.summary) AS description,
    e.actor_type,
    (e.actor_id)::character varying(255) AS actor_id,
    (e.payload)::jsonb AS metadata
   FROM ((annals.events e
     JOIN ( VALUES ('note.added'::text,'note'::text), ('email.sent'::text,'email_sent'::text), ('email.received'::text,'email_received'::text), ('call.completed'::text,'call'::text), ('lead.status_changed'::text,'status_change'::text), ('enrichment.completed'::text,'enrichment'::text), ('lead.score_updated'::text,'score_updated'::text), ('nurture.enrolled'::text,'nurture_enrolled'::text), ('nurture.step_scheduled'::text,'nurture_step_scheduled'::text), ('nurture.step_executed'::text,'nurture_step_executed'::text), ('nurture.paused'::text,'nurture_paused'::text), ('nurture.resumed'::text,'nurture_resumed'::text), ('nurture.exited'::text,'nurture_exited'::text)) named(type, name) ON ((named.type = e.type)))
     CROSS JOIN LATERAL ( SELECT DISTINCT (entity.value ->> 'id'::text) AS id
           FROM jsonb_array_elements((e.entities)::jsonb) entity(value)
          WHERE ((entity.value ->> 'type'::text) = 'lead'::text)) lead)
  WHERE (NOT (EXISTS ( SELECT
           FROM annals.retracted r
          WHERE ((r.tenant_id = e.tenant_id) AND (r."position" = e."position")))));
comment on view annals.lead_activities_text is 'One row per event and lead it refers to, for the 13 types of seed 000, without retracted ones; lead ids of any shape.';
comment on column annals.lead_activities_text.tenant_id is 'The tenant.';
comment on column annals.lead_activities_text.lead_id is 'The lead, its id as the producer wrote it.';
comment on column annals.lead_activities_text.type is 'Name of seed 000.';
comment on column annals.lead_activities_text.description is 'The sentence, as the API shows it.';
comment on column annals.lead_activities_text.actor_type is 'human, agent or system.';
comment on column annals.lead_activities_text.actor_id is 'Who did it.';
comment on column annals.lead_activities_text.metadata is 'The payload; null after erasure.';


-- Functions

CREATE OR REPLACE FUNCTION annals.begin_read(reader_tenant uuid, reader_audience text, reader_customer text)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  newest bigint;
begin
  perform set_config('annals.tenant', reader_tenant::text, true),
          set_config('annals.audience', reader_audience, true),
          set_config('annals.customer', coalesce(reader_customer, ''), true);
  select h.position into newest from annals.heads h where h.tenant_id = reader_tenant;
  return coalesce(newest, 0);
end $function$;
comment on function annals.begin_read(uuid,text,text) is 'Says who reads, for this transaction only, and returns the position of the newest event; 0: none.';

CREATE OR REPLACE FUNCTION annals.children_of(tenant uuid, root uuid, parents annals.membership[], pin bigint)
 RETURNS annals.membership[]
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  return (
    select array_agg(row (s.ref, lower(s.during), upper(s.during), 0, null, null)::annals.membership)
      from (select c.account as ref, unnest(range_agg(tstzrange(greatest(c.occurred_at, p.from_at), least(next.occurred_at, p.before_at)))) as during
              from unnest(parents) p
             cross join lateral (
                   select * from annals.account_parents c
                    where c.tenant_id = tenant and c.parent = p.ref and c.occurred_at < p.before_at and c.position <= pin and c.account <> root
                      and not exists (select from annals.retracted r
                                       where r.tenant_id = tenant and r.position = c.position and r.effective_position <= pin)) c
              left join lateral (
                   select n.occurred_at from annals.account_parents n
                    where n.tenant_id = tenant and n.account = c.account and (n.occurred_at, n.position) > (c.occurred_at, c.position)
                      and n.position <= pin
                      and not exists (select from annals.retracted r
                                       where r.tenant_id = tenant and r.position = n.position and r.effective_position <= pin)
                    order by n.occurred_at, n.position limit 1) next on true
             where greatest(c.occurred_at, p.from_at) < least(next.occurred_at, p.before_at)
             group by c.account) s);
end $function$;
comment on function annals.children_of(uuid,uuid,annals.membership[],bigint) is 'The accounts directly below those of the memberships, within their times, as of the pin; the root is never below itself.';

CREATE OR REPLACE FUNCTION annals.clip_memberships(m annals.membership[], s annals.timeline_slice)
 RETURNS annals.membership[]
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  earliest constant timestamptz := '0002-01-01 BC';
  latest   constant timestamptz := '2730-01-01';
begin
  return (
    select coalesce(array_agg(row (c.ref, c.from_at, c.before_at, c.before_position,
                                   annals.month_of(greatest(earliest, least(c.from_at, latest))),
                                   annals.month_of(greatest(earliest, least(c.before_at, latest))))::annals.membership), '{}')
      from (select u.ref, greatest(u.from_at, s.from_at) as from_at, least(u.before_at, s.before_at) as before_at,
                   case when u.before_at <= s.before_at then 0 else s.before_position end as before_position
              from unnest(m) u) c
     where (c.from_at, 0) < (c.before_at, c.before_position));
end $function$;
comment on function annals.clip_memberships(annals.membership[],annals.timeline_slice) is 'What of the memberships lies within the slice.';

CREATE OR REPLACE FUNCTION annals.current_audience()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('annals.audience'::text, true), ''::text);
comment on function annals.current_audience() is 'staff or customer; null: nobody, nothing is visible.';

CREATE OR REPLACE FUNCTION annals.current_customer_entities()
 RETURNS jsonb
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN CASE WHEN (NULLIF(current_setting('annals.customer'::text, true), ''::text) IS NOT NULL) THEN jsonb_build_array(jsonb_build_object('type', split_part(current_setting('annals.customer'::text, true), '/'::text, 1), 'id', substr(current_setting('annals.customer'::text, true), (strpos(current_setting('annals.customer'::text, true), '/'::text) + 1)))) ELSE NULL::jsonb END;
comment on function annals.current_customer_entities() is 'The customer who reads as the references of an event must contain it; null: none.';

CREATE OR REPLACE FUNCTION annals.current_customer_ref()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (encode(substr(sha256(convert_to(NULLIF(current_setting('annals.customer'::text, true), ''::text), 'UTF8'::name)), 1, 16), 'hex'::text))::uuid;
comment on function annals.current_customer_ref() is 'annals.ref of the customer who reads, from annals.customer = type/id; null: none.';

CREATE OR REPLACE FUNCTION annals.current_tenant()
 RETURNS uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NULLIF(current_setting('annals.tenant'::text, true), ''::text))::uuid;
comment on function annals.current_tenant() is 'The tenant this transaction reads; null: none, nothing is visible.';

CREATE OR REPLACE FUNCTION annals.event_line(e annals.events, retracted_at bigint, mark text)
 RETURNS text
 LANGUAGE sql
 STABLE
RETURN concat_ws((''::text || mark), (e).id, (e)."position", (e).type, (e).source_type, (e).version, (e).source, (e).source_id, (e).occurred_at, (e).appended_at, (e).time_quality, (e).ingest_mode, (e).actor_type, (e).actor_id, (e).entities, COALESCE(('+'::text || (e).recorded_at), ''::text), COALESCE(('+'::text || (e).on_behalf_of), ''::text), COALESCE(('+'::text || (e).correlation_id), ''::text), COALESCE(('+'::text || (e).causation_id), ''::text), COALESCE(('+'::text || (e).traceparent), ''::text), COALESCE(('+'::text || (e).summary), ''::text), COALESCE(('+'::text || (e).payload), ''::text), COALESCE(('+'::text || retracted_at), ''::text));
comment on function annals.event_line(annals.events,bigint,text) is 'An event as one record of annals.event_lines.';

CREATE OR REPLACE FUNCTION annals.event_lines(tenant uuid, positions bigint[], retracted_at bigint[], mark text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
AS $function$
  begin
    return (
      select concat(count(*), E'\x1e', mark, string_agg(l.line, E'\x1e' || mark))
        from (select annals.event_line(e, k.retracted_at, mark) as line
                from unnest(positions, retracted_at) with ordinality k(position, retracted_at, nth)
                join annals.events e on e.tenant_id = tenant and e.position = k.position
               order by k.nth) l);
  end $function$;
comment on function annals.event_lines(uuid,bigint[],bigint[],text) is 'Events as one text, in the order asked for, and first their number: records parted by U+001E, fields by U+001F, each followed by the mark; a field that may be null is empty or begins with +.';

CREATE OR REPLACE FUNCTION annals.feed_after(s annals.timeline_slice, by_type text, by_id text, after_position bigint, upto bigint, lim integer)
 RETURNS TABLE(key_position bigint, key_retracted_at bigint)
 LANGUAGE sql
 STABLE
AS $function$
  select e.position, r.effective_position
    from annals.events e
    left join lateral (select * from annals.retracted r where r.tenant_id = e.tenant_id and r.position = e.position offset 0) r on true
   where e.tenant_id = s.tenant_id and e.position > after_position and e.position <= upto
     and e.occurred_at >= s.from_at and e.occurred_at < s.before_at
     and (s.types is null or e.type = any (s.types))
     and (by_id is null or e.actor_id = by_id) and (by_type is null or e.actor_type = by_type)
     and (r.effective_position is null or s.with_retracted)
   order by e.position limit lim
$function$;
comment on function annals.feed_after(annals.timeline_slice,text,text,bigint,bigint,integer) is 'Events of the tenant between two positions that show, oldest first; a null by_type or by_id (the actor) filters nothing.';

CREATE OR REPLACE FUNCTION annals.hierarchy_keys(s annals.timeline_slice, below annals.membership[], lim bigint, skip bigint)
 RETURNS TABLE(key_position bigint, key_retracted_at bigint)
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  return query
  with newest as materialized (
       select m.*, first.occurred_at as newest_at, first.position as newest_position
         from unnest(below) m
        cross join lateral (
              select t.occurred_at, t.position from annals.timeline t
               where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.bucket >= m.first_month and t.bucket <= m.last_month
                      and t.ref = m.ref and (t.occurred_at, t.position) < (m.before_at, m.before_position) and t.occurred_at >= m.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted) and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
               order by t.bucket desc, t.occurred_at desc, t.position desc limit 1) first),
  -- so many rows are at least as new as this one: older ones cannot be on the page, nor accounts that have only such
  edge (edge_at, edge_position) as materialized (
       select n.newest_at, n.newest_position from (select distinct newest_at, newest_position from newest) n
        order by n.newest_at desc, n.newest_position desc offset lim + skip - 1 limit 1),
  bound (bound_at, bound_position) as materialized (
       select edge_at, edge_position from edge union all select '-infinity', 0 where not exists (select from edge)),
  found as (
       (select t.occurred_at, t.position, t.retracted_at_position from annals.timeline t
         where t.tenant_id = s.tenant_id and t.ref = s.refs[1] and t.type = 'account.parent_changed'
                      and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted) and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
         order by t.occurred_at desc, t.position desc limit lim + skip)
        union all
       select b.occurred_at, b.position, b.retracted_at_position
         from bound
        cross join newest m
        cross join lateral (
              select * from annals.timeline t
               where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.bucket >= m.first_month and t.bucket <= m.last_month
                      and t.ref = m.ref and (t.occurred_at, t.position) < (m.before_at, m.before_position) and t.occurred_at >= m.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted) and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
                 and (t.occurred_at, t.position) >= (bound_at, bound_position)
               order by t.bucket desc, t.occurred_at desc, t.position desc limit lim + skip) b
        where (m.newest_at, m.newest_position) >= (bound_at, bound_position))
  select k.position, k.retracted_at_position
    from (select distinct on (f.occurred_at, f.position) * from found f order by f.occurred_at desc, f.position desc) k
   order by k.occurred_at desc, k.position desc limit lim offset skip;
end $function$;
comment on function annals.hierarchy_keys(annals.timeline_slice,annals.membership[],bigint,bigint) is 'Positions of what happened below an account, and of its own moves, newest first, each once. Looks once into every membership, and reads on where the page can reach.';

CREATE OR REPLACE FUNCTION annals.hierarchy_newer(s annals.timeline_slice, below annals.membership[], head bigint, OUT newer bigint, OUT is_floor boolean)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET enable_hashjoin TO 'on'
AS $function$
declare
  later annals.timeline_slice := s;
begin
  is_floor := false;
  if head - s.pin > 1000 then
    later.pin := head;
    select t.total, t.is_floor into newer, is_floor from annals.hierarchy_total(later, below, s.pin) t;
    if not is_floor then
      return;
    end if;
  end if;
  select greatest(newer, count(distinct e.position)) into newer
    from annals.events e
   cross join lateral annals.refs_of(e.entities) as stands(ref)
    left join unnest(below) m on m.ref = stands.ref
   cross join lateral (
         select * from annals.timeline t
          where t.tenant_id = s.tenant_id and t.bucket = annals.month_of(e.occurred_at) and t.ref = stands.ref
            and t.occurred_at = e.occurred_at and t.position = e.position offset 0) t
   where e.tenant_id = s.tenant_id and e.position > greatest(s.pin, head - 1000) and e.position <= head
     and e.occurred_at >= s.from_at and e.occurred_at < s.before_at
     and (e.occurred_at >= m.from_at and (e.occurred_at, e.position) < (m.before_at, m.before_position)
          or stands.ref = s.refs[1] and e.type = 'account.parent_changed')
     and (t.retracted_at_position is null or s.with_retracted) and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors));
end $function$;
comment on function annals.hierarchy_newer(annals.timeline_slice,annals.membership[],bigint) is 'Rows of the Hierarchy tab that stand after its pin and show at the head, with the memberships of the pin: exact if there are at most 1,000 events after the pin, or as annals.hierarchy_total. Else a floor.';

CREATE OR REPLACE FUNCTION annals.hierarchy_total(s annals.timeline_slice, below annals.membership[], after bigint, OUT total bigint, OUT is_floor boolean)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  scanned bigint;
begin
  select count(distinct t.position) filter (where t.position > after and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))), count(*)
    into total, scanned
    from ((select t.position, t.type, t.actor from annals.timeline t where t.tenant_id = s.tenant_id and t.ref = s.refs[1] and t.type = 'account.parent_changed'
                      and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted) limit 10000)
           union all
          (select t.position, t.type, t.actor
             from unnest(below) m cross join lateral (select * from annals.timeline t where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.bucket >= m.first_month and t.bucket <= m.last_month
                      and t.ref = m.ref and (t.occurred_at, t.position) < (m.before_at, m.before_position) and t.occurred_at >= m.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted) limit 10000) t
            limit 10000)) t;
  is_floor := scanned >= 10000;
end $function$;
comment on function annals.hierarchy_total(annals.timeline_slice,annals.membership[],bigint) is 'Rows of the Hierarchy tab that stand after a position: exact up to 10,000 rows of all types, else a floor.';

CREATE OR REPLACE FUNCTION annals.memberships_below(tenant uuid, root uuid, depth integer, pin bigint)
 RETURNS annals.membership[]
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  level annals.membership[] := array[row (root, '-infinity', 'infinity', 0, null, null)::annals.membership];
  below annals.membership[] := '{}';
  gone  int := 0;
begin
  -- at any time an account has one parent, so only the root could be met again on the way down
  while gone is distinct from depth loop
    level := annals.children_of(tenant, root, level, pin);
    exit when level is null;
    below := below || level;
    if cardinality(below) > 5000 then
      return null;
    end if;
    gone := gone + 1;
  end loop;
  return below;
end $function$;
comment on function annals.memberships_below(uuid,uuid,integer,bigint) is 'The accounts below the root and when, so many levels deep (null: all), as of the pin. Null: more than 5,000 memberships.';

CREATE OR REPLACE FUNCTION annals.merged_refs(tenant uuid, contact uuid, pin bigint)
 RETURNS uuid[]
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  return (
    with recursive reached(ref) as (
      select contact
      union
      select next.ref
        from reached r
       cross join lateral (
             select m.into_ref as ref from annals.merges m
              where m.tenant_id = tenant and m.from_ref = r.ref
                and m.merged_at_position <= pin and (m.unmerged_at_position is null or m.unmerged_at_position > pin)
             union all
             select m.from_ref from annals.merges m
              where m.tenant_id = tenant and m.into_ref = r.ref
                and m.merged_at_position <= pin and (m.unmerged_at_position is null or m.unmerged_at_position > pin)) next)
    select array_agg(r.ref) from reached r);
end $function$;
comment on function annals.merged_refs(uuid,uuid,bigint) is 'The contact and every contact merged with it as of the pin, over any number of merges in either direction.';

CREATE OR REPLACE FUNCTION annals.month_of(at timestamp with time zone)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (((((date_part('year'::text, (at AT TIME ZONE 'UTC'::text)) + (((1)::double precision - sign(date_part('year'::text, (at AT TIME ZONE 'UTC'::text)))) / (2)::double precision)) * (12)::double precision) + date_part('month'::text, (at AT TIME ZONE 'UTC'::text))) - (1)::double precision))::smallint;
comment on function annals.month_of(timestamp with time zone) is 'UTC month as a number, year * 12 + month - 1: annals.timeline.bucket.';

CREATE OR REPLACE FUNCTION annals.position_before(tenant uuid, moment timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'annals'
AS $function$
declare
  low    bigint := 0;
  high   bigint := coalesce((select h.position from annals.heads h where h.tenant_id = tenant), 0);
  middle bigint;
begin
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select e.appended_at from annals.events e where e.tenant_id = tenant and e.position = middle) < moment then
      low := middle;
    else
      high := middle - 1;
    end if;
  end loop;
  return low;
end
$function$;
comment on function annals.position_before(uuid,timestamp with time zone) is 'The last event of the tenant that was appended before the moment; 0: none was.';

CREATE OR REPLACE FUNCTION annals.read_comment(reader_tenant uuid, wanted_comment text, mark text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  found_position bigint;
begin
  perform annals.begin_read(reader_tenant, 'staff', null);
  select min(c.position) into found_position from annals.comments c
   where c.tenant_id = reader_tenant and c.comment = annals.ref('comment', wanted_comment);
  return case when found_position is not null then annals.read_events_at(reader_tenant, array[found_position], mark) end;
end $function$;
comment on function annals.read_comment(uuid,text,text) is 'The comment.added event of a comment id, the first where several claim it, as annals.event_lines; null: unknown. For staff.';

CREATE OR REPLACE FUNCTION annals.read_comment_keys(reader_tenant uuid, entity_type text, entity_id text, asked_pin bigint, OUT pin bigint, OUT keys text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  head bigint := annals.begin_read(reader_tenant, 'staff', null);
  refs uuid[] := array[annals.ref(entity_type, entity_id)];
begin
  pin := least(coalesce(asked_pin, head), head);
  if entity_type = 'contact' then
    refs := annals.merged_refs(reader_tenant, refs[1], pin);
  end if;
  select json_agg(json_build_array(k.position::text, k.comment_id, k.parent_comment_id, k.deleted) order by k.occurred_at, k.position)::text into keys
    from (select distinct on (t.occurred_at, t.position) t.occurred_at, t.position, c.comment_id, c.parent_comment_id,
                 coalesce(t.retracted_at_position <= read_comment_keys.pin, false) as deleted
            from unnest(refs) r(ref)
           cross join lateral (
                 select * from annals.timeline t
                  where t.tenant_id = reader_tenant and t.ref = r.ref and t.type = 'comment.added' and t.position <= read_comment_keys.pin
                  order by t.occurred_at desc, t.position desc limit 10000) t
           cross join lateral (
                 select c.comment_id, c.parent_comment_id from annals.comments c
                  where c.tenant_id = reader_tenant and c.position = t.position limit 1) c
           order by t.occurred_at, t.position) k;
end $function$;
comment on function annals.read_comment_keys(uuid,text,text,bigint) is 'The newest 10,000 comments on a record as of the pin, oldest first, as JSON: position, comment id, parent, whether it is deleted. For staff.';

CREATE OR REPLACE FUNCTION annals.read_event(reader_tenant uuid, reader_audience text, reader_customer text, event_id uuid, mark text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  found_position bigint;
  found_at       timestamptz;
  retracted_at   bigint;
begin
  perform annals.begin_read(reader_tenant, reader_audience, reader_customer);
  select e.position, e.occurred_at into found_position, found_at from annals.events e where e.tenant_id = reader_tenant and e.id = event_id;
  if not found then
    return null;
  end if;
  select t.retracted_at_position into retracted_at
    from annals.timeline t
   where t.tenant_id = reader_tenant and t.bucket = annals.month_of(found_at) and t.occurred_at = found_at and t.position = found_position
     and t.ref = case when reader_audience = 'staff' then '00000000-0000-0000-0000-000000000000' else annals.current_customer_ref() end;
  if not found or reader_audience <> 'staff' and retracted_at is not null then
    return null;
  end if;
  return annals.event_lines(reader_tenant, array[found_position], array[retracted_at], mark);
end $function$;
comment on function annals.read_event(uuid,text,text,uuid,text) is 'One event as a line of annals.event_lines; null: unknown, or not for this reader, which look the same.';

CREATE OR REPLACE FUNCTION annals.read_events_at(reader_tenant uuid, positions bigint[], mark text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
begin
  perform annals.begin_read(reader_tenant, 'staff', null);
  return annals.event_lines(reader_tenant, positions, array(
    select r.effective_position from unnest(positions) with ordinality p(position, nth)
      left join annals.retracted r on r.tenant_id = reader_tenant and r.position = p.position order by p.nth), mark);
end $function$;
comment on function annals.read_events_at(uuid,bigint[],text) is 'Events at these positions, in this order, as annals.event_lines. For staff.';

CREATE OR REPLACE FUNCTION annals.read_feeds(tenants uuid[], after_positions bigint[], page_limit integer, page_bytes bigint)
 RETURNS TABLE(lines text, reached bigint, head bigint)
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET jit TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
  declare
    reader         uuid;
    after_position bigint;
    upto           bigint;
    last           bigint;
  begin
    for reader, after_position in select * from unnest(tenants, after_positions) loop
      head := annals.begin_read(reader, 'staff', null);
      reached := head;
      lines := null;
      if after_position < head then
        upto := least(head, after_position + page_limit);
        select concat(count(*), E'\x1e', string_agg(l.line, E'\x1e')), max(l.position) into lines, last
          from (select e.position,
                       case when coalesce(sum(octet_length(e.payload)) over (order by e.position rows between unbounded preceding and 1 preceding), 0)
                                 < page_bytes
                            then annals.event_line(e, (select r.effective_position from annals.retracted r
                                                        where r.tenant_id = reader and r.position = e.position), '') end as line
                  from annals.events e where e.tenant_id = reader and e.position > after_position and e.position <= upto
                 order by e.position) l
         where l.line is not null;
        reached := case when last < upto then last else upto end;
      end if;
      return next;
    end loop;
  end $function$;
comment on function annals.read_feeds(uuid[],bigint[],integer,bigint) is 'What stands in the feeds of tenants after a position each, as staff read them with retracted entries: oldest first, at most page_limit events and some page_bytes of payload each, in the order asked. lines: as of annals.event_lines, without a mark; everything up to reached is in them.';

CREATE OR REPLACE FUNCTION annals.read_hierarchy(reader_tenant uuid, reader_audience text, reader_customer text, account_id text, depth integer, types text[], actor_type text, actor_id text, from_at timestamp with time zone, to_at timestamp with time zone, with_retracted boolean, asked_pin bigint, page_limit integer, after_at timestamp with time zone, after_position bigint, page_number bigint, count_total boolean, count_newer boolean, mark text, OUT pin bigint, OUT newer bigint, OUT newer_is_floor boolean, OUT total bigint, OUT total_is_floor boolean, OUT too_large boolean, OUT lines text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  head      bigint := annals.begin_read(reader_tenant, reader_audience, reader_customer);
  s         annals.timeline_slice;
  below     annals.membership[];
  clipped   annals.membership[];
  positions bigint[];
  retracted bigint[];
begin
  pin := least(coalesce(asked_pin, head), head);
  s.tenant_id := reader_tenant;
  s.refs := array[annals.ref('account', account_id)];
  s.months := array(select m.bucket from annals.months m where m.tenant_id = reader_tenant order by m.bucket desc);
  s.from_at := coalesce(from_at, '-infinity');
  s.before_at := coalesce(to_at, 'infinity');
  s.before_position := 0;
  s.pin := pin;
  s.with_retracted := coalesce(with_retracted, false);
  s.types := types;
  s.actors := case when actor_type is not null then array[annals.ref(actor_type, actor_id)]
                   when actor_id is not null then
                     array[annals.ref('human', actor_id), annals.ref('agent', actor_id), annals.ref('system', actor_id)] end;

  below := case when reader_audience = 'staff' then annals.memberships_below(reader_tenant, s.refs[1], depth, pin) else '{}' end;
  too_large := below is null;
  if too_large then
    return;
  end if;
  clipped := annals.clip_memberships(below, s);
  if count_newer then
    select n.newer, n.is_floor into newer, newer_is_floor from annals.hierarchy_newer(s, clipped, head) n;
  end if;
  if count_total then
    select t.total, t.is_floor into total, total_is_floor from annals.hierarchy_total(s, clipped, 0) t;
  end if;
  if after_at is not null and (after_at, after_position) < (s.before_at, s.before_position) then
    s.before_at := after_at;
    s.before_position := after_position;
    clipped := annals.clip_memberships(below, s);
  end if;
  select array_agg(k.key_position), array_agg(case when k.key_retracted_at <= pin then k.key_retracted_at end)
    into positions, retracted
    from annals.hierarchy_keys(s, clipped, page_limit + 1, (coalesce(page_number, 1) - 1) * page_limit) k;
  lines := annals.event_lines(reader_tenant, positions, retracted, mark);
end $function$;
comment on function annals.read_hierarchy(uuid,text,text,text,integer,text[],text,text,timestamp with time zone,timestamp with time zone,boolean,bigint,integer,timestamp with time zone,bigint,bigint,boolean,boolean,text) is 'One page of an account''s Hierarchy tab, newest first, and one row more if there is more; too_large: more accounts than can be read as one.';

CREATE OR REPLACE FUNCTION annals.read_retraction(reader_tenant uuid, event_id uuid, mark text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  taken_by bigint;
begin
  perform annals.begin_read(reader_tenant, 'staff', null);
  select r.by_position into taken_by
    from annals.events e join annals.retracted r on r.tenant_id = e.tenant_id and r.position = e.position
   where e.tenant_id = reader_tenant and e.id = event_id;
  return case when taken_by is not null then annals.read_events_at(reader_tenant, array[taken_by], mark) end;
end $function$;
comment on function annals.read_retraction(uuid,uuid,text) is 'The event that took this one off the timelines, as annals.event_lines; null: it stands, or is unknown. For staff.';

CREATE OR REPLACE FUNCTION annals.read_rollups(reader_tenant uuid, wanted_dimension text, by_type boolean, from_day date, to_day date, unit text, wanted_types text[], wanted_key text, most_keys integer)
 RETURNS TABLE(as_of bigint, head bigint, items jsonb)
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET jit TO 'off'
AS $function$
begin
  head := annals.begin_read(reader_tenant, 'staff', null);
  as_of := coalesce((select c.position from annals.checkpoints c where c.consumer = 'rollups' and c.tenant_id = reader_tenant), 0);
  with counted as (
    select date_trunc(unit, r.day::timestamp)::date as period, case when by_type then r.type else r.key end as name, sum(r.entries) as entries
      from annals.rollups r
     where r.tenant_id = reader_tenant and r.dimension = wanted_dimension and r.day between from_day and to_day
       and (wanted_key is null or r.key = wanted_key) and (wanted_types is null or r.type = any (wanted_types))
     group by 1, 2 having sum(r.entries) <> 0),
  most as (select c.name from counted c group by c.name order by sum(c.entries) desc, c.name limit most_keys)
  select coalesce(jsonb_agg(jsonb_build_array(c.period, c.name, c.entries) order by c.period, c.name), '[]')
    into items from counted c join most using (name);
  return next;
end $function$;
comment on function annals.read_rollups(uuid,text,boolean,date,date,text,text[],text,integer) is 'Counts per period and key of the keys with most, for staff; as_of: the position they stand for. Reads roll-ups only, never the log.';

CREATE OR REPLACE FUNCTION annals.read_stream(reader_tenant uuid, reader_audience text, reader_customer text, entity_type text, entity_id text, types text[], actor_type text, actor_id text, from_at timestamp with time zone, to_at timestamp with time zone, with_retracted boolean, after_position bigint, page_limit integer, page_bytes bigint, mark text, OUT lines text, OUT reached bigint, OUT head bigint, OUT refs uuid[])
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  staff     boolean := reader_audience = 'staff';
  s         annals.timeline_slice;
  near      boolean;
  upto      bigint;
  earliest  constant timestamptz := '0002-01-01 BC';
  latest    constant timestamptz := '2730-01-01';
  positions bigint[];
  retracted bigint[];
  taken     int;
begin
  head := annals.begin_read(reader_tenant, reader_audience, reader_customer);
  reached := head;
  if not staff and reader_customer is distinct from entity_type || '/' || entity_id then
    return;
  end if;
  refs := case when entity_type is not null then array[annals.ref(entity_type, entity_id)] end;
  if staff and entity_type = 'contact' then
    refs := annals.merged_refs(reader_tenant, refs[1], head);
  end if;
  if after_position is null or after_position >= head then
    return;
  end if;

  s.tenant_id := reader_tenant;
  s.refs := refs;
  s.from_at := coalesce(from_at, '-infinity');
  s.before_at := coalesce(to_at, 'infinity');
  s.with_retracted := staff and coalesce(with_retracted, false);
  s.types := types;
  if refs is null then
    upto := least(head, after_position + 5000);
    select array_agg(f.key_position), array_agg(f.key_retracted_at) into positions, retracted
      from annals.feed_after(s, actor_type, actor_id, after_position, upto, page_limit) f;
  else
    near := head - after_position <= 1000;
    upto := head;
    s.actors := case when actor_type is not null then array[annals.ref(actor_type, actor_id)]
                     when actor_id is not null then
                       array[annals.ref('human', actor_id), annals.ref('agent', actor_id), annals.ref('system', actor_id)] end;
    if not near then
      s.months := array(select m.bucket from annals.months m
                         where m.tenant_id = reader_tenant and m.bucket >= annals.month_of(greatest(earliest, least(s.from_at, latest)))
                           and m.bucket <= annals.month_of(greatest(earliest, least(s.before_at, latest))));
    end if;
    select array_agg(t.key_position), array_agg(t.key_retracted_at) into positions, retracted
      from annals.timeline_after(s, after_position, upto, near, page_limit) t;
  end if;

  select count(*) into taken
    from (select sum(coalesce(octet_length(e.payload), 0)) over (order by k.nth rows between unbounded preceding and 1 preceding) as before
            from unnest(positions) with ordinality k(position, nth)
           cross join lateral (select * from annals.events e where e.tenant_id = reader_tenant and e.position = k.position) e) sized
   where coalesce(sized.before, 0) < page_bytes;
  reached := case when taken < cardinality(positions) or taken = page_limit then positions[taken] else upto end;
  lines := annals.event_lines(reader_tenant, positions[:taken], retracted[:taken], mark);
end $function$;
comment on function annals.read_stream(uuid,text,text,text,text,text[],text,text,timestamp with time zone,timestamp with time zone,boolean,bigint,integer,bigint,text) is 'What shows of the log after a position, oldest first, at most page_limit events and some page_bytes of payload; entity_type null: the feed. Everything up to reached is in it. refs: the timelines read as one as of head; null: the feed. after_position null: only head and refs.';

CREATE OR REPLACE FUNCTION annals.read_timeline(reader_tenant uuid, reader_audience text, reader_customer text, entity_type text, entity_id text, about_customers boolean, types text[], actor_type text, actor_id text, from_at timestamp with time zone, to_at timestamp with time zone, with_retracted boolean, asked_pin bigint, page_limit integer, after_at timestamp with time zone, after_position bigint, page_number bigint, count_total boolean, count_newer boolean, mark text, OUT pin bigint, OUT newer bigint, OUT newer_is_floor boolean, OUT total bigint, OUT total_is_floor boolean, OUT lines text)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  head      bigint := annals.begin_read(reader_tenant, reader_audience, reader_customer);
  staff     boolean := reader_audience = 'staff';
  s         annals.timeline_slice;
  skip      bigint := (coalesce(page_number, 1) - 1) * page_limit;
  counts    record;
  nth       int := 1;
  -- months are smallint; filters and cursors may hold any time
  earliest  constant timestamptz := '0002-01-01 BC';
  latest    constant timestamptz := '2730-01-01';
  positions bigint[];
  retracted bigint[];
begin
  pin := least(coalesce(asked_pin, head), head);
  if not staff and reader_customer is distinct from entity_type || '/' || entity_id then
    newer := 0; newer_is_floor := false; total := 0; total_is_floor := false;
    return;
  end if;

  s.tenant_id := reader_tenant;
  s.refs := array[case when entity_type is null then '00000000-0000-0000-0000-000000000000' else annals.ref(entity_type, entity_id) end];
  if staff and entity_type = 'contact' then
    s.refs := annals.merged_refs(reader_tenant, s.refs[1], pin);
  end if;
  s.from_at := coalesce(from_at, '-infinity');
  s.before_at := coalesce(to_at, 'infinity');
  s.months := array(select m.bucket from annals.months m
                     where m.tenant_id = reader_tenant and m.bucket >= annals.month_of(greatest(earliest, least(s.from_at, latest)))
                       and m.bucket <= annals.month_of(greatest(earliest, least(s.before_at, latest)))
                     order by m.bucket desc);
  s.before_position := 0;
  s.pin := pin;
  s.with_retracted := staff and coalesce(with_retracted, false);
  s.types := types;
  s.actors := case when actor_type is not null then array[annals.ref(actor_type, actor_id)]
                   when actor_id is not null then
                     array[annals.ref('human', actor_id), annals.ref('agent', actor_id), annals.ref('system', actor_id)] end;
  s.about_customers := coalesce(about_customers, false);

  if count_newer then
    select n.newer, n.is_floor into newer, newer_is_floor
      from annals.timeline_newer(s, head) n;
  end if;
  if (count_total or skip > 1000) and staff and cardinality(s.refs) = 1 and not s.with_retracted and not s.about_customers
     and num_nonnulls(from_at, to_at, s.types, s.actors) = 0 then
    counts := annals.timeline_counts_at(reader_tenant, s.refs[1], pin);
    if counts.months is not null then
      total := (select sum(n) from unnest(counts.entries) n);
      total_is_floor := false;
      while nth <= cardinality(counts.months) and skip >= counts.entries[nth] loop
        skip := skip - counts.entries[nth];
        nth := nth + 1;
      end loop;
      s.months := array(select m from unnest(s.months) with ordinality u(m, n) where m <= counts.months[nth] order by n);
    end if;
  end if;
  if count_total and total is null then
    select t.total, t.is_floor into total, total_is_floor from annals.timeline_total(s) t;
  end if;

  if after_at is not null and (after_at, after_position) < (s.before_at, s.before_position) then
    s.before_at := after_at;
    s.before_position := after_position;
    s.months := array(select m from unnest(s.months) with ordinality u(m, n) where m <= annals.month_of(greatest(earliest, least(after_at, latest))) order by n);
  end if;
  select array_agg(k.key_position), array_agg(case when k.key_retracted_at <= pin then k.key_retracted_at end)
    into positions, retracted
    from annals.timeline_keys(s, page_limit + 1, skip) k;
  lines := annals.event_lines(reader_tenant, positions, retracted, mark);
end $function$;
comment on function annals.read_timeline(uuid,text,text,text,text,boolean,text[],text,text,timestamp with time zone,timestamp with time zone,boolean,bigint,integer,timestamp with time zone,bigint,bigint,boolean,boolean,text) is 'One page of a timeline, newest first, and one row more if there is more; entity_type null: the feed.';

CREATE OR REPLACE FUNCTION annals.read_unseen(reader_tenant uuid, reader_audience text, reader_customer text, entity_type text, entity_id text, seen bigint, reader text, OUT head bigint, OUT unseen bigint, OUT is_floor boolean)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET max_parallel_workers_per_gather TO '0'
 SET jit TO 'off'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  s   annals.timeline_slice;
  own bigint;
begin
  head := annals.begin_read(reader_tenant, reader_audience, reader_customer);
  if reader_audience <> 'staff' then
    return;
  end if;
  s.tenant_id := reader_tenant;
  s.refs := array[case when entity_type is null then '00000000-0000-0000-0000-000000000000' else annals.ref(entity_type, entity_id) end];
  if entity_type = 'contact' then
    s.refs := annals.merged_refs(reader_tenant, s.refs[1], head);
  end if;
  s.months := array(select m.bucket from annals.months m where m.tenant_id = reader_tenant order by m.bucket desc);
  s.from_at := '-infinity';
  s.before_at := 'infinity';
  s.before_position := 0;
  s.pin := seen;
  s.with_retracted := false;
  s.about_customers := false;
  select n.newer, n.is_floor into unseen, is_floor from annals.timeline_newer(s, head) n;
  if unseen > 0 then
    s.actors := array[annals.ref('human', reader)];
    select n.newer into own from annals.timeline_newer(s, head) n;
    unseen := unseen - own;
  end if;
end $function$;
comment on function annals.read_unseen(uuid,text,text,text,text,bigint,text) is 'Rows of a timeline after the position up to which its reader has seen it, but for what the reader did; entity_type null: the feed. A floor as in annals.timeline_newer.';

CREATE OR REPLACE FUNCTION annals.ref(type text, id text)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (encode(substr(sha256(convert_to(((type || '/'::text) || id), 'UTF8'::name)), 1, 16), 'hex'::text))::uuid;
comment on function annals.ref(text,text) is 'Key of an entity or actor in the timelines: the first 16 bytes of SHA-256 of type, slash, id.';

CREATE OR REPLACE FUNCTION annals.refs_of(entities text)
 RETURNS SETOF uuid
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
 SELECT '00000000-0000-0000-0000-000000000000'::uuid AS uuid
 UNION
  SELECT annals.ref((entity.value ->> 'type'::text), (entity.value ->> 'id'::text)) AS ref
    FROM jsonb_array_elements((refs_of.entities)::jsonb) entity(value);
END;
comment on function annals.refs_of(text) is 'The timelines an event with these references stands on: each entity once, and the feed.';

CREATE OR REPLACE FUNCTION annals.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% on annals.% is refused: the log is append only', tg_op, tg_table_name
    using errcode = 'restrict_violation', hint = 'Publish activity.retracted to take an entry off the timelines.';
end $function$;
comment on function annals.refuse_change() is 'Says no to whoever would change the log, superusers included.';

CREATE OR REPLACE FUNCTION annals.sentence(type text, version integer, payload jsonb, summary text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN COALESCE(summary, CASE WHEN ((type = 'note.added'::text) AND (version = 1) AND (payload IS NULL)) THEN 'added a note: [erased]'::text WHEN ((type = 'note.added'::text) AND (version = 1)) THEN COALESCE(('added a note: '::text || COALESCE(annals.sentence_excerpt((payload -> 'text'::text), 120), CASE WHEN ((payload ->> 'text'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)), 'note added'::text) WHEN ((type = 'email.sent'::text) AND (version = 1) AND (payload IS NULL)) THEN 'sent email'::text WHEN ((type = 'email.sent'::text) AND (version = 1)) THEN COALESCE(('sent email'::text || COALESCE(((' “'::text || annals.sentence_text((payload -> 'emailSubject'::text))) || '”'::text), ''::text)), 'email sent'::text) WHEN ((type = 'email.received'::text) AND (version = 1) AND (payload IS NULL)) THEN 'email received'::text WHEN ((type = 'email.received'::text) AND (version = 1)) THEN COALESCE((((CASE WHEN (COALESCE((payload -> 'inReplyTo'::text), 'null'::jsonb) <> ALL (ARRAY['null'::jsonb, 'false'::jsonb])) THEN COALESCE('replied to'::text, ''::text) ELSE ''::text END || CASE WHEN (NOT (COALESCE((payload -> 'inReplyTo'::text), 'null'::jsonb) <> ALL (ARRAY['null'::jsonb, 'false'::jsonb]))) THEN COALESCE('sent inbound'::text, ''::text) ELSE ''::text END) || ' email'::text) || COALESCE(((' “'::text || annals.sentence_text((payload -> 'emailSubject'::text))) || '”'::text), ''::text)), 'email received'::text) WHEN ((type = 'call.completed'::text) AND (version = 1) AND (payload IS NULL)) THEN 'logged a call'::text WHEN ((type = 'call.completed'::text) AND (version = 1)) THEN COALESCE((('logged a call'::text || COALESCE((', '::text || annals.sentence_duration((payload -> 'durationSeconds'::text))), ''::text)) || COALESCE((', outcome '::text || annals.sentence_text((payload -> 'outcome'::text))), ''::text)), 'call completed'::text) WHEN ((type = 'lead.status_changed'::text) AND (version = 1) AND (payload IS NULL)) THEN 'changed status from [erased] to [erased]'::text WHEN ((type = 'lead.status_changed'::text) AND (version = 1)) THEN COALESCE(((('changed status from '::text || COALESCE(annals.sentence_text((payload -> 'fromStatus'::text)), CASE WHEN ((payload ->> 'fromStatus'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)) || ' to '::text) || COALESCE(annals.sentence_text((payload -> 'toStatus'::text)), CASE WHEN ((payload ->> 'toStatus'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)), 'lead status changed'::text) WHEN ((type = 'enrichment.completed'::text) AND (version = 1) AND (payload IS NULL)) THEN 'enrichment completed'::text WHEN ((type = 'enrichment.completed'::text) AND (version = 1)) THEN COALESCE(('enrichment completed'::text || COALESCE((': '::text || NULLIF(concat_ws(', '::text, CASE WHEN ((payload ->> 'linkedinUrl'::text) IS NOT NULL) THEN 'linkedin url'::text ELSE NULL::text END, CASE WHEN ((payload ->> 'companySize'::text) IS NOT NULL) THEN 'company size'::text ELSE NULL::text END, CASE WHEN ((payload ->> 'industry'::text) IS NOT NULL) THEN 'industry'::text ELSE NULL::text END, CASE WHEN ((payload ->> 'website'::text) IS NOT NULL) THEN 'website'::text ELSE NULL::text END, CASE WHEN ((payload ->> 'provider'::text) IS NOT NULL) THEN 'provider'::text ELSE NULL::text END), ''::text)), ''::text)), 'enrichment completed'::text) WHEN ((type = 'lead.score_updated'::text) AND (version = 1) AND (payload IS NULL)) THEN 'score changed from [erased] to [erased]'::text WHEN ((type = 'lead.score_updated'::text) AND (version = 1)) THEN COALESCE((((('score changed from '::text || annals.sentence_text((payload -> 'previousScore'::text))) || ' to '::text) || COALESCE(annals.sentence_text((payload -> 'newScore'::text)), CASE WHEN ((payload ->> 'newScore'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)) || COALESCE(((((' ('::text || annals.sentence_text((payload -> 'previousBand'::text))) || ' to '::text) || annals.sentence_text((payload -> 'newBand'::text))) || ')'::text), ''::text)), 'lead score updated'::text) WHEN ((type = 'nurture.enrolled'::text) AND (version = 1) AND (payload IS NULL)) THEN 'enrolled in sequence [erased]'::text WHEN ((type = 'nurture.enrolled'::text) AND (version = 1)) THEN COALESCE(('enrolled in sequence '::text || COALESCE(COALESCE(annals.sentence_text((payload -> 'sequenceName'::text)), annals.sentence_text((payload -> 'sequenceId'::text))), CASE WHEN ((payload ->> 'sequenceId'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)), 'nurture enrolled'::text) WHEN ((type = 'nurture.step_scheduled'::text) AND (version = 1) AND (payload IS NULL)) THEN 'scheduled [erased] step [erased]'::text WHEN ((type = 'nurture.step_scheduled'::text) AND (version = 1)) THEN COALESCE(((('scheduled '::text || annals.sentence_text((payload -> 'channel'::text))) || ' step '::text) || COALESCE(annals.sentence_text((payload -> 'stepId'::text)), CASE WHEN ((payload ->> 'stepId'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)), 'nurture step scheduled'::text) WHEN ((type = 'nurture.step_executed'::text) AND (version = 1) AND (payload IS NULL)) THEN 'ran [erased] step [erased]'::text WHEN ((type = 'nurture.step_executed'::text) AND (version = 1)) THEN COALESCE((((('ran '::text || COALESCE(annals.sentence_text((payload -> 'channel'::text)), CASE WHEN ((payload ->> 'channel'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)) || ' step '::text) || COALESCE(annals.sentence_text((payload -> 'stepId'::text)), CASE WHEN ((payload ->> 'stepId'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)) || COALESCE((': '::text || annals.sentence_text((payload -> 'deliveryStatus'::text))), ''::text)), 'nurture step executed'::text) WHEN ((type = 'nurture.paused'::text) AND (version = 1) AND (payload IS NULL)) THEN 'paused sequence [erased]'::text WHEN ((type = 'nurture.paused'::text) AND (version = 1)) THEN COALESCE((('paused sequence '::text || COALESCE(COALESCE(annals.sentence_text((payload -> 'sequenceName'::text)), annals.sentence_text((payload -> 'sequenceId'::text))), CASE WHEN ((payload ->> 'sequenceId'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)) || COALESCE((': '::text || annals.sentence_text((payload -> 'reason'::text))), ''::text)), 'nurture paused'::text) WHEN ((type = 'nurture.resumed'::text) AND (version = 1) AND (payload IS NULL)) THEN 'resumed sequence [erased]'::text WHEN ((type = 'nurture.resumed'::text) AND (version = 1)) THEN COALESCE(('resumed sequence '::text || COALESCE(COALESCE(annals.sentence_text((payload -> 'sequenceName'::text)), annals.sentence_text((payload -> 'sequenceId'::text))), CASE WHEN ((payload ->> 'sequenceId'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)), 'nurture resumed'::text) WHEN ((type = 'nurture.exited'::text) AND (version = 1) AND (payload IS NULL)) THEN 'left sequence [erased] ([erased])'::text WHEN ((type = 'nurture.exited'::text) AND (version = 1)) THEN COALESCE((((('left sequence '::text || COALESCE(COALESCE(annals.sentence_text((payload -> 'sequenceName'::text)), annals.sentence_text((payload -> 'sequenceId'::text))), CASE WHEN ((payload ->> 'sequenceId'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)) || ' ('::text) || COALESCE(annals.sentence_text((payload -> 'reason'::text)), CASE WHEN ((payload ->> 'reason'::text) IS NULL) THEN '[erased]'::text ELSE NULL::text END)) || ')'::text), 'nurture exited'::text) ELSE translate(type, '._'::text, '  '::text) END);
comment on function annals.sentence(text,integer,jsonb,text) is 'The description of an event of seed 000, generated from the templates of libs/contracts';

CREATE OR REPLACE FUNCTION annals.sentence_duration(value jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT COALESCE(NULLIF(array_to_string((array_remove(ARRAY[CASE WHEN (duration.seconds >= (3600)::numeric) THEN (div(duration.seconds, (3600)::numeric) || ' h'::text) ELSE NULL::text END, CASE WHEN ((div(duration.seconds, (60)::numeric) % (60)::numeric) > (0)::numeric) THEN ((div(duration.seconds, (60)::numeric) % (60)::numeric) || ' min'::text) ELSE NULL::text END, CASE WHEN ((duration.seconds % (60)::numeric) > (0)::numeric) THEN ((duration.seconds % (60)::numeric) || ' s'::text) ELSE NULL::text END], NULL::text))[1:2], ' '::text), ''::text), '0 s'::text) AS "coalesce" FROM (SELECT trim_scale(((sentence_duration.value #>> '{}'::text[]))::numeric) AS seconds WHERE (jsonb_typeof(sentence_duration.value) = 'number'::text)) duration WHERE ((duration.seconds >= (0)::numeric) AND (duration.seconds = trunc(duration.seconds))));
comment on function annals.sentence_duration(jsonb) is 'Seconds in the two largest units';

CREATE OR REPLACE FUNCTION annals.sentence_excerpt(value jsonb, points integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (SELECT CASE WHEN (char_length(text.folded) > sentence_excerpt.points) THEN ("left"(text.folded, sentence_excerpt.points) || '…'::text) ELSE text.folded END AS folded FROM (SELECT btrim(regexp_replace((sentence_excerpt.value #>> '{}'::text[]), '[	-    -     　﻿]+'::text, ' '::text, 'g'::text), ' '::text) AS folded WHERE (jsonb_typeof(sentence_excerpt.value) = 'string'::text)) text);
comment on function annals.sentence_excerpt(jsonb,integer) is 'White space folded, so many code points, then an ellipsis';

CREATE OR REPLACE FUNCTION annals.sentence_number(value numeric)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN ((value = (0)::numeric) OR (abs(value) >= 0.000001)) THEN (trim_scale(value))::text ELSE (SELECT ((((CASE WHEN (sentence_number.value < (0)::numeric) THEN '-'::text ELSE ''::text END || "left"(number.digits, 1)) || CASE WHEN (length(number.digits) > 1) THEN ('.'::text || substr(number.digits, 2)) ELSE ''::text END) || 'e-'::text) || ((length(number.places) - length(number.digits)) + 1)) FROM (SELECT decimals.places, ltrim(decimals.places, '0'::text) AS digits FROM (SELECT substr((trim_scale(abs(sentence_number.value)))::text, 3) AS places) decimals) number) END;
comment on function annals.sentence_number(numeric) is 'A number as ECMAScript writes it';

CREATE OR REPLACE FUNCTION annals.sentence_text(value jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE jsonb_typeof(value) WHEN 'string'::text THEN (value #>> '{}'::text[]) WHEN 'boolean'::text THEN (value #>> '{}'::text[]) WHEN 'number'::text THEN annals.sentence_number(((value #>> '{}'::text[]))::numeric) ELSE NULL::text END;
comment on function annals.sentence_text(jsonb) is 'A payload field inside a sentence';

CREATE OR REPLACE FUNCTION annals.staff_only(type text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((type ~~ 'comment.%'::text) OR (type ~~ 'activity.%'::text) OR (type ~~ 'subject.%'::text));
comment on function annals.staff_only(text) is 'Types that no flag opens to customers: comments and what is done to the log itself.';

CREATE OR REPLACE FUNCTION annals.timeline_after(s annals.timeline_slice, after_position bigint, upto bigint, near boolean, lim integer)
 RETURNS TABLE(key_position bigint, key_retracted_at bigint)
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  if near then
    return query
    select distinct t.position, t.retracted_at_position
      from annals.events e
     cross join unnest(s.refs) r(ref)
     cross join lateral (
           select * from annals.timeline t
            where t.tenant_id = s.tenant_id and t.bucket = annals.month_of(e.occurred_at) and t.ref = r.ref
              and t.occurred_at = e.occurred_at and t.position = e.position offset 0) t
     where e.tenant_id = s.tenant_id and e.position > after_position and e.position <= upto
       and e.occurred_at >= s.from_at and e.occurred_at < s.before_at
       and (t.retracted_at_position is null or s.with_retracted)
       and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
     order by t.position limit lim;
  elsif cardinality(s.refs) = 1 and s.types is null and s.actors is null then
    return query
    select t.position, t.retracted_at_position
      from annals.timeline t
     where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = s.refs[1]
       and t.occurred_at >= s.from_at and t.occurred_at < s.before_at and t.position > after_position and t.position <= upto
       and (t.retracted_at_position is null or s.with_retracted)
     order by t.position limit lim;
  else
    return query
    select distinct t.position, t.retracted_at_position
      from unnest(s.refs) r(ref)
     cross join lateral (
           select * from annals.timeline t
            where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = r.ref
              and t.occurred_at >= s.from_at and t.occurred_at < s.before_at
              and t.position > after_position and t.position <= upto
              and (t.retracted_at_position is null or s.with_retracted)
              and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
            order by t.position limit lim) t
     order by t.position limit lim;
  end if;
end $function$;
comment on function annals.timeline_after(annals.timeline_slice,bigint,bigint,boolean,integer) is 'Rows of the timelines of a slice between two positions that show, oldest first; near: few events lie between.';

CREATE OR REPLACE FUNCTION annals.timeline_counts_at(tenant uuid, timeline uuid, pin bigint, OUT months smallint[], OUT entries bigint[])
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  counted bigint;
  low     bigint;
  high    bigint;
begin
  select c.position into counted from annals.checkpoints c where c.consumer = 'timeline_counts' and c.tenant_id = tenant;
  if counted is null or abs(pin - counted) > 2000
     or not exists (select from annals.timeline_counts c where c.tenant_id = tenant and c.ref = timeline) then
    return;
  end if;
  low := least(counted, pin);
  high := greatest(counted, pin);
  select array_agg(m.bucket order by m.bucket desc), array_agg(m.entries order by m.bucket desc) into months, entries
    from (select u.bucket, sum(u.entries)::bigint as entries
            from (select c.bucket, c.entries from annals.timeline_counts c where c.tenant_id = tenant and c.ref = timeline
                  union all
                  select t.bucket, sign(pin - counted)::bigint * case when moved.position > low then 1 else -1 end
                    from (select e.position, e.occurred_at from annals.events e
                           where e.tenant_id = tenant and e.position > low and e.position <= high
                          union all
                          select e.position, e.occurred_at
                            from annals.retracted r
                           cross join lateral (select * from annals.events e where e.tenant_id = tenant and e.position = r.position) e
                           where r.tenant_id = tenant and r.effective_position > low and r.effective_position <= high) moved
                   cross join lateral (
                         select * from annals.timeline t
                          where t.tenant_id = tenant and t.bucket = annals.month_of(moved.occurred_at) and t.ref = timeline
                            and t.occurred_at = moved.occurred_at and t.position = moved.position offset 0) t
                   where moved.position <= low or t.retracted_at_position is null or t.retracted_at_position > high) u
           group by u.bucket) m;
end $function$;
comment on function annals.timeline_counts_at(uuid,uuid,bigint) is 'Rows that show per month as of the pin, months newest first: the counters, corrected for what lies between their checkpoint and the pin. Null where there are none, or more than 2,000 events lie between.';

CREATE OR REPLACE FUNCTION annals.timeline_keys(s annals.timeline_slice, lim bigint, skip bigint)
 RETURNS TABLE(key_position bigint, key_retracted_at bigint)
 LANGUAGE plpgsql
 STABLE
AS $function$
begin
  if cardinality(s.refs) > 1 then
    return query
    select k.position, k.retracted_at_position
      from (select distinct on (t.occurred_at, t.position) t.occurred_at, t.position, t.retracted_at_position
              from unnest(s.refs) r(ref)
             cross join lateral (
                   select * from annals.timeline t
                    where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = r.ref
                      and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
                      and t.position <= s.pin
                      and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)
                      and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
                    order by t.bucket desc, t.occurred_at desc, t.position desc limit lim + skip) t
             order by t.occurred_at desc, t.position desc) k
     limit lim offset skip;
  elsif s.types is null and s.actors is null and not s.about_customers then
    return query
    select t.position, t.retracted_at_position
      from annals.timeline t
     where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = s.refs[1]
       and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
       and t.position <= s.pin
       and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)
     order by t.bucket desc, t.occurred_at desc, t.position desc limit lim offset skip;
  else
    return query
    select t.position, t.retracted_at_position
      from annals.timeline t
     where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = s.refs[1]
       and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
       and t.position <= s.pin
       and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)
       and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
       and (t.about_customer or not s.about_customers)
     order by t.bucket desc, t.occurred_at desc, t.position desc limit lim offset skip;
  end if;
end $function$;
comment on function annals.timeline_keys(annals.timeline_slice,bigint,bigint) is 'Positions of the rows of a slice, newest first. Without filters it reads nothing but the index.';

CREATE OR REPLACE FUNCTION annals.timeline_newer(s annals.timeline_slice, head bigint, OUT newer bigint, OUT is_floor boolean)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  scanned bigint;
begin
  is_floor := false;
  if head - s.pin > 200 then
    select count(distinct t.position) filter (
             where t.position > s.pin and (t.retracted_at_position is null or s.with_retracted)
               and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
               and (t.about_customer or not s.about_customers)), count(*)
      into newer, scanned
      from unnest(s.refs) r(ref)
     cross join lateral (
           select * from annals.timeline t
            where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = r.ref
              and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
              and t.position <= head
            order by t.bucket desc, t.occurred_at desc, t.position desc limit 2000) t;
    is_floor := scanned >= 2000;
    if not is_floor or head - s.pin > 1000 then
      return;
    end if;
    is_floor := false;
  end if;
  select count(distinct t.position) into newer
    from annals.events e
   cross join unnest(s.refs) r(ref)
   cross join lateral (
         select * from annals.timeline t
          where t.tenant_id = s.tenant_id and t.bucket = annals.month_of(e.occurred_at) and t.ref = r.ref
            and t.occurred_at = e.occurred_at and t.position = e.position offset 0) t
   where e.tenant_id = s.tenant_id and e.position > s.pin and e.position <= head
     and e.occurred_at >= s.from_at and e.occurred_at < s.before_at
     and (t.retracted_at_position is null or s.with_retracted)
     and (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
     and (t.about_customer or not s.about_customers);
end $function$;
comment on function annals.timeline_newer(annals.timeline_slice,bigint) is 'Rows of a slice that stand after its pin and show at the head: exact if there are at most 1,000 events after the pin or the timeline has fewer than 2,000 rows. Else a floor, from the newest 2,000 rows.';

CREATE OR REPLACE FUNCTION annals.timeline_total(s annals.timeline_slice, OUT total bigint, OUT is_floor boolean)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  scanned bigint;
begin
  if s.types is null and s.actors is null and not s.about_customers then
    select count(*) into total from annals.timeline_keys(s, 10001, 0);
    is_floor := total > 10000;
    total := least(total, 10000);
    return;
  end if;
  select count(distinct t.position) filter (
           where (s.types is null or t.type = any (s.types)) and (s.actors is null or t.actor = any (s.actors))
             and (t.about_customer or not s.about_customers)), count(*)
    into total, scanned
    from unnest(s.refs) r(ref)
   cross join lateral (
         select * from annals.timeline t
          where t.tenant_id = s.tenant_id and t.bucket = any (s.months) and t.ref = r.ref
            and (t.occurred_at, t.position) < (s.before_at, s.before_position) and t.occurred_at >= s.from_at
            and t.position <= s.pin
            and (t.retracted_at_position is null or t.retracted_at_position > s.pin or s.with_retracted)
          order by t.bucket desc, t.occurred_at desc, t.position desc limit 25000) t;
  is_floor := scanned >= 25000;
end $function$;
comment on function annals.timeline_total(annals.timeline_slice) is 'Rows of a slice: exact to 10,000; with filters exact if the timeline has fewer than 25,000 rows. Else a floor.';

CREATE OR REPLACE FUNCTION annals_app.count_types()
 RETURNS TABLE(tenant_id uuid, versions bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select t.tenant_id, count(*) from annals_app.types t group by t.tenant_id
$function$;
comment on function annals_app.count_types() is 'How many versions each tenant has registered: rows are never changed, so a number tells whether a process knows all.';

CREATE OR REPLACE FUNCTION annals_app.forget_old_mail()
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'annals_app'
AS $function$
  with tokens as (delete from annals_app.webhook_tokens where used_at < now() - interval '2 days' returning 1),
       unmatched as (delete from annals_app.mail_unmatched where parked_at < now() - interval '30 days' returning 1)
  select (select count(*) from tokens) + (select count(*) from unmatched);
$function$;
comment on function annals_app.forget_old_mail() is 'Deletes used tokens after two days, and unmatched callbacks after thirty.';

CREATE OR REPLACE FUNCTION annals_app.refuse_type_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'versions of types are never changed: register a new one' using errcode = 'insufficient_privilege';
end $function$;
comment on function annals_app.refuse_type_change() is 'Events are read by these definitions for ever.';

CREATE OR REPLACE FUNCTION annals_app.tell_type()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('annals_types', new.tenant_id::text);
  return null;
end $function$;
comment on function annals_app.tell_type() is 'Wakes every process that keeps types in memory; the payload is the tenant.';

CREATE OR REPLACE FUNCTION annals_app.types_of(tenants uuid[])
 RETURNS TABLE(tenant_id uuid, type text, version integer, definition text, created_by text, created_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select t.tenant_id, t.type, t.version, t.definition, t.created_by, t.created_at
    from annals_app.types t where t.tenant_id = any (tenants)
$function$;
comment on function annals_app.types_of(uuid[]) is 'All versions of all types of some tenants.';


-- Triggers

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON annals.events FOR EACH STATEMENT EXECUTE FUNCTION annals.refuse_change();
alter table annals.events enable always trigger append_only;
CREATE TRIGGER types_are_never_emptied BEFORE TRUNCATE ON annals_app.types FOR EACH STATEMENT EXECUTE FUNCTION annals_app.refuse_type_change();
CREATE TRIGGER types_are_told AFTER INSERT ON annals_app.types FOR EACH ROW EXECUTE FUNCTION annals_app.tell_type();
CREATE TRIGGER types_never_change BEFORE DELETE OR UPDATE ON annals_app.types FOR EACH ROW EXECUTE FUNCTION annals_app.refuse_type_change();

-- Row-level security

alter table annals.account_parents enable row level security;
alter table annals.checkpoints enable row level security;
alter table annals.comments enable row level security;
alter table annals.events enable row level security;
alter table annals.heads enable row level security;
alter table annals.merges enable row level security;
alter table annals.months enable row level security;
alter table annals.retracted enable row level security;
alter table annals.retractions enable row level security;
alter table annals.rollups enable row level security;
alter table annals.timeline enable row level security;
alter table annals.timeline_counts enable row level security;
alter table annals.unmerges enable row level security;
alter table annals_app.effects enable row level security;
alter table annals_app.enrichment_requests enable row level security;
alter table annals_app.enrollments enable row level security;
alter table annals_app.horizons enable row level security;
alter table annals_app.lead_contacts enable row level security;
alter table annals_app.lead_scores enable row level security;
alter table annals_app.lead_sources enable row level security;
alter table annals_app.mail_messages enable row level security;
alter table annals_app.mail_unmatched enable row level security;
alter table annals_app.notifications enable row level security;
alter table annals_app.playbook_runs enable row level security;
alter table annals_app.playbooks enable row level security;
alter table annals_app.rule_versions enable row level security;
alter table annals_app.rules enable row level security;
alter table annals_app.rules_began enable row level security;
alter table annals_app.score_models enable row level security;
alter table annals_app.seen_marks enable row level security;
alter table annals_app.sequence_outbox enable row level security;
alter table annals_app.sequence_people enable row level security;
alter table annals_app.sequences enable row level security;
alter table annals_app.tag_changes enable row level security;
alter table annals_app.tickets enable row level security;
alter table annals_app.types enable row level security;
alter table annals_app.webhook_tokens enable row level security;
create policy admin_reads_all on annals.account_parents for select to annals_admin
  using (true);
create policy admin_reads_all on annals.checkpoints for select to annals_admin
  using (true);
create policy admin_reads_all on annals.comments for select to annals_admin
  using (true);
create policy admin_reads_all on annals.events for select to annals_admin
  using (true);
create policy admin_reads_all on annals.heads for select to annals_admin
  using (true);
create policy admin_reads_all on annals.merges for select to annals_admin
  using (true);
create policy admin_reads_all on annals.months for select to annals_admin
  using (true);
create policy admin_reads_all on annals.retracted for select to annals_admin
  using (true);
create policy admin_reads_all on annals.retractions for select to annals_admin
  using (true);
create policy admin_reads_all on annals.rollups for select to annals_admin
  using (true);
create policy admin_reads_all on annals.timeline for select to annals_admin
  using (true);
create policy admin_reads_all on annals.timeline_counts for select to annals_admin
  using (true);
create policy admin_reads_all on annals.unmerges for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.effects for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.enrichment_requests for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.enrollments for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.horizons for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.lead_contacts for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.lead_scores for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.lead_sources for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.mail_messages for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.mail_unmatched for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.notifications for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.playbook_runs for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.playbooks for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.rule_versions for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.rules for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.rules_began for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.score_models for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.seen_marks for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.sequence_outbox for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.sequence_people for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.sequences for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.tag_changes for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.tickets for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.types for select to annals_admin
  using (true);
create policy admin_reads_all on annals_app.webhook_tokens for select to annals_admin
  using (true);
create policy admin_tries_again on annals_app.enrichment_requests for update to annals_admin
  using (true);
create policy app_keeps_to_its_tenant on annals_app.effects for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.enrollments for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.lead_contacts for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.lead_scores for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.lead_sources for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.notifications for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.playbook_runs for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.playbooks for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.rule_versions for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.rules for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.rules_began for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.score_models for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.seen_marks for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.sequence_outbox for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.sequence_people for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.sequences for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.tag_changes for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.tickets for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy app_keeps_to_its_tenant on annals_app.types for all to annals_app
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy automation_keeps_checkpoints on annals.checkpoints for insert to annals_automation
  with check (true);
create policy automation_keeps_its_horizon on annals_app.horizons for all to annals_automation
  using ((consumer = 'rules'::text))
  with check ((consumer = 'rules'::text));
create policy automation_moves_checkpoints on annals.checkpoints for update to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals.rollups for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.effects for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.enrollments for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.lead_contacts for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.lead_scores for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.lead_sources for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.notifications for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.playbook_runs for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.playbooks for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.rule_versions for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.rules for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.rules_began for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.score_models for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.seen_marks for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.sequence_outbox for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.sequence_people for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.sequences for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.tag_changes for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.tickets for all to annals_automation
  using (true)
  with check (true);
create policy automation_passes on annals_app.types for all to annals_automation
  using (true)
  with check (true);
create policy automation_reads_all on annals.account_parents for select to annals_automation
  using (true);
create policy automation_reads_all on annals.checkpoints for select to annals_automation
  using (true);
create policy automation_reads_all on annals.comments for select to annals_automation
  using (true);
create policy automation_reads_all on annals.events for select to annals_automation
  using (true);
create policy automation_reads_all on annals.heads for select to annals_automation
  using (true);
create policy automation_reads_all on annals.merges for select to annals_automation
  using (true);
create policy automation_reads_all on annals.months for select to annals_automation
  using (true);
create policy automation_reads_all on annals.retracted for select to annals_automation
  using (true);
create policy automation_reads_all on annals.retractions for select to annals_automation
  using (true);
create policy automation_reads_all on annals.timeline for select to annals_automation
  using (true);
create policy automation_reads_all on annals.timeline_counts for select to annals_automation
  using (true);
create policy automation_reads_all on annals.unmerges for select to annals_automation
  using (true);
create policy enrichment_keeps_its_checkpoint on annals.checkpoints for all to annals_enrichment
  using ((consumer = 'enrichment'::text))
  with check ((consumer = 'enrichment'::text));
create policy enrichment_keeps_its_horizon on annals_app.horizons for all to annals_enrichment
  using ((consumer = 'enrichment'::text))
  with check ((consumer = 'enrichment'::text));
create policy enrichment_reads_who_was_added on annals.events for select to annals_enrichment
  using ((type = ANY (ARRAY['account.added'::text, 'contact.added'::text])));
create policy enrichment_sees_growth on annals.heads for select to annals_enrichment
  using (true);
create policy enrichment_works_for_all on annals_app.enrichment_requests for all to annals_enrichment
  using (true)
  with check (true);
create policy ingest_passes on annals.account_parents for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.checkpoints for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.comments for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.events for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.heads for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.merges for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.months for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.retracted for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.retractions for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.timeline for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.timeline_counts for all to annals_ingest
  using (true)
  with check (true);
create policy ingest_passes on annals.unmerges for all to annals_ingest
  using (true)
  with check (true);
create policy query_reads_its_tenant on annals.account_parents for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy query_reads_its_tenant on annals.checkpoints for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy query_reads_its_tenant on annals.comments for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy query_reads_its_tenant on annals.events for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND ((( SELECT annals.current_audience() AS current_audience) = 'staff'::text) OR ((( SELECT annals.current_audience() AS current_audience) = 'customer'::text) AND customer_visible AND ((entities)::jsonb @> ( SELECT annals.current_customer_entities() AS current_customer_entities))))));
create policy query_reads_its_tenant on annals.heads for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND ((( SELECT annals.current_audience() AS current_audience) = 'staff'::text) OR ((( SELECT annals.current_audience() AS current_audience) = 'customer'::text) AND true))));
create policy query_reads_its_tenant on annals.merges for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy query_reads_its_tenant on annals.months for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND ((( SELECT annals.current_audience() AS current_audience) = 'staff'::text) OR ((( SELECT annals.current_audience() AS current_audience) = 'customer'::text) AND true))));
create policy query_reads_its_tenant on annals.retracted for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND ((( SELECT annals.current_audience() AS current_audience) = 'staff'::text) OR ((( SELECT annals.current_audience() AS current_audience) = 'customer'::text) AND (EXISTS ( SELECT
   FROM annals.events e
  WHERE ((e.tenant_id = retracted.tenant_id) AND (e."position" = retracted."position"))))))));
create policy query_reads_its_tenant on annals.retractions for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy query_reads_its_tenant on annals.rollups for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy query_reads_its_tenant on annals.timeline for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND ((( SELECT annals.current_audience() AS current_audience) = 'staff'::text) OR ((( SELECT annals.current_audience() AS current_audience) = 'customer'::text) AND customer_visible AND (ref = ( SELECT annals.current_customer_ref() AS current_customer_ref))))));
create policy query_reads_its_tenant on annals.timeline_counts for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy query_reads_its_tenant on annals.unmerges for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy query_reads_its_tenant on annals_app.tag_changes for select to annals_query
  using (((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)) AND (( SELECT annals.current_audience() AS current_audience) = 'staff'::text)));
create policy sequences_keeps_its_checkpoint on annals.checkpoints for all to annals_sequences
  using ((consumer = 'sequences'::text))
  with check ((consumer = 'sequences'::text));
create policy sequences_passes on annals_app.enrollments for all to annals_sequences
  using (true)
  with check (true);
create policy sequences_passes on annals_app.playbook_runs for all to annals_sequences
  using (true)
  with check (true);
create policy sequences_passes on annals_app.playbooks for all to annals_sequences
  using (true)
  with check (true);
create policy sequences_passes on annals_app.sequence_outbox for all to annals_sequences
  using (true)
  with check (true);
create policy sequences_passes on annals_app.sequence_people for all to annals_sequences
  using (true)
  with check (true);
create policy sequences_passes on annals_app.sequences for all to annals_sequences
  using (true)
  with check (true);
create policy sequences_reads_all on annals.events for select to annals_sequences
  using (true);
create policy sequences_reads_all on annals.heads for select to annals_sequences
  using (true);
create policy sequences_reads_all on annals.retracted for select to annals_sequences
  using (true);
create policy sequences_reads_all on annals_app.rules_began for select to annals_sequences
  using (true);
create policy staff_only_is_for_staff on annals.events for select to annals_query
  using (((( SELECT annals.current_audience() AS current_audience) = 'staff'::text) OR (NOT annals.staff_only(type))));
create policy webhook_keeps_its_checkpoint on annals.checkpoints for all to annals_webhook
  using ((consumer = 'mail-messages'::text))
  with check ((consumer = 'mail-messages'::text));
create policy webhook_keeps_to_its_tenant on annals_app.mail_messages for all to annals_webhook
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy webhook_keeps_to_its_tenant on annals_app.mail_unmatched for all to annals_webhook
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy webhook_keeps_to_its_tenant on annals_app.webhook_tokens for all to annals_webhook
  using ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)))
  with check ((tenant_id = ( SELECT annals.current_tenant() AS current_tenant)));
create policy webhook_reads_who_was_written_to on annals.events for select to annals_webhook
  using (((type = 'email.sent'::text) AND (tenant_id = ( SELECT annals.current_tenant() AS current_tenant))));
create policy webhook_sees_growth on annals.heads for select to annals_webhook
  using (true);

-- Privileges

grant select on annals.account_parents to annals_admin;
grant select on annals.account_parents to annals_automation;
grant insert, select on annals.account_parents to annals_ingest;
grant select on annals.account_parents to annals_query;
grant select on annals.checkpoints to annals_admin;
grant insert, select, update on annals.checkpoints to annals_automation;
grant insert, select, update on annals.checkpoints to annals_enrichment;
grant insert, select, update on annals.checkpoints to annals_ingest;
grant select on annals.checkpoints to annals_query;
grant insert, select, update on annals.checkpoints to annals_sequences;
grant insert, select, update on annals.checkpoints to annals_webhook;
grant select on annals.comments to annals_admin;
grant select on annals.comments to annals_automation;
grant insert, select on annals.comments to annals_ingest;
grant select on annals.comments to annals_query;
grant delete, select, update on annals.dead_letters to annals_admin;
grant delete, insert, select, update on annals.dead_letters to annals_ingest;
grant select on annals.events to annals_admin;
grant select on annals.events to annals_automation;
grant insert, select on annals.events to annals_ingest;
grant select on annals.events to annals_query;
grant select on annals.events to annals_sequences;
grant select on annals.events ("position") to annals_enrichment;
grant select on annals.events ("position") to annals_webhook;
grant select on annals.events (entities) to annals_enrichment;
grant select on annals.events (entities) to annals_webhook;
grant select on annals.events (id) to annals_enrichment;
grant select on annals.events (ingest_mode) to annals_enrichment;
grant select on annals.events (payload) to annals_enrichment;
grant select on annals.events (payload) to annals_webhook;
grant select on annals.events (tenant_id) to annals_enrichment;
grant select on annals.events (tenant_id) to annals_webhook;
grant select on annals.events (type) to annals_enrichment;
grant select on annals.events (type) to annals_webhook;
grant select on annals.heads to annals_admin;
grant select on annals.heads to annals_automation;
grant select on annals.heads to annals_enrichment;
grant insert, select, update on annals.heads to annals_ingest;
grant select on annals.heads to annals_query;
grant select on annals.heads to annals_sequences;
grant select on annals.heads to annals_webhook;
grant select on annals.lead_activities to annals_admin;
grant select on annals.lead_activities to annals_query;
grant select on annals.lead_activities_text to annals_admin;
grant select on annals.lead_activities_text to annals_query;
grant select on annals.merges to annals_admin;
grant select on annals.merges to annals_automation;
grant insert, select on annals.merges to annals_ingest;
grant select on annals.merges to annals_query;
grant update on annals.merges (unmerged_at_position) to annals_ingest;
grant select on annals.migrations to annals_admin;
grant select on annals.migrations to annals_app;
grant select on annals.migrations to annals_automation;
grant select on annals.migrations to annals_enrichment;
grant select on annals.migrations to annals_ingest;
grant select on annals.migrations to annals_query;
grant select on annals.migrations to annals_sequences;
grant select on annals.migrations to annals_webhook;
grant select on annals.months to annals_admin;
grant select on annals.months to annals_automation;
grant insert, select on annals.months to annals_ingest;
grant select on annals.months to annals_query;
grant select, update on annals.offsets to annals_admin;
grant insert, select, update on annals.offsets to annals_ingest;
grant select on annals.retracted to annals_admin;
grant select on annals.retracted to annals_automation;
grant insert, select on annals.retracted to annals_ingest;
grant select on annals.retracted to annals_query;
grant select on annals.retracted to annals_sequences;
grant select on annals.retractions to annals_admin;
grant select on annals.retractions to annals_automation;
grant insert, select on annals.retractions to annals_ingest;
grant select on annals.retractions to annals_query;
grant select on annals.rollups to annals_admin;
grant insert, select, update on annals.rollups to annals_automation;
grant select on annals.rollups to annals_query;
grant select on annals.timeline to annals_admin;
grant select on annals.timeline to annals_automation;
grant insert, select on annals.timeline to annals_ingest;
grant select on annals.timeline to annals_query;
grant update on annals.timeline (retracted_at_position) to annals_ingest;
grant select on annals.timeline_counts to annals_admin;
grant select on annals.timeline_counts to annals_automation;
grant delete, insert, select, update on annals.timeline_counts to annals_ingest;
grant select on annals.timeline_counts to annals_query;
grant select on annals.unmerges to annals_admin;
grant select on annals.unmerges to annals_automation;
grant insert, select on annals.unmerges to annals_ingest;
grant select on annals.unmerges to annals_query;
grant select on annals_app.effects to annals_admin;
grant delete, insert, select, update on annals_app.effects to annals_app;
grant delete, insert, select, update on annals_app.effects to annals_automation;
grant select on annals_app.enrichment_requests to annals_admin;
grant delete, insert, select, update on annals_app.enrichment_requests to annals_enrichment;
grant update on annals_app.enrichment_requests (attempts) to annals_admin;
grant update on annals_app.enrichment_requests (next_at) to annals_admin;
grant update on annals_app.enrichment_requests (state) to annals_admin;
grant select on annals_app.enrollments to annals_admin;
grant delete, insert, select, update on annals_app.enrollments to annals_app;
grant delete, insert, select, update on annals_app.enrollments to annals_sequences;
grant select on annals_app.horizons to annals_admin;
grant insert, select, update on annals_app.horizons to annals_automation;
grant insert, select, update on annals_app.horizons to annals_enrichment;
grant select on annals_app.lead_contacts to annals_admin;
grant delete, insert, select, update on annals_app.lead_contacts to annals_app;
grant delete, insert, select, update on annals_app.lead_contacts to annals_automation;
grant select on annals_app.lead_scores to annals_admin;
grant delete, insert, select, update on annals_app.lead_scores to annals_app;
grant delete, insert, select, update on annals_app.lead_scores to annals_automation;
grant select on annals_app.lead_sources to annals_admin;
grant delete, insert, select, update on annals_app.lead_sources to annals_app;
grant delete, insert, select, update on annals_app.lead_sources to annals_automation;
grant select on annals_app.mail_messages to annals_admin;
grant delete, insert, select, update on annals_app.mail_messages to annals_webhook;
grant select on annals_app.mail_unmatched to annals_admin;
grant delete, insert, select, update on annals_app.mail_unmatched to annals_webhook;
grant select on annals_app.notifications to annals_admin;
grant delete, insert, select, update on annals_app.notifications to annals_app;
grant delete, insert, select, update on annals_app.notifications to annals_automation;
grant select on annals_app.playbook_runs to annals_admin;
grant select on annals_app.playbook_runs to annals_app;
grant delete, insert, select, update on annals_app.playbook_runs to annals_sequences;
grant select on annals_app.playbooks to annals_admin;
grant insert, select on annals_app.playbooks to annals_app;
grant select on annals_app.playbooks to annals_sequences;
grant select on annals_app.rule_versions to annals_admin;
grant delete, insert, select, update on annals_app.rule_versions to annals_app;
grant delete, insert, select, update on annals_app.rule_versions to annals_automation;
grant select on annals_app.rules to annals_admin;
grant delete, insert, select, update on annals_app.rules to annals_app;
grant delete, insert, select, update on annals_app.rules to annals_automation;
grant select on annals_app.rules_began to annals_admin;
grant delete, insert, select, update on annals_app.rules_began to annals_app;
grant delete, insert, select, update on annals_app.rules_began to annals_automation;
grant select on annals_app.rules_began to annals_sequences;
grant select on annals_app.score_models to annals_admin;
grant delete, insert, select, update on annals_app.score_models to annals_app;
grant delete, insert, select, update on annals_app.score_models to annals_automation;
grant select on annals_app.seen_marks to annals_admin;
grant delete, insert, select, update on annals_app.seen_marks to annals_app;
grant delete, insert, select, update on annals_app.seen_marks to annals_automation;
grant select on annals_app.sequence_outbox to annals_admin;
grant insert on annals_app.sequence_outbox to annals_app;
grant delete, insert, select, update on annals_app.sequence_outbox to annals_sequences;
grant usage on annals_app.sequence_outbox_id_seq to annals_app;
grant usage on annals_app.sequence_outbox_id_seq to annals_automation;
grant select on annals_app.sequence_people to annals_admin;
grant delete, insert, select, update on annals_app.sequence_people to annals_sequences;
grant select on annals_app.sequences to annals_admin;
grant insert, select on annals_app.sequences to annals_app;
grant select on annals_app.sequences to annals_sequences;
grant select on annals_app.tag_changes to annals_admin;
grant delete, insert, select, update on annals_app.tag_changes to annals_app;
grant delete, insert, select, update on annals_app.tag_changes to annals_automation;
grant select on annals_app.tag_changes to annals_query;
grant select on annals_app.tickets to annals_admin;
grant delete, insert, select, update on annals_app.tickets to annals_app;
grant delete, insert, select, update on annals_app.tickets to annals_automation;
grant select on annals_app.types to annals_admin;
grant insert, select on annals_app.types to annals_app;
grant insert, select on annals_app.types to annals_automation;
grant select on annals_app.webhook_tokens to annals_admin;
grant delete, insert, select, update on annals_app.webhook_tokens to annals_webhook;
grant execute on function annals.position_before(uuid,timestamp with time zone) to annals_automation;
grant execute on function annals.position_before(uuid,timestamp with time zone) to annals_query;
grant execute on function annals_app.count_types() to annals_admin;
grant execute on function annals_app.count_types() to annals_app;
grant execute on function annals_app.count_types() to annals_automation;
grant execute on function annals_app.count_types() to annals_ingest;
grant execute on function annals_app.count_types() to annals_sequences;
grant execute on function annals_app.forget_old_mail() to annals_webhook;
grant execute on function annals_app.types_of(uuid[]) to annals_admin;
grant execute on function annals_app.types_of(uuid[]) to annals_app;
grant execute on function annals_app.types_of(uuid[]) to annals_automation;
grant execute on function annals_app.types_of(uuid[]) to annals_ingest;
grant execute on function annals_app.types_of(uuid[]) to annals_sequences;
grant usage on new sequences in schema annals_app to annals_app;
grant usage on new sequences in schema annals_app to annals_automation;
grant select on new tables in schema annals_app to annals_admin;
grant delete, insert, select, update on new tables in schema annals_app to annals_app;
grant delete, insert, select, update on new tables in schema annals_app to annals_automation;
grant usage on schema annals to annals_admin;
grant usage on schema annals to annals_app;
grant usage on schema annals to annals_automation;
grant usage on schema annals to annals_enrichment;
grant usage on schema annals to annals_ingest;
grant usage on schema annals to annals_query;
grant usage on schema annals to annals_sequences;
grant usage on schema annals to annals_webhook;
grant usage on schema annals_app to annals_admin;
grant usage on schema annals_app to annals_app;
grant usage on schema annals_app to annals_automation;
grant usage on schema annals_app to annals_enrichment;
grant usage on schema annals_app to annals_ingest;
grant usage on schema annals_app to annals_query;
grant usage on schema annals_app to annals_sequences;
grant usage on schema annals_app to annals_webhook;

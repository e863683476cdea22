import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The table of seed 000 as a view over the log, its descriptions in the words of the API. */
export class LeadActivities1764000000005 implements MigrationInterface {
  name = 'LeadActivities1764000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SENTENCES_V1);
    await runner.query(VIEWS);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations of annals roll forward only'));
  }
}

/** What `sentenceSql()` of libs/contracts gave when this was written; a spec fails when it gives something else: then a new migration is due. */
export const SENTENCES_V1 = `CREATE FUNCTION annals.sentence_number(value numeric) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN CASE
    WHEN value = 0 OR abs(value) >= 0.000001 THEN trim_scale(value)::text
    ELSE (SELECT CASE WHEN value < 0 THEN '-' ELSE '' END || left(digits, 1)
        || CASE WHEN length(digits) > 1 THEN '.' || substr(digits, 2) ELSE '' END || 'e-' || (length(places) - length(digits) + 1)
      FROM (SELECT places, ltrim(places, '0') AS digits FROM (SELECT substr(trim_scale(abs(value))::text, 3) AS places) AS decimals) AS number)
  END;
COMMENT ON FUNCTION annals.sentence_number(numeric) IS 'A number as ECMAScript writes it';
CREATE FUNCTION annals.sentence_text(value jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN CASE jsonb_typeof(value)
    WHEN 'string' THEN value #>> '{}'
    WHEN 'boolean' THEN value #>> '{}'
    WHEN 'number' THEN annals.sentence_number((value #>> '{}')::numeric)
  END;
COMMENT ON FUNCTION annals.sentence_text(jsonb) IS 'A payload field inside a sentence';
CREATE FUNCTION annals.sentence_excerpt(value jsonb, points int) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN (SELECT CASE WHEN char_length(folded) > points THEN left(folded, points) || '…' ELSE folded END
    FROM (SELECT btrim(regexp_replace(value #>> '{}', E'[\\u0009-\\u000D\\u0020\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF]+', ' ', 'g'), ' ') AS folded
      WHERE jsonb_typeof(value) = 'string') AS text);
COMMENT ON FUNCTION annals.sentence_excerpt(jsonb, int) IS 'White space folded, so many code points, then an ellipsis';
CREATE FUNCTION annals.sentence_duration(value jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN (SELECT coalesce(nullif(array_to_string((array_remove(ARRAY[
        CASE WHEN seconds >= 3600 THEN div(seconds, 3600) || ' h' END,
        CASE WHEN div(seconds, 60) % 60 > 0 THEN div(seconds, 60) % 60 || ' min' END,
        CASE WHEN seconds % 60 > 0 THEN seconds % 60 || ' s' END], NULL))[1:2], ' '), ''), '0 s')
    FROM (SELECT trim_scale((value #>> '{}')::numeric) AS seconds WHERE jsonb_typeof(value) = 'number') AS duration
    WHERE seconds >= 0 AND seconds = trunc(seconds));
COMMENT ON FUNCTION annals.sentence_duration(jsonb) IS 'Seconds in the two largest units';
CREATE FUNCTION annals.sentence(type text, version int, payload jsonb, summary text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(summary, CASE
    WHEN type = 'note.added' AND version = 1 AND payload IS NULL THEN 'added a note: [erased]'
    WHEN type = 'note.added' AND version = 1 THEN coalesce('added a note: ' || coalesce(annals.sentence_excerpt(payload -> 'text', 120), CASE WHEN payload ->> 'text' IS NULL THEN '[erased]' END), 'note added')
    WHEN type = 'email.sent' AND version = 1 AND payload IS NULL THEN 'sent email'
    WHEN type = 'email.sent' AND version = 1 THEN coalesce('sent email' || coalesce(' “' || annals.sentence_text(payload -> 'emailSubject') || '”', ''), 'email sent')
    WHEN type = 'email.received' AND version = 1 AND payload IS NULL THEN 'email received'
    WHEN type = 'email.received' AND version = 1 THEN coalesce(CASE WHEN coalesce(payload -> 'inReplyTo', 'null') NOT IN ('null', 'false') THEN coalesce('replied to', '') ELSE '' END || CASE WHEN NOT (coalesce(payload -> 'inReplyTo', 'null') NOT IN ('null', 'false')) THEN coalesce('sent inbound', '') ELSE '' END || ' email' || coalesce(' “' || annals.sentence_text(payload -> 'emailSubject') || '”', ''), 'email received')
    WHEN type = 'call.completed' AND version = 1 AND payload IS NULL THEN 'logged a call'
    WHEN type = 'call.completed' AND version = 1 THEN coalesce('logged a call' || coalesce(', ' || annals.sentence_duration(payload -> 'durationSeconds'), '') || coalesce(', outcome ' || annals.sentence_text(payload -> 'outcome'), ''), 'call completed')
    WHEN type = 'lead.status_changed' AND version = 1 AND payload IS NULL THEN 'changed status from [erased] to [erased]'
    WHEN type = 'lead.status_changed' AND version = 1 THEN coalesce('changed status from ' || coalesce(annals.sentence_text(payload -> 'fromStatus'), CASE WHEN payload ->> 'fromStatus' IS NULL THEN '[erased]' END) || ' to ' || coalesce(annals.sentence_text(payload -> 'toStatus'), CASE WHEN payload ->> 'toStatus' IS NULL THEN '[erased]' END), 'lead status changed')
    WHEN type = 'enrichment.completed' AND version = 1 AND payload IS NULL THEN 'enrichment completed'
    WHEN type = 'enrichment.completed' AND version = 1 THEN coalesce('enrichment completed' || coalesce(': ' || nullif(concat_ws(', ', CASE WHEN payload ->> 'linkedinUrl' IS NOT NULL THEN 'linkedin url' END, CASE WHEN payload ->> 'companySize' IS NOT NULL THEN 'company size' END, CASE WHEN payload ->> 'industry' IS NOT NULL THEN 'industry' END, CASE WHEN payload ->> 'website' IS NOT NULL THEN 'website' END, CASE WHEN payload ->> 'provider' IS NOT NULL THEN 'provider' END), ''), ''), 'enrichment completed')
    WHEN type = 'lead.score_updated' AND version = 1 AND payload IS NULL THEN 'score changed from [erased] to [erased]'
    WHEN type = 'lead.score_updated' AND version = 1 THEN coalesce('score changed from ' || annals.sentence_text(payload -> 'previousScore') || ' to ' || coalesce(annals.sentence_text(payload -> 'newScore'), CASE WHEN payload ->> 'newScore' IS NULL THEN '[erased]' END) || coalesce(' (' || annals.sentence_text(payload -> 'previousBand') || ' to ' || annals.sentence_text(payload -> 'newBand') || ')', ''), 'lead score updated')
    WHEN type = 'nurture.enrolled' AND version = 1 AND payload IS NULL THEN 'enrolled in sequence [erased]'
    WHEN type = 'nurture.enrolled' AND version = 1 THEN coalesce('enrolled in sequence ' || coalesce(coalesce(annals.sentence_text(payload -> 'sequenceName'), annals.sentence_text(payload -> 'sequenceId')), CASE WHEN payload ->> 'sequenceId' IS NULL THEN '[erased]' END), 'nurture enrolled')
    WHEN type = 'nurture.step_scheduled' AND version = 1 AND payload IS NULL THEN 'scheduled [erased] step [erased]'
    WHEN type = 'nurture.step_scheduled' AND version = 1 THEN coalesce('scheduled ' || annals.sentence_text(payload -> 'channel') || ' step ' || coalesce(annals.sentence_text(payload -> 'stepId'), CASE WHEN payload ->> 'stepId' IS NULL THEN '[erased]' END), 'nurture step scheduled')
    WHEN type = 'nurture.step_executed' AND version = 1 AND payload IS NULL THEN 'ran [erased] step [erased]'
    WHEN type = 'nurture.step_executed' AND version = 1 THEN coalesce('ran ' || coalesce(annals.sentence_text(payload -> 'channel'), CASE WHEN payload ->> 'channel' IS NULL THEN '[erased]' END) || ' step ' || coalesce(annals.sentence_text(payload -> 'stepId'), CASE WHEN payload ->> 'stepId' IS NULL THEN '[erased]' END) || coalesce(': ' || annals.sentence_text(payload -> 'deliveryStatus'), ''), 'nurture step executed')
    WHEN type = 'nurture.paused' AND version = 1 AND payload IS NULL THEN 'paused sequence [erased]'
    WHEN type = 'nurture.paused' AND version = 1 THEN coalesce('paused sequence ' || coalesce(coalesce(annals.sentence_text(payload -> 'sequenceName'), annals.sentence_text(payload -> 'sequenceId')), CASE WHEN payload ->> 'sequenceId' IS NULL THEN '[erased]' END) || coalesce(': ' || annals.sentence_text(payload -> 'reason'), ''), 'nurture paused')
    WHEN type = 'nurture.resumed' AND version = 1 AND payload IS NULL THEN 'resumed sequence [erased]'
    WHEN type = 'nurture.resumed' AND version = 1 THEN coalesce('resumed sequence ' || coalesce(coalesce(annals.sentence_text(payload -> 'sequenceName'), annals.sentence_text(payload -> 'sequenceId')), CASE WHEN payload ->> 'sequenceId' IS NULL THEN '[erased]' END), 'nurture resumed')
    WHEN type = 'nurture.exited' AND version = 1 AND payload IS NULL THEN 'left sequence [erased] ([erased])'
    WHEN type = 'nurture.exited' AND version = 1 THEN coalesce('left sequence ' || coalesce(coalesce(annals.sentence_text(payload -> 'sequenceName'), annals.sentence_text(payload -> 'sequenceId')), CASE WHEN payload ->> 'sequenceId' IS NULL THEN '[erased]' END) || ' (' || coalesce(annals.sentence_text(payload -> 'reason'), CASE WHEN payload ->> 'reason' IS NULL THEN '[erased]' END) || ')', 'nurture exited')
    ELSE translate(type, '._', '  ')
  END);
COMMENT ON FUNCTION annals.sentence(text, int, jsonb, text) IS 'The description of an event of seed 000, generated from the templates of libs/contracts';
`;

const VIEWS = /* sql */ `
create view annals.lead_activities_text with (security_invoker) as
select e.tenant_id,
       lead.id as lead_id,
       named.name as type,
       annals.sentence(e.type, e.version, e.payload::jsonb, e.summary) as description,
       e.actor_type,
       e.actor_id::varchar(255) as actor_id,
       e.payload::jsonb as metadata
from annals.events e
join (values
  ('note.added', 'note'),
  ('email.sent', 'email_sent'),
  ('email.received', 'email_received'),
  ('call.completed', 'call'),
  ('lead.status_changed', 'status_change'),
  ('enrichment.completed', 'enrichment'),
  ('lead.score_updated', 'score_updated'),
  ('nurture.enrolled', 'nurture_enrolled'),
  ('nurture.step_scheduled', 'nurture_step_scheduled'),
  ('nurture.step_executed', 'nurture_step_executed'),
  ('nurture.paused', 'nurture_paused'),
  ('nurture.resumed', 'nurture_resumed'),
  ('nurture.exited', 'nurture_exited')
) as named (type, name) on named.type = e.type
cross join lateral (
  select distinct entity ->> 'id' as id from jsonb_array_elements(e.entities::jsonb) as entity where entity ->> 'type' = 'lead') lead
where not exists (select from annals.retracted r where r.tenant_id = e.tenant_id and r.position = e.position);
comment on view annals.lead_activities_text is 'One row per event and lead it refers to, for the 13 types of seed 000, without retracted ones; lead ids of any shape.';

create view annals.lead_activities with (security_invoker) as
select tenant_id, lead_id::uuid as lead_id, type, description, actor_type, actor_id, metadata
from annals.lead_activities_text
where lead_id ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
comment on view annals.lead_activities is 'The table lead_activities of seed 000, read only: the leads whose id is a UUID (annals.lead_activities_text has the rest).';

comment on column annals.lead_activities.tenant_id is 'The tenant.';
comment on column annals.lead_activities.lead_id is 'The lead.';
comment on column annals.lead_activities.type is 'Name of seed 000.';
comment on column annals.lead_activities.description is 'The sentence, as the API shows it.';
comment on column annals.lead_activities.actor_type is 'human, agent or system.';
comment on column annals.lead_activities.actor_id is 'Who did it.';
comment on column annals.lead_activities.metadata is 'The payload; null after erasure.';
comment on column annals.lead_activities_text.tenant_id is 'The tenant.';
comment on column annals.lead_activities_text.lead_id is 'The lead, its id as the producer wrote it.';
comment on column annals.lead_activities_text.type is 'Name of seed 000.';
comment on column annals.lead_activities_text.description is 'The sentence, as the API shows it.';
comment on column annals.lead_activities_text.actor_type is 'human, agent or system.';
comment on column annals.lead_activities_text.actor_id is 'Who did it.';
comment on column annals.lead_activities_text.metadata is 'The payload; null after erasure.';

grant select on annals.lead_activities, annals.lead_activities_text to annals_query, annals_admin;
`;

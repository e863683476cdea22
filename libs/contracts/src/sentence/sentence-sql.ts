import { eventDefinition } from '../registry.js';
import { inWords, WHITE_SPACE } from './filters.js';
import { render, type Sentence, sentenceFor, typeInWords } from './render.js';
import type { Choice, Part } from './template.js';

/** The types of seed 000's table `lead_activities`, by the names it gives them. */
export const LEAD_ACTIVITY_TYPES = {
  note: 'note.added',
  email_sent: 'email.sent',
  email_received: 'email.received',
  call: 'call.completed',
  status_change: 'lead.status_changed',
  enrichment: 'enrichment.completed',
  score_updated: 'lead.score_updated',
  nurture_enrolled: 'nurture.enrolled',
  nurture_step_scheduled: 'nurture.step_scheduled',
  nurture_step_executed: 'nurture.step_executed',
  nurture_paused: 'nurture.paused',
  nurture_resumed: 'nurture.resumed',
  nurture_exited: 'nurture.exited',
} as const;

/**
 * `annals.sentence(type, version, payload, summary)` for PostgreSQL, from the same templates: for the types of seed 000
 * it returns, character for character, what `summaryOf` does; other types read as their name in words.
 * Needs the schema `annals` and a database in UTF-8. To be run once, in a migration.
 */
export function sentenceSql(): string {
  const cases = Object.values(LEAD_ACTIVITY_TYPES).flatMap(casesOf);
  return `${HELPERS}
CREATE FUNCTION annals.sentence(type text, version int, payload jsonb, summary text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(summary, CASE
${cases.map((line) => `    ${line}`).join('\n')}
    ELSE translate(type, '._', '  ')
  END);
COMMENT ON FUNCTION annals.sentence(text, int, jsonb, text) IS 'The description of an event of seed 000, generated from the templates of libs/contracts';
`;
}

function casesOf(type: string): string[] {
  const definition = eventDefinition(type);
  return Object.keys(definition?.versions ?? {}).flatMap((version) => {
    const sentence = definition && sentenceFor(definition, Number(version));
    if (!sentence) return [];
    const when = `WHEN type = ${literal(type)} AND version = ${version}`;
    return [
      `${when} AND payload IS NULL THEN ${literal(render(sentence, null))}`,
      `${when} THEN ${sentenceExpression(sentence, typeInWords(type))}`,
    ];
  });
}

/** Null where a part outside brackets is missing: the whole falls back to words. */
function sentenceExpression(sentence: Sentence, fallback: string): string {
  return `coalesce(${concatenated(sentence.parts, (part) => partExpression(part, sentence))}, ${literal(fallback)})`;
}

function concatenated(parts: readonly Part[], expression: (part: Part) => string): string {
  return parts.length === 0 ? "''" : parts.map(expression).join(' || ');
}

function partExpression(part: Part, sentence: Sentence): string {
  switch (part.kind) {
    case 'text':
      return literal(part.text);
    case 'value':
      return requiredValue(part.choices, sentence);
    case 'group':
      return `coalesce(${groupExpression(part.parts, sentence)}, '')`;
    case 'when': {
      const holds = `coalesce(payload -> ${literal(part.field)}, 'null') NOT IN ('null', 'false')`;
      return `CASE WHEN ${part.present ? holds : `NOT (${holds})`} THEN coalesce(${groupExpression(part.parts, sentence)}, '') ELSE '' END`;
    }
  }
}

function groupExpression(parts: readonly Part[], sentence: Sentence): string {
  return concatenated(parts, (part) => (part.kind === 'value' ? valueExpression(part.choices, sentence) : partExpression(part, sentence)));
}

function requiredValue(choices: readonly Choice[], sentence: Sentence): string {
  const value = valueExpression(choices, sentence);
  const erased = choices.filter(({ field }) => sentence.required.has(field)).map(({ field }) => `payload ->> ${literal(field)} IS NULL`);
  return erased.length === 0 ? value : `coalesce(${value}, CASE WHEN ${erased.join(' OR ')} THEN '[erased]' END)`;
}

function valueExpression(choices: readonly Choice[], sentence: Sentence): string {
  const expressions = choices.map((choice) => choiceExpression(choice, sentence));
  return expressions.length === 1 ? String(expressions[0]) : `coalesce(${expressions.join(', ')})`;
}

function choiceExpression({ field, filter, argument }: Choice, sentence: Sentence): string {
  const value = `payload -> ${literal(field)}`;
  switch (filter) {
    case null:
      return `annals.sentence_text(${value})`;
    case 'excerpt':
      return `annals.sentence_excerpt(${value}, ${argument})`;
    case 'duration':
      return `annals.sentence_duration(${value})`;
    case 'fieldNames':
      return `nullif(concat_ws(', ', ${sentence.fields.map(fieldName).join(', ')}), '')`;
    default:
      throw new Error(`the filter ${filter} has no SQL`);
  }
}

function fieldName(field: string): string {
  return `CASE WHEN payload ->> ${literal(field)} IS NOT NULL THEN ${literal(inWords(field))} END`;
}

/** A string constant, whatever `standard_conforming_strings` says. */
function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
  return text.includes('\\') ? `E${quoted}` : quoted;
}

const HELPERS = `CREATE FUNCTION annals.sentence_number(value numeric) RETURNS text
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
    FROM (SELECT btrim(regexp_replace(value #>> '{}', E'[${WHITE_SPACE}]+', ' ', 'g'), ' ') AS folded
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
COMMENT ON FUNCTION annals.sentence_duration(jsonb) IS 'Seconds in the two largest units';`;

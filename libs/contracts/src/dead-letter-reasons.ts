/** Every reason a record may become a dead letter. A closed list: dashboards and re-drives rely on it. */
export const DEAD_LETTER_REASONS = [
  'not_utf8',
  'not_json',
  'too_deep',
  'too_large',
  'unsafe_number',
  'forbidden_character',
  'forbidden_key',
  'wrong_envelope',
  'missing_id',
  'missing_tenant',
  'bad_tenant',
  'unknown_type',
  'unknown_version',
  'bad_payload',
  'bad_entities',
  'bad_actor',
  'bad_time',
  'future_time',
  'wrong_topic',
  'replayed',
  'conflict',
  'undecodable_batch',
] as const;

export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

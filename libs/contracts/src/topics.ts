/** Only retractions and erasures travel here, so that who may write `crm.web` cannot retract. */
export const CONTROL_TOPIC = 'annals.control';
/** Only comments travel here. */
export const COMMENT_TOPIC = 'crm.comment';
/** Tenants' own types, `custom.*`. */
export const CUSTOM_TOPIC = 'crm.custom';

/** Every topic that ingest reads. */
export const INPUT_TOPICS = [
  'crm.email',
  'crm.engagement',
  'crm.contact',
  'crm.account',
  'crm.deal',
  'crm.lead',
  'crm.enrichment',
  'crm.signal',
  'crm.playbook',
  'crm.nurture',
  'crm.web',
  'crm.ticket',
  'crm.commerce',
  COMMENT_TOPIC,
  CUSTOM_TOPIC,
  CONTROL_TOPIC,
] as const;
export type InputTopic = (typeof INPUT_TOPICS)[number];

export const APPENDED_TOPIC = 'annals.appended';
export const NOTIFICATIONS_TOPIC = 'annals.notifications';
export const LEAD_SCORE_TOPIC = 'annals.lead-score';
export const DEAD_LETTER_TOPIC = 'annals.dlq';

/** Every topic that annals writes for others to read. */
export const OUTPUT_TOPICS = [APPENDED_TOPIC, NOTIFICATIONS_TOPIC, LEAD_SCORE_TOPIC, DEAD_LETTER_TOPIC] as const;
export type OutputTopic = (typeof OUTPUT_TOPICS)[number];
export const TOPICS = [...INPUT_TOPICS, ...OUTPUT_TOPICS] as const;

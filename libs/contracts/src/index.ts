export { canonicalJson } from './canonical-json.js';
export * from './dead-letter-reasons.js';
export { ANY_RECORD, CUSTOMERS, ENTITY_TYPES, type EntityType, isEntityType, type Pivot, pivotOf } from './entity-types.js';
export { checkDefinition, checkSize } from './custom-types/check-definition.js';
export { checkNamesAreFree, checkSuccessor, type StoredPayload } from './custom-types/check-successor.js';
export { readTypeDefinition, sameDefinition, typeDefinitionOf, type TypeInput } from './custom-types/read-definition.js';
export { TenantTypes, type TypeRow } from './custom-types/tenant-types.js';
export { personalFields } from './custom-types/personal-fields.js';
export * from './custom-types/type-definition.js';
export type * from './event-definition.js';
export * from './event.js';
export { EVENT_DEFINITIONS } from './events/index.js';
export { nearTypeNames } from './near-type-names.js';
export * from './registry.js';
export { DECIMAL_PATTERN } from './payload-fields.js';
export { formatTime, parseTime } from './rfc3339.js';
export { TABS, type Tab } from './tabs.js';
export * from './topics.js';
export { type DecodeOptions, decodeRecord, decodeStructured } from './decode/decode-record.js';
export { hasForbiddenCharacter } from './decode/document-checks.js';
export { compileRules } from './decode/payload-rules.js';
export { MAX_RECORD_BYTES } from './decode/record-text.js';
export {
  type AnyEventInput,
  buildEvent,
  cloudEvent,
  type EventAttributes,
  type EventInput,
  type EventRecord,
  newestVersion,
} from './build-event.js';
export { contentJson, entitiesJson, envelopeJson, type EventContent } from './envelope-json.js';
export { NOTIFICATION_CREATED, notificationCreated, type NotificationCreated } from './notification-created.js';
export { type PublishedEvent, STRUCTURED_CONTENT_TYPE, structuredEvent } from './structured-event.js';
export { deepLinkOf, type LinkedEvent } from './sentence/deep-link.js';
export { describeEvent, readToday, type SummarizedEvent, type Summary, summaryOf } from './sentence/summary.js';
export { LEAD_ACTIVITY_TYPES, sentenceSql } from './sentence/sentence-sql.js';
export {
  feedsScores,
  SCORE_INPUT_SOURCE,
  SCORE_INPUT_TYPE,
  scoreInput,
  type ScoredEvent,
  type ScoreHints,
} from './score-feed/score-input.js';
export { asyncApi } from './generate/async-api.js';
export { eventsMarkdown } from './generate/events-markdown.js';
export { type JsonSchema, jsonSchemas } from './generate/json-schemas.js';
export { rightsMarkdown } from './generate/rights-markdown.js';
export { KAFKA_RIGHTS, type KafkaOperation, type KafkaRight } from './rights/kafka-rights.js';

export { createProducer, type KafkaEventProducer, type ProducerOptions } from './create-producer.js';
export type * from './event-draft.js';
export type * from './event-producer.js';
export { InvalidEvent, NotPublished, type NotPublishedReason } from './failures.js';
export { idFrom, timedIdFrom } from './ids.js';
export type { MadeRecord, Origin } from './make-record.js';
export { createOutbox, type Outbox, type OutboxOptions, type Query } from './outbox.js';
export { OUTBOX_TABLE, outboxSql, outboxTable } from './outbox-sql.js';
export { type RecordedEvent, recordingProducer, type RecordingProducer } from './recording-producer.js';

export type * from './append/types.js';
export type * from './read/types.js';
export { connectionFor, STORE_ROLES, type StoreRole } from './connect/connection-for.js';
export { openDatabase, poolStateOf, type Database, type DatabaseOptions, type PoolState } from './connect/open-database.js';
export { inTransaction } from './connect/in-transaction.js';
export { inTenant, type TenantClient } from './connect/in-tenant.js';
export { isUnlucky } from './connect/unlucky.js';
export { whenReachable } from './connect/when-reachable.js';
export { assertSchemaCurrent } from './migrations/assert-schema-current.js';
export { migrate } from './migrations/migrate.js';
export { EncodedRows, type EventOrigin } from './prepare/encoded-rows.js';
export { itemId } from './prepare/item-id.js';
export { prepareEvent } from './prepare/prepare-event.js';
export { refDigest } from './prepare/ref-digest.js';
export { APPENDED_CHANNEL } from './append/appended-channel.js';
export { openIngestStore, type IngestStoreOptions, type OpenIngestStore } from './append/open-ingest-store.js';
export { openQueryStore, type OpenQueryStore, type QueryStoreOptions } from './read/open-query-store.js';
export { listDeadLetters, showDeadLetter } from './dead-letters/list-dead-letters.js';
export { purgeDeadLetters, purgeExpired } from './dead-letters/purge-dead-letters.js';
export { redecode, type RedecodeOptions } from './dead-letters/redecode.js';
export { redriveDeadLetters, type Redecoded, type RedriveOutcome } from './dead-letters/redrive-dead-letters.js';
export { markRelayed, unrelayedDeadLetters } from './dead-letters/relay-dead-letters.js';
export type * from './dead-letters/types.js';
export { ENRICHMENT_CONSUMER, followAdded } from './enrichment/follow-added.js';
export { countRequests, settleRequest, takeRequests, type EnrichmentOutcome, type EnrichmentRequest } from './enrichment/requests.js';
export { COUNTED_TYPES, COUNTS_CONSUMER, foldCounts } from './fold/fold-counts.js';
export { foldRollups, ROLLUPS_CONSUMER } from './fold/fold-rollups.js';
export { GRANULARITIES, ROLLUP_KEYS, type Granularity, type RollupAnswer, type RollupKey, type RollupQuery } from './read/rollups.js';
export { followSent, MAIL_CONSUMER, type FollowedSent } from './mail/follow-sent.js';
export { knownMail, knownMessages, type KnownMail, type KnownMessage } from './mail/known-messages.js';
export { mailIdentity, markJoined, parkUnmatched, unmatchedOf, type Parked, type UnmatchedMail } from './mail/unmatched-mail.js';
export { claimToken, forgetOldMail, type TokenUse } from './mail/use-token.js';
export { checkpointOf, laggingTenants, saveCheckpoint, saveCheckpoints, type Lag } from './relay/checkpoints.js';
export { FailingTenants, orOutage, Outage, type FailingTenant, type Which } from './relay/failing-tenants.js';
export { Leader, type LeaderLog, type LedJob } from './relay/leader.js';
export { leaderLock, type Leadership } from './relay/leader-lock.js';
export { listenAppended, type AppendedListener, type Wake } from './relay/listen-appended.js';
export { listOffsets, resetOffset, type StoredOffset } from './relay/offsets.js';
export { tailLog, type TailedEvent } from './relay/tail-log.js';
export { moveSeenMark, seenMark } from './seen/seen-marks.js';
export {
  countUnread,
  listNotifications,
  markAllRead,
  markNotification,
  type NotificationsWanted,
  type StoredNotification,
} from './notifications/user-notifications.js';
export { markNotificationsRelayed, unrelayedNotifications, type UnrelayedNotification } from './notifications/relay-notifications.js';
export { listEffects, type EffectPlace, type StoredEffect } from './rules/list-effects.js';
export { readSpans, type SlimEvent, type SpansRead } from './rules/read-spans.js';
export { ruleDefinitions, rulesInForce, type RuleInForce } from './rules/rules-in-force.js';
export { createRule, deleteRule, MOST_RULES, replaceRule, type RuleSaved, type RuleText, type Saving } from './rules/save-rule.js';
export { listRules, readRule, type StoredRule } from './rules/stored-rules.js';
export { keepTagChanges, lookUpTags, tagsThen, type TagChange } from './rules/tags.js';
export { endSpans, takeSpans, type Span, type TakenSpan } from './rules/take-spans.js';
export { writeEffects, type Effect } from './rules/write-effects.js';
export { eventsToFeed, FEED_CONSUMER } from './scores/events-to-feed.js';
export { causesAt, leadStates, saveScores, SCORES_CONSUMER, type Cause } from './scores/lead-states.js';
export { leadPasts, leadTouches, type LeadTouch } from './scores/lead-touches.js';
export { linkContacts, type LogPart } from './scores/link-contacts.js';
export { scorableTo } from './scores/scorable-range.js';
export { beginModels, begunModels, newestModel, saveModel, type BegunModel, type SavedModel } from './scores/score-models.js';
export { openOutbox, type HeldOutbox, type OutboxRow } from './outbox/open-outbox.js';
export { positionBefore } from './read/position-before.js';
export { closeEffects, pruneEffects } from './retention/prune-effects.js';
export { pruneNotifications, type NotificationAges } from './retention/prune-notifications.js';
export { pruneRequests } from './retention/prune-requests.js';
export { dumpSchema } from './schema/dump-schema.js';
export { issueTicket, redeemTicket, type IssuedTicket, type TicketHolder } from './tickets/tickets.js';
export { awaitedAmong, isAnyTypeAwaited, type AwaitedType } from './types/awaited-types.js';
export { loadTenantTypes } from './types/load-types.js';
export { registerType, type Registration, type RegistrationWish } from './types/register-type.js';
export { watchTypes, type WatchedTypes, type WatchOptions } from './types/watch-types.js';
export {
  definitionsInForce,
  listDefinitions,
  MOST_DEFINITIONS,
  readDefinition,
  saveDefinition,
  sequenceDefinitions,
  typesToHear,
  type DefinitionInForce,
  type DefinitionKind,
  type DefinitionSaved,
  type SequenceVersion,
  type StoredDefinition,
} from './sequences/definitions.js';
export {
  countEnrollments,
  markSending,
  takeDueEmails,
  takeDueReminders,
  takeLapsedSends,
  tryAgain,
  type DueEmail,
} from './sequences/due-steps.js';
export type { EnrollmentWrite, StoredEnrollment } from './sequences/enrollment-rows.js';
export {
  enrolledEver,
  everKey,
  listEnrollments,
  liveEnrollment,
  liveEnrollments,
  lockEnrollment,
  type TenantRef,
} from './sequences/find-enrollments.js';
export { forgetRecords, keepRecords, takeRecords, type OutgoingRecord } from './sequences/outbox.js';
export { forgetPeople, keepPeople, type ToldPerson } from './sequences/people.js';
export { keepRuns, ranBefore, runKey, type EndedRun, type PlaybookRun } from './sequences/playbook-runs.js';
export { followAlone, SEQUENCES_CONSUMER } from './sequences/follow-alone.js';
export { insertEnrollments, updateEnrollments, type NewEnrollment } from './sequences/write-enrollments.js';

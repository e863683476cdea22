export { aDraft, OTHER_TENANT, TENANT, type EventDraft } from './a-draft.js';
export { anEvent } from './an-event.js';
export { eventually, type Patience } from './eventually.js';
export { fixedClock, type FixedClock } from './fixed-clock.js';
export { emptyDatabase, freshDatabase, type FreshDatabase } from './fresh-database.js';
export { createTopics, freshTopics, testKafka, type TopicOptions } from './fresh-topics.js';
export { testBrokers, testDatabaseUrl, uniqueName } from './run.js';
export { repositoryRoot, spawnApp, type SpawnedApp, type SpawnOptions } from './spawn-app.js';
export { binary, flat, structured } from './wire-forms.js';

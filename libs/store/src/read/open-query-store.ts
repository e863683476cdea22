import { openDatabase, poolStateOf, type PoolState } from '../connect/open-database.js';
import { assertSchemaCurrent } from '../migrations/assert-schema-current.js';
import { asStaff } from './as-staff.js';
import { eventById } from './event-by-id.js';
import { commentById, commentKeys, eventsAt, retractionOf } from './read-comments.js';
import { hierarchyPage } from './hierarchy-page.js';
import { hierarchyStream } from './hierarchy-stream.js';
import { ask, type NamedRead } from './read-rows.js';
import { streamPage } from './stream-page.js';
import { streamRound } from './stream-round.js';
import { readRollups } from './rollups.js';
import { timelinePage } from './timeline-page.js';
import { unseen } from './unseen.js';
import type { QueryStore } from './types.js';

export interface QueryStoreOptions {
  /** `connectionFor(databaseUrl, 'query')`. */
  readonly url: string;
  readonly poolSize: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** A read that takes longer ends with SQLSTATE 57014 (see `isUnlucky`). Absent: ten seconds. */
  readonly statementTimeoutMs?: number;
}

export interface OpenQueryStore extends QueryStore {
  poolState(): PoolState;
}

const DEFAULT_TIMEOUT_MS = 10_000;

const HEAD: NamedRead = { name: 'annals.head', text: `select annals.begin_read($1, 'staff', null)` };

/** Connects as a reader. Refuses a schema that is not this version's. */
export async function openQueryStore(options: QueryStoreOptions): Promise<OpenQueryStore> {
  const database = await openDatabase({ statementTimeoutMs: DEFAULT_TIMEOUT_MS, ...options });
  const { pool } = database;
  return {
    timelinePage: (scope, query) => timelinePage(pool, scope, query),
    hierarchyPage: (scope, query) => hierarchyPage(pool, scope, query),
    unseen: (scope, timeline, seen, userId) => unseen(pool, scope, timeline, seen, userId),
    eventById: (scope, id) => eventById(pool, scope, id),
    rollups: (tenantId, query) => readRollups(pool, tenantId, query),
    streamPage: (scope, query) => streamPage(pool, scope, query),
    hierarchyStream: (tenantId, query) => hierarchyStream(database, tenantId, query),
    streamRound: (asked, limit, bytes) => streamRound(pool, asked, limit, bytes),
    commentKeys: (tenantId, record, pin) => commentKeys(pool, tenantId, record, pin),
    eventsAt: (tenantId, positions) => eventsAt(pool, tenantId, positions),
    commentById: (tenantId, commentId) => commentById(pool, tenantId, commentId),
    retractionOf: (tenantId, id) => retractionOf(pool, tenantId, id),
    head: async (tenantId) => BigInt((await ask(pool, HEAD, [tenantId]))[0] ?? 0),
    asStaff: (tenantId, work) => asStaff(database, tenantId, work),
    ready: () => assertSchemaCurrent(pool).then(() => undefined),
    poolState: () => poolStateOf(database),
    close: () => database.close(),
  };
}

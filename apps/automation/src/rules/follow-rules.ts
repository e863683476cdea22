import type { TypeRegistry } from '#libs/contracts';
import {
  endSpans,
  inTransaction,
  keepTagChanges,
  readSpans,
  tagsThen,
  takeSpans,
  writeEffects,
  type Database,
  type LedJob,
  type TenantClient,
} from '#libs/store';
import { considered, decideAll, taggedRecords, type Considered, type TagsOf } from './decide.js';
import { RuleBook } from './rule-book.js';
import { TAG_TYPES, tagChangeOf } from './tag-changes.js';

/** Checkpoint of the evaluation of rules. */
export const RULES_CONSUMER = 'rules';
/** Positions looked through in a transaction. */
const AT_ONCE = 5_000;
/** Effects written in a transaction, shared among its tenants; one event may have more. */
const EFFECTS_AT_ONCE = 20_000;

export interface RuleParts {
  readonly database: Database;
  readonly types: TypeRegistry;
}

/**
 * Asks every event in position order what the rules make of it. Effects, notifications, tags and the checkpoint are one transaction, and
 * the ledger refuses what it has: a replay, a restart at any point or two leaders at once change nothing. docs/decisions/0042-automation.md
 */
export function rulesFollower({ database, types }: RuleParts): LedJob {
  const book = new RuleBook();
  return {
    name: 'rules',
    // appends wake it; this is for a wake-up that was lost
    idleMs: 5_000,
    act: () => inTransaction(database, (client) => follow(client, book, types)),
  };
}

async function follow(client: TenantClient, book: RuleBook, types: TypeRegistry): Promise<boolean> {
  const taken = await takeSpans(client, RULES_CONSUMER, AT_ONCE);
  if (taken.length === 0) return false;
  const rules = await book.open(client, taken);
  const { events, spans } = await readSpans(client, taken, {
    types: [...new Set([...rules.types, ...TAG_TYPES])],
    withPayload: [...new Set([...rules.withPayload, ...TAG_TYPES])],
  });
  await keepTagChanges(client, events.flatMap(tagChangeOf));
  const all = considered(events, rules);
  const share = Math.ceil(EFFECTS_AT_ONCE / taken.length);
  const { effects, stopped } = decideAll(all, await tagsFor(client, all, types), types, share);
  await writeEffects(client, effects);
  await endSpans(
    client,
    RULES_CONSUMER,
    spans.map((span) => ({ ...span, upto: stopped.get(span.tenantId) ?? span.upto })),
  );
  return true;
}

/** All the tags that are needed, in one question. */
async function tagsFor(client: TenantClient, all: readonly Considered[], types: TypeRegistry): Promise<TagsOf> {
  const records = taggedRecords(all, types);
  const asked = records.map(({ event: { tenantId, occurredAt, position }, entity }) => ({ tenantId, occurredAt, position, entity }));
  const found = await tagsThen(client, asked);
  const byEntity = new Map(records.map(({ entity }, i) => [entity, found[i] ?? []]));
  // every event has references of its own: the object is the key
  return (_event, entity) => byEntity.get(entity) ?? [];
}

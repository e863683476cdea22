import type { TypeRegistry } from '#libs/contracts';
import {
  endSpans,
  inTransaction,
  keepTagChanges,
  lookUpTags,
  readSpans,
  takeSpans,
  writeEffects,
  type Database,
  type Effect,
  type FailingTenants,
  type LedJob,
  type TenantClient,
  type Which,
} from '#libs/store';
import { considered, decideAll, taggedRecords } from './decide.js';
import { RuleBook } from './rule-book.js';
import { TAG_TYPES, tagChangeOf } from './tag-changes.js';

/** Checkpoint of the evaluation of rules. */
export const RULES_CONSUMER = 'rules';
/** Positions looked through in a transaction. */
const AT_ONCE = 5_000;
/** Effects written in a transaction, shared among its tenants; one event may have more. */
const EFFECTS_AT_ONCE = 20_000;
/** Effects held in memory; they are written in such pieces. */
const EFFECTS_HELD = 5_000;

export interface RuleParts {
  readonly database: Database;
  readonly types: TypeRegistry;
  readonly failing: FailingTenants;
}

/**
 * Asks every event in position order what the rules make of it. Effects, notifications, tags and the checkpoint are one transaction, and
 * the ledger refuses what it has: a replay, a restart at any point or two leaders at once change nothing. docs/decisions/0042-automation.md
 */
export function rulesFollower({ database, types, failing }: RuleParts): LedJob {
  const book = new RuleBook();
  return {
    name: RULES_CONSUMER,
    // appends wake it; this is for a wake-up that was lost
    idleMs: 5_000,
    act: () =>
      failing.jointly(RULES_CONSUMER, (which, took) => inTransaction(database, (client) => follow({ client, book, types, which, took }))),
  };
}

interface Step {
  readonly client: TenantClient;
  readonly book: RuleBook;
  readonly types: TypeRegistry;
  readonly which: Which;
  readonly took: (tenantIds: readonly string[]) => void;
}

async function follow({ client, book, types, which, took }: Step): Promise<boolean> {
  const taken = await takeSpans(client, RULES_CONSUMER, AT_ONCE, which);
  if (taken.length === 0) return false;
  took(taken.map(({ tenantId }) => tenantId));
  const rules = await book.open(client, taken);
  const { events, spans } = await readSpans(client, taken, {
    types: [...new Set([...rules.types, ...TAG_TYPES])],
    withPayload: [...new Set([...rules.withPayload, ...TAG_TYPES])],
  });
  await keepTagChanges(client, events.flatMap(tagChangeOf));
  const all = considered(events, rules);
  const tagsOf = await lookUpTags(client, taggedRecords(all, types));
  const share = Math.ceil(EFFECTS_AT_ONCE / taken.length);
  const held: Effect[] = [];
  const stopped = await decideAll(all, { tagsOf, types, share }, async (effects) => {
    for (const effect of effects) held.push(effect);
    if (held.length >= EFFECTS_HELD) await writeEffects(client, held.splice(0));
  });
  await writeEffects(client, held);
  await endSpans(
    client,
    RULES_CONSUMER,
    spans.map((span) => ({ ...span, upto: stopped.get(span.tenantId) ?? span.upto })),
  );
  return true;
}

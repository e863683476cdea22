import { askedAbout, compileRule, recordsToLookUp, type CompiledRule, type MatchOutcome } from '#libs/rules';
import { checkpointOf, inTenant, lookUpTags, readSpans, type SlimEvent, type TenantClient } from '#libs/store';
import { malformed } from '../http/problem-exception.js';
import { eventBrief } from '../items/event-brief.js';
import type { QueryParts } from '../query-parts.js';
import { rangeOf } from './dry-run-range.js';
import { acceptRule, compiledRule, theRule } from './read-rule.js';
import type { DryRunAnswer, DryRunMatch } from './rule-answers.js';
import type { DryRunDto } from './rule.dto.js';

/** Checkpoint of the evaluation of rules: tags are known up to there. */
const RULES_CONSUMER = 'rules';
const POSITIONS_AT_ONCE = 2_000;
/** A request looks at no more, and begins no further step after so long. */
const MOST_POSITIONS = 100_000;
const MOST_MS = 2_000;
/** Of one match; their number tells of the others. */
const RECIPIENTS_SHOWN = 50;

interface Match {
  readonly event: SlimEvent;
  readonly outcome: MatchOutcome;
  readonly recipients: readonly string[];
}

/** Asks a rule about history as automation asks it about news (`askedAbout`, `decide`), in a transaction that cannot write. */
export async function dryRun(parts: QueryParts, tenantId: string, wish: DryRunDto): Promise<DryRunAnswer> {
  const rule = await ruleOf(parts, tenantId, wish);
  const reach = await reachOf(parts, tenantId, rule);
  const { after, upto } = await parts.store.asStaff(tenantId, (client) => rangeOf(client, tenantId, wish, reach));
  const counts = { fired: 0, heldBackfill: 0, tooOld: 0, retracted: 0 };
  const shown: Match[] = [];
  const began = performance.now();
  let at = after;
  while (at < upto && at - after < MOST_POSITIONS && performance.now() - began < MOST_MS) {
    const end = least(at + BigInt(POSITIONS_AT_ONCE), upto);
    const step = await parts.store.asStaff(tenantId, (client) => tryStep(client, parts, rule, { tenantId, after: at, upto: end }));
    for (const { outcome, recipients } of step.matches) counts[COUNTED[outcome]] += recipients.length;
    shown.push(...step.matches.slice(0, wish.limit - shown.length));
    at = step.reached;
  }
  const items = await describe(parts, tenantId, shown);
  const next = at < upto ? Number(at) + 1 : null;
  const range = { from: Number(after) + 1, to: Number(upto) };
  return { count: counts.fired, counts, items, range, scannedTo: Number(at), reach: Number(reach), next, done: next === null };
}

const COUNTED = { fired: 'fired', 'held: backfill': 'heldBackfill', 'too old': 'tooOld', retracted: 'retracted' } as const;
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

async function ruleOf(parts: QueryParts, tenantId: string, { rule, ruleId }: DryRunDto): Promise<CompiledRule> {
  if ((rule === undefined) === (ruleId === undefined)) throw malformed('rule', 'send either rule or ruleId');
  if (ruleId !== undefined) return compiledRule(await inTenant(parts.app, tenantId, (client) => theRule(client, ruleId)));
  return compileRule(await acceptRule(parts, tenantId, rule ?? {}, '/rule'));
}

async function reachOf({ store }: QueryParts, tenantId: string, { tagged }: CompiledRule): Promise<bigint> {
  return tagged.size === 0 ? store.head(tenantId) : store.asStaff(tenantId, (client) => checkpointOf(client, RULES_CONSUMER, tenantId));
}

interface Step {
  readonly tenantId: string;
  readonly after: bigint;
  readonly upto: bigint;
}

async function tryStep(
  client: TenantClient,
  parts: QueryParts,
  rule: CompiledRule,
  step: Step,
): Promise<{ matches: Match[]; reached: bigint }> {
  const types = rule.rule.on;
  const { events, spans } = await readSpans(client, [step], { types, withPayload: rule.readsPayload ? types : [] });
  const records = events.flatMap((event) => recordsToLookUp(event, [rule], parts.types).map((entity) => ({ event, entity })));
  const tagsOf = await lookUpTags(client, records);
  const matches = events.flatMap((event): Match[] => {
    const decision = rule.decide(askedAbout(event, parts.types, tagsOf));
    return decision.outcome === 'quiet' ? [] : [{ event, ...decision }];
  });
  return { matches, reached: spans[0]?.upto ?? step.upto };
}

async function describe({ store, types }: QueryParts, tenantId: string, shown: readonly Match[]): Promise<DryRunMatch[]> {
  const rows = await store.eventsAt(
    tenantId,
    shown.map(({ event }) => String(event.position)),
  );
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  return shown.flatMap(({ event, outcome, recipients }) => {
    const row = byPosition.get(String(event.position));
    const told = { recipientCount: recipients.length, recipients: recipients.slice(0, RECIPIENTS_SHOWN) };
    return row ? [{ ...eventBrief({ tenantId, types }, row), outcome, ...told }] : [];
  });
}

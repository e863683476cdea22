import { eventId } from '../prepare/event-id.js';
import { refDigest } from '../prepare/ref-digest.js';
import type { NumberedEvent } from './numbered.js';
import { postgresTime } from '../read/postgres-time.js';
import type { ActivityEvent } from '#libs/contracts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** SQL tuples of what a batch's control, comment and merge events ask for. Only hex, digits and quoted texts. */
interface Asked {
  readonly retractions: string[];
  readonly comments: string[];
  readonly merges: string[];
  readonly unmerges: string[];
  /** (tenant, merge event) pairs to settle. */
  readonly mergeTargets: string[];
  readonly parents: string[];
}

/** What one append adds to a tenant's log: positions in `(after, upTo]`. */
export interface AppendedRange {
  readonly tenantId: string;
  readonly after: number;
  readonly upTo: number;
}

/**
 * Statements to run behind the rows of a batch, in the same transaction. Effects commute: what is asked is kept, and both what asks and what is
 * asked for look for the other when they arrive, so the order of arrival decides nothing but the positions. `awaitable`: what is appended for
 * tenants in whose log something was retracted before; any of it may be what was meant.
 */
export function effectStatements(
  rows: readonly NumberedEvent[],
  awaitable: readonly AppendedRange[],
  quote: (text: string) => string,
): string[] {
  const asked = askedBy(rows, quote);
  const statements: string[] = [];
  insertInto(statements, 'annals.comments (tenant_id, comment, position, comment_id, parent_comment_id)', asked.comments);
  insertInto(statements, 'annals.retractions (tenant_id, target, by_position)', asked.retractions);
  if (asked.retractions.length + awaitable.length > 0) statements.push(settleRetractions(asked.retractions, awaitable));
  insertInto(statements, 'annals.merges (tenant_id, from_ref, into_ref, merged_at_position, event_id)', asked.merges);
  insertInto(statements, 'annals.unmerges (tenant_id, target, by_position)', asked.unmerges);
  if (asked.mergeTargets.length > 0) statements.push(settleMerges(asked.mergeTargets));
  insertInto(
    statements,
    'annals.account_parents (tenant_id, account, occurred_at, position, parent, account_id, parent_id)',
    asked.parents,
  );
  return statements;
}

function insertInto(statements: string[], table: string, tuples: readonly string[]): void {
  if (tuples.length > 0) statements.push(`insert into ${table} values ${tuples.join()}`);
}

function askedBy(rows: readonly NumberedEvent[], quote: (text: string) => string): Asked {
  const asked: Asked = { retractions: [], comments: [], merges: [], unmerges: [], mergeTargets: [], parents: [] };
  for (const { prepared, position } of rows) {
    if (prepared.effect !== null) ask(asked, prepared.event(), prepared.id, position, quote);
  }
  return asked;
}

function ask(asked: Asked, event: ActivityEvent, id: string, position: number, quote: (text: string) => string): void {
  const { effect } = event;
  const tenant = `'${event.tenantId}'::uuid`;
  switch (effect?.kind) {
    case 'retract-event':
      for (const target of readings(event, effect.targetEventId)) asked.retractions.push(`(${tenant},${target},${position}::bigint)`);
      break;
    case 'delete-comment':
      asked.retractions.push(`(${tenant},${uuidOf(refDigest('comment', effect.commentId))},${position}::bigint)`);
      break;
    case 'open-comment': {
      const parent = effect.parentCommentId === null ? 'null' : quote(effect.parentCommentId);
      asked.comments.push(`(${tenant},${uuidOf(refDigest('comment', effect.commentId))},${position},${quote(effect.commentId)},${parent})`);
      break;
    }
    case 'merge-contact': {
      const refs = [effect.fromContactId, effect.intoContactId].map((contact) => uuidOf(refDigest('contact', contact)));
      asked.merges.push(`(${tenant},${refs.join()},${position},${uuid(id)})`);
      asked.mergeTargets.push(`(${tenant},${uuid(id)})`);
      break;
    }
    case 'unmerge-contact':
      for (const target of readings(event, effect.mergeEventId)) {
        asked.unmerges.push(`(${tenant},${target},${position}::bigint)`);
        asked.mergeTargets.push(`(${tenant},${target})`);
      }
      break;
    case 'change-parent':
      asked.parents.push(`(${tenant},${parentChange(event, position, effect.toParentId, quote)})`);
  }
}

const uuid = (hex: string): string => `'${hex}'::uuid`;
const uuidOf = (bytes: Buffer): string => uuid(bytes.toString('hex'));

function parentChange(event: ActivityEvent, position: number, parentId: string | null, quote: (text: string) => string): string {
  const account = event.entities[0].id;
  const parent = parentId === null ? 'null' : uuidOf(refDigest('account', parentId));
  const ids = `${quote(account)},${parentId === null ? 'null' : quote(parentId)}`;
  return `${uuidOf(refDigest('account', account))},'${postgresTime(event.occurredAt)}'::timestamptz,${position}::bigint,${parent},${ids}`;
}

/** An event is named by its item id, or by the id its producer gave it, if that is the producer who names it: both readings stand. */
function readings({ tenantId, source }: ActivityEvent, named: string): Set<string> {
  const asSourceId = eventId(tenantId, source, named);
  const asItemId = UUID.test(named) ? [named.toLowerCase().replaceAll('-', '')] : [];
  return new Set([...asItemId, asSourceId].map(uuid));
}

/** Retractions that came before what they name: the rows in question are asked of the log, where they stand by now. */
const AWAITED = `
    select r.tenant_id, r.target, r.by_position from fresh f
      join annals.events e on e.tenant_id = f.tenant_id and e.position > f.after and e.position <= f.up_to
      join annals.retractions r on r.tenant_id = e.tenant_id and r.target = e.id
    union all
    select r.tenant_id, r.target, r.by_position from fresh f
      join annals.comments c on c.tenant_id = f.tenant_id and c.position > f.after and c.position <= f.up_to
      join annals.retractions r on r.tenant_id = c.tenant_id and r.target = c.comment`;

function askedFor(tuples: readonly string[], awaitable: readonly AppendedRange[]): string {
  const asked = tuples.length > 0 ? [`values ${tuples.join()}`] : [];
  if (awaitable.length === 0) return `asked (tenant_id, target, by_position) as (${asked.join()})`;
  const ranges = awaitable.map(({ tenantId, after, upTo }) => `('${tenantId}'::uuid,${after}::bigint,${upTo}::bigint)`);
  return `fresh (tenant_id, after, up_to) as (values ${ranges.join()}),
  asked (tenant_id, target, by_position) as (${[...asked, AWAITED].join(' union all ')})`;
}

/** The first to ask wins; the rows of the event are found by their keys. */
const settleRetractions = (tuples: readonly string[], awaitable: readonly AppendedRange[]): string => `
  with ${askedFor(tuples, awaitable)},
  named as (
    select a.tenant_id, e.position, a.by_position from asked a join annals.events e on e.tenant_id = a.tenant_id and e.id = a.target
    union all
    select a.tenant_id, c.position, a.by_position from asked a join annals.comments c on c.tenant_id = a.tenant_id and c.comment = a.target),
  taken as (
    insert into annals.retracted (tenant_id, position, by_position, effective_position)
    select distinct on (tenant_id, position) tenant_id, position, by_position, greatest(position, by_position)
    from named order by tenant_id, position, by_position
    on conflict do nothing
    returning tenant_id, position, effective_position)
  update annals.timeline t set retracted_at_position = taken.effective_position
  from taken join annals.events e using (tenant_id, position) cross join lateral annals.refs_of(e.entities) as stands (ref)
  where t.tenant_id = e.tenant_id and t.bucket = annals.month_of(e.occurred_at) and t.ref = stands.ref
    and t.occurred_at = e.occurred_at and t.position = e.position`;

const settleMerges = (targets: readonly string[]): string => `
  update annals.merges m set unmerged_at_position = greatest(m.merged_at_position, u.by_position)
  from (select tenant_id, target, min(by_position) as by_position from annals.unmerges
        where (tenant_id, target) in (values ${targets.join()}) group by tenant_id, target) u
  where m.tenant_id = u.tenant_id and m.event_id = u.target and m.unmerged_at_position is null`;

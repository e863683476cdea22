import { readToday } from '#libs/contracts';
import { exit, SEQUENCE_SOURCE } from '#libs/sequences';
import {
  endSpans,
  enrolledEver,
  followAlone,
  forgetPeople,
  inTransaction,
  keepPeople,
  liveEnrollments,
  ranBefore,
  readSpans,
  runKey,
  SEQUENCES_CONSUMER,
  takeSpans,
  typesToHear,
  type LedJob,
  type SlimEvent,
  type TakenSpan,
  type TenantClient,
  type Which,
} from '#libs/store';
import type { EngineParts } from '../engine-parts.js';
import { hearEvent, type HeardEvent, type Hearing } from './hear-event.js';
import { Roll } from './roll.js';
import { runPlaybook } from './run-playbook.js';
import { erasedPeople, ERASED_TYPE, isPerson, PEOPLE_TYPES, toldPeople } from './told-people.js';

/** Positions looked through in a transaction. */
const AT_ONCE = 5_000;
const ENGINE = { type: 'system', id: 'sequence-engine' } as const;

/**
 * Hears every event in position order: who begins, leaves, waits or goes on because of it, and which plays run. What follows and the
 * checkpoint are one transaction, so that each event does so once. docs/decisions/0053-sequences.md
 */
export function logFollower(parts: EngineParts): LedJob {
  return {
    name: SEQUENCES_CONSUMER,
    // appends wake it; this is for a wake-up that was lost
    idleMs: 5_000,
    act: () =>
      parts.failing.jointly(SEQUENCES_CONSUMER, (which, took) =>
        inTransaction(parts.database, (client) => follow(client, parts, which, took), true),
      ),
  };
}

async function follow(client: TenantClient, parts: EngineParts, which: Which, took: (tenantIds: string[]) => void): Promise<boolean> {
  await followAlone(client);
  const taken = await takeSpans(client, SEQUENCES_CONSUMER, AT_ONCE, which);
  if (taken.length === 0) return false;
  const tenantIds = taken.map(({ tenantId }) => tenantId);
  took(tenantIds);
  const heard = await typesToHear(client, tenantIds);
  const types = [...new Set([...heard, ...PEOPLE_TYPES, ERASED_TYPE])];
  const { events, spans } = await readSpans(client, taken, { types, withPayload: types });
  await keepPeople(client, events.flatMap(toldPeople));
  await hearAll(client, events.filter(mayStart), taken, parts);
  await forgetPeople(client, events.flatMap(erasedPeople));
  await endSpans(client, SEQUENCES_CONSUMER, spans);
  return true;
}

/** History that is brought in later and what had been taken back before it came start nothing, and the engine does not answer itself. */
const mayStart = ({ ingestMode, takenBack, source }: SlimEvent): boolean =>
  ingestMode === 'live' && !takenBack && source !== SEQUENCE_SOURCE;

async function hearAll(client: TenantClient, events: readonly SlimEvent[], spans: readonly TakenSpan[], parts: EngineParts): Promise<void> {
  if (events.length === 0) return;
  const hearing = await openHearing(client, events, spans, parts);
  const tenants = [...new Set(events.map(({ tenantId }) => tenantId))];
  const ran = await ranBefore(
    client,
    tenants,
    events.map(({ id }) => id),
  );
  for (const event of events) {
    const asked = asHeard(event, parts);
    if (event.type === ERASED_TYPE) endErased(event, hearing);
    hearEvent(asked, hearing);
    for (const standing of hearing.inForce.playbooks(event.tenantId, event.position)) {
      const { tenantId, id: eventId, position } = event;
      const key = runKey({ tenantId, playbookId: standing.playbook.id, version: standing.version, eventId, position });
      if (!ran.has(key) && standing.starts(asked.asked)) runPlaybook(event, standing, hearing);
    }
  }
  await hearing.roll.write(client, hearing.nowMs);
}

async function openHearing(
  client: TenantClient,
  events: readonly SlimEvent[],
  spans: readonly TakenSpan[],
  { book, now, metrics }: EngineParts,
): Promise<Hearing> {
  const refs = events.flatMap(({ tenantId, entities }) => entities.map((entity) => ({ tenantId, entity })));
  const live = await liveEnrollments(
    client,
    refs.filter(({ entity }) => isPerson(entity) || entity.type === 'account'),
  );
  const ever = await enrolledEver(
    client,
    refs.filter(({ entity }) => isPerson(entity)),
  );
  const inForce = await book.inForce(client, spans);
  const standing = await book.standing(client, live);
  return { roll: new Roll(live, standing, ever), inForce, nowMs: now(), heard: metrics.heard };
}

/** A payload of an older version is looked at as the newest reads it. */
function asHeard(event: SlimEvent, { types }: EngineParts): HeardEvent {
  const definition = types.resolve(event.type, event.tenantId);
  return { ...event, asked: definition ? { ...event, payload: readToday(definition, event.version, event.payload).payload } : event };
}

/** Who has been erased is written to no more. */
function endErased(event: SlimEvent, { roll, nowMs }: Hearing): void {
  for (const entry of roll.spokenOf(event.tenantId, event.entities)) {
    const change = exit(entry.enrollment, { sequence: entry.standing.sequence, nowMs }, { actor: ENGINE });
    if (change) roll.apply(entry, change);
  }
}

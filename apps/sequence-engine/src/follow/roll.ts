import type { EntityRef, EventRecord } from '#libs/contracts';
import type { Change, Enrollment } from '#libs/sequences';
import {
  everKey,
  insertEnrollments,
  keepRecords,
  keepRuns,
  updateEnrollments,
  type EndedRun,
  type StoredEnrollment,
  type TenantClient,
} from '#libs/store';
import type { StandingSequence } from './definition-book.js';
import { channelOf } from '../steps/channel-of.js';

interface Entry {
  enrollment: Enrollment;
  readonly standing: StandingSequence;
  readonly isNew: boolean;
  isChanged: boolean;
}

/** The enrolments that the events in hand are about, as they change from event to event; written at the end, in one go. */
export class Roll {
  private readonly entries = new Map<string, Entry>();
  private readonly byRef = new Map<string, Set<string>>();
  private readonly records: { readonly enrollmentId?: string; readonly record: EventRecord }[] = [];
  private readonly runs: EndedRun[] = [];

  constructor(
    live: readonly StoredEnrollment[],
    standingOf: (enrollment: Enrollment) => StandingSequence,
    /** As `everKey` names them. */
    private readonly ever: Set<string>,
  ) {
    for (const enrollment of live) this.enter({ enrollment, standing: standingOf(enrollment), isNew: false, isChanged: false });
  }

  /**
   * The enrolments that an event speaks of: those of the leads and contacts it names; where it names none, those of the accounts.
   */
  spokenOf(tenantId: string, entities: readonly EntityRef[]): Entry[] {
    const people = entities.filter(({ type }) => type === 'lead' || type === 'contact');
    const named = people.length > 0 ? people : entities.filter(({ type }) => type === 'account');
    const ids = new Set(named.flatMap((entity) => [...(this.byRef.get(refKey(tenantId, entity)) ?? [])]));
    return [...ids].flatMap((id) => this.entries.get(id) ?? []);
  }

  wasEverEnrolled(tenantId: string, sequenceId: string, lead: EntityRef): boolean {
    return this.ever.has(everKey(tenantId, sequenceId, lead));
  }

  enroll({ enrollment, events }: Change, standing: StandingSequence): void {
    this.ever.add(everKey(enrollment.tenantId, enrollment.sequenceId, enrollment.lead));
    this.enter({ enrollment, standing, isNew: true, isChanged: true });
    this.tell(events, enrollment.id);
  }

  apply(entry: Entry, { enrollment, events }: Change): void {
    entry.enrollment = enrollment;
    entry.isChanged = true;
    this.tell(events, enrollment.id);
  }

  ran(run: EndedRun, records: readonly EventRecord[]): void {
    this.runs.push(run);
    this.tell(records);
  }

  /** Who was enrolled by somebody else in this moment is left to him, with what would have been told. */
  async write(client: TenantClient, nowMs: number): Promise<void> {
    const changed = [...this.entries.values()].filter(({ isChanged }) => isChanged);
    const written = (entry: Entry) => ({ enrollment: entry.enrollment, channel: channelOf(entry.enrollment, entry.standing.sequence) });
    const fresh = changed.filter(({ isNew }) => isNew);
    const entered = await insertEnrollments(
      client,
      fresh.map((entry) => ({ ...written(entry), enrolledAtMs: nowMs })),
    );
    await updateEnrollments(client, changed.filter(({ isNew }) => !isNew).map(written), nowMs, false);
    const lost = new Set(fresh.flatMap(({ enrollment: { id } }) => (entered.has(id) ? [] : [id])));
    await keepRecords(
      client,
      this.records.flatMap(({ enrollmentId, record }) => (enrollmentId !== undefined && lost.has(enrollmentId) ? [] : [record])),
    );
    await keepRuns(client, this.runs, nowMs);
  }

  private tell(records: readonly EventRecord[], enrollmentId?: string): void {
    for (const record of records) this.records.push({ ...(enrollmentId !== undefined && { enrollmentId }), record });
  }

  private enter(entry: Entry): void {
    const { id, tenantId, lead, contact, account } = entry.enrollment;
    this.entries.set(id, entry);
    for (const ref of [lead, contact, account]) {
      if (ref === undefined) continue;
      const key = refKey(tenantId, ref);
      this.byRef.set(key, (this.byRef.get(key) ?? new Set()).add(id));
    }
  }
}

const refKey = (tenantId: string, { type, id }: EntityRef): string => `${tenantId} ${type}/${id}`;

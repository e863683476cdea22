import type { EventRow, FeedPage } from '#libs/store';
import { joinAsBytes } from '../items/join-as-bytes.js';
import { LiveEvent } from './live-event.js';
import { Listeners, readsForItself, type Channel, type Group, type Listener } from './listeners.js';
import { RecentEvents } from './recent-events.js';

export interface HubOptions {
  /** An item as staff read it, as JSON. */
  readonly print: (row: EventRow) => string;
  /** Where its first listener stands. */
  readonly from: bigint;
  /** The next events of the tenant's feed after a position, as staff see them with retracted entries. */
  readonly read: (after: bigint) => Promise<FeedPage>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Reads one tenant's log once for all streams of this process that have caught up with it, and hands each event to those it is for. Between
 * reading and handing out nothing waits, so a stream that joins or leaves does so between two events.
 */
export class Hub {
  private readonly listeners = new Listeners();
  private readonly recent = new RecentEvents();
  /** When a stream last came too late to join, or was sent back. */
  private missedMs = 0;
  /** A stream was sent back by what is being handed out. */
  private sentSomeBack = false;
  /** Everything up to here has been handed out. */
  private at: bigint;
  private reading = false;
  private wokenMeanwhile = false;
  private failing = false;
  private lastReadMs = 0;

  constructor(private readonly options: HubOptions) {
    this.at = options.from;
  }

  get size(): number {
    return this.listeners.size;
  }

  /** What the listener has been told of, whether it was for it or not. */
  positionOf({ position }: Listener): bigint {
    return position > this.at ? position : this.at;
  }

  /**
   * From here on the listener hears every event of its channel after its position, once, in order. False: it is too far behind, or
   * cannot take more now; it reads on by itself and comes again.
   */
  join(listener: Listener, channel: Channel): boolean {
    const group = this.listeners.groupOf(channel);
    if (listener.position < this.at && !this.closeGap(listener, group)) return this.missed();
    this.listeners.add(listener, group);
    // what was appended since the listener read was perhaps announced before anybody listened
    this.wake();
    return true;
  }

  /** It will be back from its next page: what is handed out until then is held for it. */
  private missed(): false {
    this.recent.hold(this.at);
    this.missedMs = Date.now();
    return false;
  }

  leave(listener: Listener): void {
    listener.position = this.positionOf(listener);
    this.listeners.remove(listener);
  }

  /** There may be more in the log. Calls while it reads are one. */
  wake(): void {
    if (this.reading) this.wokenMeanwhile = true;
    else void this.readOn();
  }

  /** Recovers a signal that was lost, and a read that failed. */
  tick(nowMs: number, pollMs: number): void {
    if (nowMs - this.missedMs >= pollMs) this.recent.letGo();
    if (this.failing || nowMs - this.lastReadMs >= pollMs) this.wake();
  }

  private async readOn(): Promise<void> {
    this.reading = true;
    try {
      for (let more = true; (more || this.wokenMeanwhile) && this.size > 0;) more = await this.readOnce();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.options.onFailure(error);
      this.failing = true;
    } finally {
      this.reading = false;
    }
  }

  private async readOnce(): Promise<boolean> {
    this.wokenMeanwhile = false;
    this.lastReadMs = Date.now();
    const { rows, reached, head } = await this.options.read(this.at);
    this.sentSomeBack = false;
    this.handOut(rows);
    this.at = reached > this.at ? reached : this.at;
    // they will be back
    if (this.sentSomeBack) this.recent.hold(this.at);
    return reached < head;
  }

  private handOut(rows: readonly EventRow[]): void {
    const reached = new Set<Group>();
    for (const row of rows) {
      const event = new LiveEvent(row, this.options.print);
      this.sendBack(event);
      for (const group of this.listeners.around(event)) if (group.take(event)) reached.add(group);
      this.recent.add(event);
    }
    for (const group of reached) this.flush(group);
  }

  private sendBack(event: LiveEvent): void {
    const before = event.position - 1n;
    for (const group of this.listeners.concernedBy(event)) {
      if (!changesRefs(event, group)) continue;
      this.flush(group);
      for (const listener of [...group.listeners]) {
        if (listener.position < before) listener.position = before;
        this.dismiss(listener);
      }
    }
  }

  private flush(group: Group): void {
    const events = group.waiting.splice(0);
    const [first, last] = [events[0], events.at(-1)];
    if (first === undefined || last === undefined) return;
    const all = readsForItself(group.channel) ? undefined : framesOf(events);
    for (const listener of [...group.listeners]) {
      const known = this.positionOf(listener);
      if (known >= last.position) continue;
      const fresh = known < first.position ? events : events.filter(({ position }) => position > known);
      listener.position = known;
      if (all !== undefined && listener.hear(fresh === events ? all : framesOf(fresh), fresh.length)) listener.position = last.position;
      else this.dismiss(listener);
    }
  }

  private dismiss(listener: Listener): void {
    this.missedMs = Date.now();
    this.sentSomeBack = true;
    this.listeners.remove(listener);
    listener.sentBack();
  }

  private closeGap(listener: Listener, group: Group): boolean {
    const recent = this.recent.after(listener.position);
    if (recent === undefined || recent.some((event) => changesRefs(event, group))) return false;
    const missed = recent.filter((event) => isFor(group, event));
    if (missed.length > 0 && (readsForItself(group.channel) || !listener.hear(framesOf(missed), missed.length))) return false;
    listener.position = this.at;
    return true;
  }
}

/** Whether the event changes which timelines are read as one with those of the group: what shows from there on is for SQL to say. */
function changesRefs(event: LiveEvent, { channel: { refs, audience, below } }: Group): boolean {
  if (below) return event.changesTrees;
  if (!event.changesRefs || audience === 'customer') return false;
  return event.unmerges ? refs.length > 1 : event.merging().some((ref) => refs.includes(ref));
}

function isFor({ channel, matches }: Group, event: LiveEvent): boolean {
  return (channel.refs.length === 0 || event.refs().some((ref) => channel.refs.includes(ref))) && matches(event.row);
}

/** One buffer, shared by all who hear the same. */
const framesOf = (events: readonly LiveEvent[]): Buffer => joinAsBytes(events.map((event) => event.frame()));

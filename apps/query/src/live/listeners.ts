import type { TimelineFilter } from '#libs/store';
import type { LiveEvent } from './live-event.js';
import { filterKey, matcherOf, type Matcher } from './matcher.js';

/** A stream that has caught up. */
export interface Listener {
  /** What stands at or before it is known to the stream. Moved by the hub. */
  position: bigint;
  /** False: it has not taken them, because it has not taken enough of what it was given before. */
  hear(frames: Buffer, events: number): boolean;
  /** It hears nothing any more and has to read the log itself from `position`. */
  sentBack(): void;
}

/** What a listener listens to. */
export interface Channel {
  /** Timelines read as one; none: the feed. */
  readonly refs: readonly string[];
  readonly filter: TimelineFilter;
  /** A customer's entries come through SQL, under row-level security: an event on its timeline only sends it there. */
  readonly audience: 'staff' | 'customer';
  /**
   * The Hierarchy tab of an account: `refs` are it and all that ever stood below it. Whether an entry shows depends on where its account stood
   * when it happened, so an event on one of these timelines sends the stream to SQL too, and so does whatever may change the tree.
   */
  readonly below?: boolean | undefined;
}

/** What is heard on the channel is not the entries themselves, but that there may be some. */
export const readsForItself = ({ audience, below }: Channel): boolean => audience === 'customer' || below === true;

/** Listeners to the same channel. */
export class Group {
  readonly listeners = new Set<Listener>();
  /** Events to be heard next. */
  readonly waiting: LiveEvent[] = [];
  readonly matches: Matcher;

  constructor(
    readonly key: string,
    readonly channel: Channel,
  ) {
    this.matches = channel.audience === 'customer' ? () => true : matcherOf(channel.filter);
  }

  /** An event may stand on several timelines of one group; it counts once. */
  take(event: LiveEvent): boolean {
    if (this.waiting.at(-1) === event || !this.matches(event.row)) return false;
    this.waiting.push(event);
    return true;
  }
}

/** Who listens to what in one tenant. An event costs the listeners of other timelines nothing. */
export class Listeners {
  private readonly groups = new Map<string, Group>();
  private readonly toFeed = new Set<Group>();
  private readonly toTimeline = new Map<string, Set<Group>>();
  private readonly toTrees = new Set<Group>();
  private readonly memberships = new Map<Listener, Group>();

  get size(): number {
    return this.memberships.size;
  }

  groupOf(channel: Channel): Group {
    const key = keyOf(channel);
    return this.groups.get(key) ?? new Group(key, channel);
  }

  add(listener: Listener, group: Group): void {
    if (!this.groups.has(group.key)) this.register(group);
    group.listeners.add(listener);
    this.memberships.set(listener, group);
  }

  remove(listener: Listener): void {
    const group = this.memberships.get(listener);
    if (!group) return;
    this.memberships.delete(listener);
    group.listeners.delete(listener);
    if (group.listeners.size === 0) this.unregister(group);
  }

  /** Groups that the event may be for. */
  *around(event: LiveEvent): Iterable<Group> {
    yield* this.toFeed;
    if (this.toTimeline.size === 0) return;
    for (const ref of event.refs()) yield* this.toTimeline.get(ref) ?? [];
  }

  /** Groups that may have to listen to other timelines after the event; a copy. */
  concernedBy(event: LiveEvent): Group[] {
    if (event.changesRefs) return [...this.groups.values()].filter((group) => !this.toFeed.has(group));
    return event.changesTrees ? [...this.toTrees] : [];
  }

  private register(group: Group): void {
    this.groups.set(group.key, group);
    if (group.channel.refs.length === 0) this.toFeed.add(group);
    if (group.channel.below) this.toTrees.add(group);
    for (const ref of group.channel.refs) {
      const own = this.toTimeline.get(ref) ?? new Set();
      this.toTimeline.set(ref, own.add(group));
    }
  }

  private unregister(group: Group): void {
    this.groups.delete(group.key);
    this.toFeed.delete(group);
    this.toTrees.delete(group);
    for (const ref of group.channel.refs) {
      const own = this.toTimeline.get(ref);
      own?.delete(group);
      if (own?.size === 0) this.toTimeline.delete(ref);
    }
  }
}

function keyOf({ refs, filter, audience, below }: Channel): string {
  if (audience === 'customer') return `customer ${refs.join()}`;
  return `${below ? 'below ' : ''}${[...refs].sort().join()} ${filterKey(filter)}`;
}

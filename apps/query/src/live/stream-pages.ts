import { setTimeout as pause } from 'node:timers/promises';
import type { QueryStore, StreamPage, TimelineFilter } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { tooLarge, type Hierarchy } from '../timelines/hierarchy.js';
import { scopeOf } from '../timelines/read-scope.js';
import { Turnstile } from './turnstile.js';

export interface StreamWish {
  readonly principal: Principal;
  /** Absent: the feed. */
  readonly entity?: { readonly type: string; readonly id: string } | undefined;
  /** The Hierarchy tab of the account that `entity` is; for staff. */
  readonly hierarchy?: Hierarchy | undefined;
  readonly filter: TimelineFilter;
  /** Absent: from now on. */
  readonly lastEventId: string | undefined;
}

/** The next page of a stream after a position; without one only where its head is. */
export type ReadPage = (after: bigint | undefined) => Promise<StreamPage>;

/** A client that is behind reads in steps of so much. */
const STEP = { limit: 2_000, bytes: 500_000 };
const READS_AT_ONCE = 4;
/** Trees are read by themselves: what they cost may keep nobody else waiting. */
const TREES_AT_ONCE = 2;
/** A stream that has read a tree to the head reads it again after so long: in a busy tree something always has happened. */
const TREE_REST_MS = 100;

/** What the streams of this instance read for themselves, so many at once. */
export class StreamPages {
  private readonly turnstile = new Turnstile(READS_AT_ONCE);
  private readonly trees = new Turnstile(TREES_AT_ONCE);

  constructor(private readonly store: Pick<QueryStore, 'streamPage' | 'hierarchyStream'>) {}

  of({ principal, entity, filter, hierarchy }: StreamWish): ReadPage {
    if (hierarchy && principal.kind !== 'customer') return this.ofTree(principal.tenantId, filter, hierarchy);
    return (after) => this.turnstile.pass(() => this.store.streamPage(scopeOf(principal), { entity, filter, after, ...STEP }));
  }

  private ofTree(tenantId: string, filter: TimelineFilter, hierarchy: Hierarchy): ReadPage {
    let restUntilMs = 0;
    return async (after) => {
      const restMs = Math.min(restUntilMs - Date.now(), TREE_REST_MS);
      if (restMs > 0) await pause(restMs, undefined, { ref: false });
      const page = await this.trees.pass(() => this.store.hierarchyStream(tenantId, { ...hierarchy, filter, after, ...STEP }));
      if (page === 'too-large') throw tooLarge();
      if (after !== undefined && page.reached >= page.head) restUntilMs = Date.now() + TREE_REST_MS;
      return page;
    };
  }
}

import type { QueryStore, ReadScope, TimelineName, TimelinePage, TimelineQuery } from '#libs/store';
import { malformed, meaningless } from '../http/problem-exception.js';
import type { PagedFilterDto } from './timeline-request.dto.js';

/** The Hierarchy tab of an account: its own moves, and everything about the accounts below it. */
export interface Hierarchy {
  readonly accountId: string;
  readonly depth?: number;
}

/** `undefined`: another list is asked for, on which the tab holds what its types say. 400 where a depth means nothing. */
export function hierarchyOf(timeline: TimelineName, { tab, depth }: Pick<PagedFilterDto, 'tab' | 'depth'>): Hierarchy | undefined {
  if (tab === 'hierarchy' && timeline.kind === 'entity' && timeline.type === 'account') {
    return { accountId: timeline.id, ...(depth !== undefined && { depth }) };
  }
  if (depth !== undefined) throw malformed('depth', 'goes only with tab=hierarchy of an account');
  return undefined;
}

/** 422 where the tree is too large to be read as one. */
export async function pageOfHierarchy(
  store: QueryStore,
  scope: ReadScope,
  { timeline: _, ...query }: TimelineQuery,
  hierarchy: Hierarchy,
): Promise<TimelinePage> {
  const page = await store.hierarchyPage(scope, { ...query, ...hierarchy });
  if (page === 'too-large') throw tooLarge();
  return page;
}

export const tooLarge = (): Error =>
  meaningless('hierarchy-too-large', 'depth', 'more than 5,000 accounts stood below this one; ask for fewer levels');

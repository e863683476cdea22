import { timedGet } from './drive.js';
import type { QueryApp } from './query-app.js';

const LARGEST_PAGE = 200;
const PAGE = 50;

/** The cursor of page `page` of a list of 50 entries a page, found by walking in the largest pages there are. */
export async function walkToPage(query: QueryApp, path: string, page: number): Promise<string> {
  let cursor = '';
  for (let left = (page - 1) * PAGE; left > 0;) {
    const limit = Math.min(left, LARGEST_PAGE);
    const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await timedGet(query.target('the walk to a far page', `${path}?limit=${limit}${from}`));
    const { next } = JSON.parse(body) as { next: string | null };
    if (next === null) throw new Error(`the timeline at ${path} ends before page ${page}`);
    cursor = next;
    left -= limit;
  }
  return cursor;
}

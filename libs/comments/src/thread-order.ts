/** A comment, as much of it as its place in the thread needs. */
export interface ThreadKey {
  readonly commentId: string;
  readonly parentCommentId: string | null;
  readonly deleted: boolean;
}

export type Threaded<K extends ThreadKey> = K & {
  /** 0 for what begins a thread. */
  readonly depth: number;
};

interface Node<K> {
  readonly key: K;
  readonly parent: Node<K> | undefined;
  readonly depth: number;
  shown: boolean;
}

/**
 * Comments of one record, given oldest first, in the order in which they are read: threads with the newest beginning first,
 * within a thread every comment before its replies, replies oldest first. A deleted comment stays as long as a reply below
 * it does, else it is left out. What answers a comment that is not there begins a thread of its own, and so does the
 * oldest of comments that answer each other in a circle: nothing is lost, whatever producers write.
 */
export function threadOrder<K extends ThreadKey>(oldestFirst: readonly K[]): Threaded<K>[] {
  const { roots, replies } = linked(oldestFirst);
  const nodes: Node<K>[] = [];
  for (const root of roots.toReversed()) walk(root, replies, nodes);
  for (const node of nodes.toReversed()) {
    node.shown ||= !node.key.deleted;
    if (node.shown && node.parent) node.parent.shown = true;
  }
  return nodes.filter(({ shown }) => shown).map(({ key, depth }) => ({ ...key, depth }));
}

interface Links<K> {
  /** Oldest first. */
  readonly roots: readonly K[];
  /** By what they answer, oldest first. Roots are among nobody's. */
  readonly replies: ReadonlyMap<K, readonly K[]>;
}

/** Where several comments claim one id, the first has it. */
function linked<K extends ThreadKey>(keys: readonly K[]): Links<K> {
  const byId = new Map<string, K>();
  for (const key of keys) if (!byId.has(key.commentId)) byId.set(key.commentId, key);
  const parentOf = (key: K): K | undefined => (key.parentCommentId === null ? undefined : byId.get(key.parentCommentId));
  const begins = beginnings(keys, parentOf);
  const replies = new Map<K, K[]>();
  for (const key of keys) {
    const parent = begins.has(key) ? undefined : parentOf(key);
    if (parent === undefined) continue;
    const siblings = replies.get(parent);
    if (siblings) siblings.push(key);
    else replies.set(parent, [key]);
  }
  return { roots: keys.filter((key) => begins.has(key)), replies };
}

/** Climbs from every comment to what begins its thread; a climb that meets itself has found a circle. */
function beginnings<K extends ThreadKey>(keys: readonly K[], parentOf: (key: K) => K | undefined): Set<K> {
  const begins = new Set<K>();
  const settled = new Set<K>();
  for (const key of keys) {
    const climbed = new Set<K>();
    let at: K | undefined = key;
    while (at !== undefined && !settled.has(at) && !climbed.has(at)) {
      climbed.add(at);
      const parent: K | undefined = parentOf(at);
      if (parent === undefined) begins.add(at);
      at = parent;
    }
    if (at !== undefined && climbed.has(at)) begins.add(oldestOfCircle(keys, at, parentOf));
    for (const each of climbed) settled.add(each);
  }
  return begins;
}

function oldestOfCircle<K extends ThreadKey>(keys: readonly K[], start: K, parentOf: (key: K) => K | undefined): K {
  const circle = new Set<K>();
  for (let at: K | undefined = start; at !== undefined && !circle.has(at); at = parentOf(at)) circle.add(at);
  return keys.find((key) => circle.has(key)) ?? start;
}

/** Depth first, without recursion: a chain of replies may be as long as the thread. */
function walk<K extends ThreadKey>(root: K, replies: ReadonlyMap<K, readonly K[]>, into: Node<K>[]): void {
  const waiting: Node<K>[] = [{ key: root, parent: undefined, depth: 0, shown: false }];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const parent = node;
    into.push(node);
    const below = (replies.get(node.key) ?? []).map((key) => ({ key, parent, depth: parent.depth + 1, shown: false }));
    waiting.push(...below.reverse());
  }
}

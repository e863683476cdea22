import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { TimelineFilter } from '#libs/store';
import { Hub } from './hub.js';
import { Reader, type Output } from './reader.js';
import { contactsOf, ScriptedLog, type ScriptedEvent } from './scripted-log.fixture.js';

/** A client whose connection takes nothing while it is slow. */
class ScriptedClient implements Output {
  closed = false;
  slow = false;
  ended: string | undefined;
  readonly received: bigint[] = [];
  readonly bytes: Buffer[] = [];
  private waiting = 0;
  private readonly onDrain: (() => void)[] = [];

  constructor(private readonly bound: number) {}

  write(bytes: Buffer): boolean {
    if (this.waiting > this.bound) return false;
    if (this.slow) this.waiting += bytes.length;
    this.bytes.push(bytes);
    this.received.push(...[...bytes.toString().matchAll(/^id: (\d+)$/gm)].map(([, id]) => BigInt(id ?? 0)));
    return true;
  }
  drained(): Promise<void> {
    return this.waiting === 0 || this.closed ? Promise.resolve() : new Promise((resolve) => void this.onDrain.push(resolve));
  }
  drain(): void {
    this.slow = false;
    this.waiting = 0;
    for (const resolve of this.onDrain.splice(0)) resolve();
  }
  end(reason: string): void {
    this.ended = reason;
    this.close();
  }
  close(): void {
    this.closed = true;
    this.drain();
  }
}

interface Wish {
  readonly contact: string | undefined;
  readonly filter: TimelineFilter;
  readonly audience: 'staff' | 'customer';
}

interface Session {
  readonly wish: Wish;
  readonly from: bigint;
  readonly client: ScriptedClient;
  readonly reader: Reader;
}

/** Streams of one tenant over a log in memory whose reads are answered when the spec says so. */
class Stage {
  readonly log = new ScriptedLog();
  readonly failures: unknown[] = [];
  failing = false;
  reads = 0;
  private readonly pending: { look: (() => () => void) | undefined; tell: () => void }[] = [];
  private open: Hub | undefined;

  hub(from: bigint): Hub {
    if (this.open && this.open.size > 0) return this.open;
    this.open = new Hub({
      from,
      print: (row) => JSON.stringify({ position: Number(row.position) }),
      read: (after) => this.answer(() => this.log.page(undefined, { includeRetracted: true }, after, 7)),
      onFailure: (error) => this.failures.push(error),
    });
    return this.open;
  }

  wake(): void {
    this.open?.wake();
  }
  /** Appends, and hands out to all who listen. */
  async tell(event: ScriptedEvent): Promise<void> {
    this.log.append(event);
    this.wake();
    await this.settle();
  }
  /** Appends behind the one read that is under way, which has seen the log as it was, and hands out before that is answered. */
  async tellMeanwhile(event: ScriptedEvent): Promise<void> {
    await this.step(0);
    this.log.append(event);
    this.wake();
    await this.step(1);
    await this.step(1);
  }
  tick(pollMs = Number.POSITIVE_INFINITY): void {
    this.open?.tick(Date.now(), pollMs);
  }

  connect(wish: Wish, after: bigint | undefined, bound = 200): Session {
    const from = after ?? this.log.head;
    const client = new ScriptedClient(bound);
    const read = (position: bigint) => this.answer(() => this.log.page(wish.contact, wish.filter, position, 5));
    const channel = { filter: wish.filter, audience: wish.audience };
    const frame = (row: { position: string }) => `id: ${row.position}\ndata: {}\n\n`;
    const onFailure = (error: unknown) => void this.failures.push(error);
    const reader = new Reader({ output: client, channel, read, frame, hub: (at) => this.hub(at), onFailure, retryMs: 1 }, from);
    void reader.start(this.log.page(wish.contact, wish.filter, from, after === undefined ? 0 : 5));
    return { wish, from, client, reader };
  }

  /** Of the reads under way one takes its snapshot of the log, or one that has it is answered: in any order, as on several connections. */
  async step(pick = 0): Promise<boolean> {
    const at = pick % (this.pending.length || 1);
    const read = this.pending[at];
    if (read?.look) {
      read.tell = read.look();
      read.look = undefined;
    } else if (read) {
      this.pending.splice(at, 1);
      read.tell();
      await turn();
    }
    return read !== undefined;
  }

  async settle(): Promise<void> {
    do await turn();
    while (await this.step());
  }

  private answer<T>(work: () => T): Promise<T> {
    this.reads++;
    return new Promise((resolve, reject) => {
      const look = (): (() => void) => {
        if (this.failing) return () => reject(new Error('away'));
        const page = work();
        return () => resolve(page);
      };
      this.pending.push({ look, tell: () => undefined });
    });
  }
}

const CONTACTS = ['a', 'b', 'c'];
const someEvent: fc.Arbitrary<ScriptedEvent> = fc.record({
  type: fc.constantFrom('note.added', 'email.sent', 'email.opened'),
  contacts: fc.subarray(CONTACTS, { minLength: 1 }),
});
const someWish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({
    contact: fc.constantFrom(undefined, ...CONTACTS),
    filter: fc.constantFrom<TimelineFilter>(
      {},
      { types: ['note.added'] },
      { types: ['email.sent', 'email.opened'], actor: { id: 'jane' } },
    ),
    audience: fc.constant('staff' as const),
  }),
  fc.record({
    contact: fc.constantFrom(...CONTACTS),
    filter: fc.constant<TimelineFilter>({ types: ['email.sent'] }),
    audience: fc.constant('customer' as const),
  }),
);
type Act =
  | { readonly act: 'append'; readonly events: readonly ScriptedEvent[]; readonly announced: boolean }
  | { readonly act: 'connect'; readonly wish: Wish; readonly share: number | undefined }
  | { readonly act: 'step' | 'drain' | 'slow' | 'leave' | 'resume'; readonly pick: number };
const someAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('append' as const),
      events: fc.array(someEvent, { minLength: 1, maxLength: 12 }),
      announced: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('connect' as const),
      wish: someWish,
      share: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
    }),
  },
  { weight: 10, arbitrary: fc.record({ act: fc.constant('step' as const), pick: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constantFrom('drain' as const, 'slow' as const, 'leave' as const, 'resume' as const), pick: fc.nat() }),
  },
);

async function perform(stage: Stage, sessions: Session[], act: Act): Promise<void> {
  switch (act.act) {
    case 'append':
      for (const event of act.events) stage.log.append(event);
      if (act.announced) stage.wake();
      return;
    case 'connect': {
      const after = act.share === undefined ? undefined : BigInt(Math.floor(act.share * stage.log.rows.length));
      sessions.push(stage.connect(act.wish, after, 60));
      return;
    }
    case 'step':
      await stage.step(act.pick);
      return;
    default:
      disturb(stage, sessions, act.act, sessions[act.pick % (sessions.length || 1)]);
  }
}

function disturb(stage: Stage, sessions: Session[], act: 'drain' | 'slow' | 'leave' | 'resume', session: Session | undefined): void {
  if (!session || session.client.closed) return;
  if (act === 'drain') session.client.drain();
  if (act === 'slow') session.client.slow = true;
  if (act !== 'leave' && act !== 'resume') return;
  session.client.close();
  session.reader.close();
  // as a browser does: the last id it has seen, or where the stream began
  if (act === 'resume') sessions.push(stage.connect(session.wish, session.client.received.at(-1) ?? session.from, 60));
}

describe('the streams of a tenant', () => {
  it('bring each its own entries in order, none twice and none missing, however appends, joins, returns and slow clients interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someAct, { minLength: 5, maxLength: 80, size: 'max' }), async (acts) => {
        const stage = new Stage();
        const sessions: Session[] = [];
        for (const act of acts) await perform(stage, sessions, act);
        for (const { client } of sessions) client.drain();
        await stage.settle();
        stage.wake();
        await stage.settle();
        expect(stage.failures).toEqual([]);
        for (const { wish, from, client } of sessions) {
          const due = stage.log.page(wish.contact, wish.filter, from, 10_000).rows.map(({ position }) => BigInt(position));
          const seen = client.closed ? due.slice(0, client.received.length) : due;
          expect(client.received).toEqual(seen);
        }
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('read an append once, however many listen, and share its bytes', async () => {
    const stage = new Stage();
    const all: Wish = { contact: undefined, filter: {}, audience: 'staff' };
    const sessions = Array.from({ length: 50 }, () => stage.connect(all, undefined));
    await stage.settle();
    const before = stage.reads;
    await stage.tell({ type: 'note.added', contacts: ['a'] });
    expect(stage.reads - before).toBe(1);
    expect(new Set(sessions.map(({ client }) => client.bytes.at(-1))).size).toBe(1);
    expect(sessions.map(({ client }) => client.received)).toEqual(sessions.map(() => [1n]));
  });

  it('leave those of other timelines alone', async () => {
    const stage = new Stage();
    const idle = stage.connect({ contact: 'b', filter: {}, audience: 'staff' }, undefined);
    const busy = stage.connect({ contact: 'a', filter: {}, audience: 'staff' }, undefined);
    await stage.settle();
    await stage.tell({ type: 'note.added', contacts: ['a'] });
    expect([idle.client.received, busy.client.received]).toEqual([[], [1n]]);
    expect(idle.reader.reached).toBe(1n);
  });

  it('follow contacts that are merged, and part again with them', async () => {
    const stage = new Stage();
    const { client } = stage.connect({ contact: 'a', filter: {}, audience: 'staff' }, undefined);
    await stage.tell({ type: 'note.added', contacts: ['b'] });
    await stage.tell({ type: 'contact.merged', contacts: ['c'], payload: { fromContactId: 'b', intoContactId: 'a' } });
    await stage.tell({ type: 'note.added', contacts: ['b'] });
    await stage.tell({ type: 'contact.unmerged', contacts: ['c'] });
    await stage.tell({ type: 'note.added', contacts: ['b'] });
    await stage.tell({ type: 'note.added', contacts: ['a'] });
    expect(client.received).toEqual([3n, 6n]);
    expect(contactsOf(stage.log.rows[2]!)).toEqual(['b']);
  });

  it('do not bring an entry to a client that comes back after it was taken away', async () => {
    const stage = new Stage();
    const all: Wish = { contact: undefined, filter: {}, audience: 'staff' };
    const stays = stage.connect(all, undefined);
    await stage.settle();
    await stage.tell({ type: 'note.added', contacts: ['a'] });
    await stage.tell({ type: 'activity.retracted', contacts: ['a'], payload: { targetPosition: '1' } });
    const returns = stage.connect(all, 0n);
    await stage.settle();
    expect(stays.client.received).toEqual([1n, 2n]);
    expect(returns.client.received).toEqual([2n]);
  });

  it('are joined by one that is a moment behind after one more read, and by those that follow soon without any, nothing twice', async () => {
    const stage = new Stage();
    const all: Wish = { contact: undefined, filter: {}, audience: 'staff' };
    const note = { type: 'note.added', contacts: ['a'] };
    stage.connect(all, undefined);
    await stage.settle();
    for (let i = 0; i < 6; i++) stage.log.append(note);
    await stage.tell(note);
    const readsOfLate = async (): Promise<number> => {
      // the first page has been read when it connects, the second is asked for and has seen the log before the last append
      const late = stage.connect(all, 0n);
      await turn();
      await stage.tellMeanwhile(note);
      const before = stage.reads;
      await stage.settle();
      expect(late.client.received).toEqual(Array.from({ length: stage.log.rows.length }, (_, n) => BigInt(n + 1)));
      // joining asks the hub to look once more
      return stage.reads - before - 1;
    };
    expect(await readsOfLate()).toBe(1);
    expect(await readsOfLate()).toBe(0);
    stage.tick(0);
    await stage.settle();
    expect(await readsOfLate()).toBe(1);
  });

  it('are joined again by one that was too slow after one read, though more was handed out meanwhile', async () => {
    const stage = new Stage();
    const all: Wish = { contact: undefined, filter: {}, audience: 'staff' };
    const note = { type: 'note.added', contacts: ['a'] };
    stage.connect(all, undefined);
    const { client } = stage.connect(all, undefined, 0);
    await stage.settle();
    client.slow = true;
    await stage.tell(note);
    // its connection takes one, and refuses what follows
    await stage.tell(note);
    expect(client.received).toEqual([1n]);
    client.drain();
    await turn();
    await stage.tellMeanwhile(note);
    const before = stage.reads;
    await stage.settle();
    expect(client.received).toEqual([1n, 2n, 3n]);
    // joining asks the hub to look once more
    expect(stage.reads - before).toBe(1);
  });

  it('go on after the log could not be read', async () => {
    const stage = new Stage();
    const { client } = stage.connect({ contact: undefined, filter: {}, audience: 'staff' }, undefined);
    await stage.settle();
    stage.failing = true;
    await stage.tell({ type: 'note.added', contacts: ['a'] });
    expect(stage.failures).toHaveLength(1);
    stage.failing = false;
    stage.tick();
    await stage.settle();
    expect(client.received).toEqual([1n]);
  });
});

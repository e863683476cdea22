import pg from 'pg';
import { anEvent, eventually, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { isUnlucky } from '../connect/unlucky.js';
import { aBatch, aSlice } from './a-batch.js';
import { openIngestStore } from './open-ingest-store.js';
import type { AppendHooks, IngestStore, PausePoint } from './types.js';

let database: FreshDatabase;
let owner: pg.Client;
const opened: IngestStore[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await owner.end();
  await database.drop();
});

async function open(hooks?: AppendHooks, url = connectionFor(database.url, 'ingest')): Promise<IngestStore> {
  const store = await openIngestStore({ url, poolSize: 2, applicationName: 'spec', ...(hooks && { hooks }) });
  opened.push(store);
  return store;
}

/** Stops an append at one point until it is let go. */
function pauseAt(wanted: PausePoint): { hooks: AppendHooks; reached: Promise<void>; letGo: () => void } {
  const reached = aSignal();
  const released = aSignal();
  const hooks = {
    async at(point: PausePoint): Promise<void> {
      if (point !== wanted) return;
      reached.give();
      await released.given;
    },
  };
  return { hooks, reached: reached.given, letGo: released.give };
}

function aSignal(): { given: Promise<void>; give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

const sourceIds = async (): Promise<string[]> =>
  (await owner.query<{ source_id: string }>('select source_id from annals.events order by tenant_id, position')).rows.map(
    (row) => row.source_id,
  );

describe('writers at the same time', () => {
  it('leave every tenant 1, 2, 3 …, and a reader that has seen n finds n + 1 next, always', async () => {
    const tenants = [TENANT, OTHER_TENANT];
    const batches = 15;
    const size = 20;
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      const store = await open();
      for (let batch = 0; batch < batches; batch++) {
        const events = Array.from({ length: size }, (_unused, index) =>
          anEvent({ tenantId: tenants[(writer + index + batch) % 2] as string }),
        );
        await store.append(aBatch(aSlice(events, { partition: writer, from: batch * size })));
      }
    });
    const expected = (writers.length * batches * size) / 2;
    const readers = tenants.map(async (tenant) => {
      const reader = new pg.Client({ connectionString: database.url });
      await reader.connect();
      const seen: number[] = [];
      await eventually(
        async () => {
          const last = seen.length;
          const { rows } = await reader.query<{ position: string }>(
            'select position from annals.events where tenant_id = $1 and position > $2 order by position',
            [tenant, last],
          );
          for (const { position } of rows) seen.push(Number(position));
          return seen.length === expected;
        },
        { describe: 'the reader has seen every event', everyMs: 1, timeoutMs: 60_000 },
      );
      await reader.end();
      return seen;
    });
    await Promise.all(writers);
    const sequence = Array.from({ length: expected }, (_, index) => index + 1);
    expect(await Promise.all(readers)).toEqual([sequence, sequence]);
  }, 60_000);

  it('may stand behind each other: the second finds what it expects, also where an event of the first comes again', async () => {
    const { hooks, reached, letGo } = pauseAt('after_locks');
    const [first, second] = [await open(hooks), await open()];
    const known = anEvent({ id: 'known' });
    await second.append(aBatch(aSlice([known])));
    const ahead = first.append(aBatch(aSlice([known, anEvent({ id: 'b' })], { from: 1 })));
    await reached;
    const behind = second.append(aBatch(aSlice([anEvent({ id: 'c' })], { from: 3 })));
    const waiting = "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await eventually(async () => (await owner.query<{ n: number }>(waiting)).rows[0]?.n === 1, { describe: 'the second waits' });
    letGo();
    expect(await ahead).toMatchObject({ outcome: 'committed', appended: 1, duplicates: 1 });
    expect(await behind).toMatchObject({ outcome: 'committed', appended: 1, duplicates: 0 });
    expect(await sourceIds()).toEqual(['known', 'b', 'c']);
    expect((await owner.query('select next_offset from annals.offsets')).rows).toEqual([{ next_offset: '4' }]);
  });

  it('store one event once, though two bring it at the same time', async () => {
    const [one, two] = [await open(), await open()];
    const event = anEvent({ id: 'same' });
    const outcomes = await Promise.all([one, two].map((store, partition) => store.append(aBatch(aSlice([event], { partition })))));
    expect(outcomes.map((outcome) => outcome.outcome === 'committed' && outcome.appended).sort()).toEqual([0, 1]);
    expect(await sourceIds()).toEqual(['same']);
  });
});

describe('a partition that changes hands', () => {
  it.each(['after_begin', 'before_commit', 'after_commit'] as const)(
    'is appended once, though its old owner stops at %s and wakes up late',
    async (point) => {
      const pause = pauseAt(point);
      const [old, young] = [await open(pause.hooks), await open()];
      const events = [anEvent({ id: 'a' }), anEvent({ id: 'b' })];
      const late = old.append(aBatch(aSlice(events)));
      await pause.reached;
      const taken = young.append(aBatch(aSlice(events)));
      if (point === 'before_commit') await lockWaiter();
      else await taken;
      pause.letGo();
      const outcomes = await Promise.all([late, taken]);
      expect(outcomes.map((outcome) => outcome.outcome === 'committed' && [outcome.appended, outcome.skipped]).sort()).toEqual(
        [
          [0, 2],
          [2, 0],
        ].sort(),
      );
      expect(await sourceIds()).toEqual(['a', 'b']);
    },
  );

  it('is not held for ever by an owner that stopped in its transaction: the server ends it, and the late owner learns that it must try again', async () => {
    const pause = pauseAt('before_commit');
    const url = new URL(connectionFor(database.url, 'ingest'));
    url.searchParams.set('idle_in_transaction_session_timeout', '200');
    const [old, young] = [await open(pause.hooks, url.href), await open()];
    const late = old.append(aBatch(aSlice([anEvent({ id: 'a' })]))).catch((error: unknown) => error);
    await pause.reached;
    expect(await young.append(aBatch(aSlice([anEvent({ id: 'a' })])))).toMatchObject({ appended: 1 });
    pause.letGo();
    expect(isUnlucky(await late)).toBe(true);
    expect(await sourceIds()).toEqual(['a']);
  });

  it('goes on with a new connection after the server ended the old one', async () => {
    const store = await open();
    await store.append(aBatch(aSlice([anEvent({ id: 'a' })])));
    await owner.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'annals_ingest' and datname = current_database()",
    );
    await eventually(() => store.append(aBatch(aSlice([anEvent({ id: 'b' })], { from: 1 }))), { describe: 'an append succeeds' });
    expect(await sourceIds()).toEqual(['a', 'b']);
  });

  async function lockWaiter(): Promise<void> {
    await eventually(
      async () =>
        (
          await owner.query(
            "select from pg_stat_activity where usename = 'annals_ingest' and datname = current_database() and wait_event_type = 'Lock'",
          )
        ).rowCount === 1,
      { describe: 'the new owner waits for the row of the offset' },
    );
  }
});

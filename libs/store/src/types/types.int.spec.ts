import pg from 'pg';
import { typeDefinitionOf, type TypeDefinition } from '#libs/contracts';
import { eventually, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { aBatch, aSlice } from '../append/a-batch.js';
import { openIngestStore } from '../append/open-ingest-store.js';
import type { IngestRecord } from '../append/types.js';
import { connectionFor, type StoreRole } from '../connect/connection-for.js';
import { inTenant } from '../connect/in-tenant.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { awaitedAmong, isAnyTypeAwaited } from './awaited-types.js';
import { loadTenantTypes } from './load-types.js';
import { registerType } from './register-type.js';
import { watchTypes } from './watch-types.js';

let database: FreshDatabase;
let owner: pg.Client;
let app: Database;
beforeEach(async () => {
  database = await freshDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  app = await openDatabase({ url: connectionFor(database.url, 'app'), poolSize: 4, applicationName: 'spec' });
});
afterEach(async () => {
  await Promise.all([app.close(), owner.end()]);
  await database.drop();
});

const definition = (summary = 'held a demo', type = 'custom.demo_held'): TypeDefinition =>
  typeDefinitionOf({ type, schema: { type: 'object', properties: { b: {}, a: {} } }, summary, primary: ['contact'] });
const register = (wanted = definition(), tenantId = TENANT) =>
  registerType(app, tenantId, { definition: wanted, createdBy: 'jane', check: () => [] });
const quiet = { warn: () => undefined };

describe('a registration', () => {
  it('is the next version, or the one that says the same already', async () => {
    expect(await register()).toMatchObject({ outcome: 'registered', registered: { version: 1, createdBy: 'jane' } });
    expect(await register(definition('showed it'))).toMatchObject({ outcome: 'registered', registered: { version: 2 } });
    expect(await register()).toMatchObject({ outcome: 'known', registered: { version: 1 } });
    expect(await register(definition(), OTHER_TENANT)).toMatchObject({ outcome: 'registered', registered: { version: 1 } });
  });

  it('is one of several at once: versions have no holes and no twins', async () => {
    const all = await Promise.all(['a', 'b', 'c', 'a', 'b', 'c'].map((summary) => register(definition(summary))));
    expect(all.map(({ outcome }) => outcome).sort()).toEqual(['known', 'known', 'known', 'registered', 'registered', 'registered']);
    const { rows } = await owner.query<{ version: number }>('select version from annals_app.types order by 1');
    expect(rows.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it('stores nothing when the check speaks against it, and tells what was there before', async () => {
    await register();
    const faults = [{ pointer: '/schema', message: 'no' }];
    const seen: unknown[] = [];
    const check = (...args: unknown[]) => (seen.push(...args), faults);
    expect(await registerType(app, TENANT, { definition: definition('x'), createdBy: 'jane', check })).toEqual({
      outcome: 'refused',
      faults,
    });
    expect(seen).toMatchObject([[{ version: 1, definition: definition() }], []]);
    expect((await owner.query('select from annals_app.types')).rowCount).toBe(1);
  });

  it('is refused when there are very many already', async () => {
    await owner.query(
      `insert into annals_app.types select $1::uuid, 'custom.t' || n, 1, $2::text, 'x' from generate_series(1, 200) n
       union all select $3::uuid, 'custom.demo_held', n, replace($2, 'held', 'held ' || n), 'x' from generate_series(1, 50) n`,
      [TENANT, JSON.stringify(definition()), OTHER_TENANT],
    );
    expect(await register()).toEqual({ outcome: 'full', what: 'types', most: 200 });
    expect(await register(definition(), OTHER_TENANT)).toEqual({ outcome: 'full', what: 'versions', most: 50 });
  });

  it('is refused when it would make definitions more than every process can keep in memory', async () => {
    await owner.query(
      `insert into annals_app.types select $1::uuid, 'custom.t' || n, 1, replace($2::text, 'held a', repeat('x', 60000)), 'x' from generate_series(1, 66) n`,
      [TENANT, JSON.stringify(definition())],
    );
    const large = definition('x'.repeat(60_000));
    expect(await register(large)).toEqual({ outcome: 'full', what: 'characters of definitions', most: 4_000_000 });
    expect(await register()).toMatchObject({ outcome: 'registered' });
    expect(await register(large, OTHER_TENANT)).toMatchObject({ outcome: 'registered' });
  });

  it('is for ever: nobody changes, deletes or empties it', async () => {
    await register();
    const changes = ["update annals_app.types set definition = '{}'", 'delete from annals_app.types', 'truncate annals_app.types'];
    for (const change of changes) {
      await expect(owner.query(change)).rejects.toThrow(/never changed/);
      await expect(inTenant(app, TENANT, (client) => client.query(change))).rejects.toThrow(/permission denied/);
    }
  });
});

describe('what processes know of types', () => {
  it('is the same for every role that reads them, fields in the order they were given', async () => {
    await register();
    for (const role of ['app', 'ingest', 'automation', 'admin'] satisfies StoreRole[]) {
      const reader = await openDatabase({ url: connectionFor(database.url, role), poolSize: 1, applicationName: 'spec' });
      const types = await loadTenantTypes(reader);
      await reader.close();
      const [own] = types.own(TENANT);
      expect([own?.type, types.own(OTHER_TENANT)]).toEqual(['custom.demo_held', []]);
      expect(Object.keys(own?.registered[0]?.definition.schema.properties ?? {})).toEqual(['b', 'a']);
    }
  });

  it('is of one tenant where a transaction is', async () => {
    await register();
    const count = async (tenant: string) =>
      inTenant(app, tenant, async (client) => (await client.query('select from annals_app.types')).rowCount);
    expect([await count(TENANT), await count(OTHER_TENANT)]).toEqual([1, 0]);
    const forging = inTenant(app, OTHER_TENANT, (client) =>
      client.query("insert into annals_app.types values ($1, 'custom.x', 1, '{}', 'x')", [TENANT]),
    );
    await expect(forging).rejects.toThrow(/row-level security/);
    const reader = new pg.Client({ connectionString: connectionFor(database.url, 'query') });
    await reader.connect();
    await expect(reader.query('select * from annals_app.types_of($1)', [[TENANT]])).rejects.toThrow(/permission denied/);
    await reader.end();
  });

  it('follows every registration a moment later, also one whose signal was lost', async () => {
    let changes = 0;
    const watched = await watchTypes({ url: connectionFor(database.url, 'ingest'), logger: quiet, pollMs: 50, onChange: () => changes++ });
    try {
      await register();
      await eventually(() => watched.types.resolve('custom.demo_held', TENANT), { describe: 'the registration is known' });
      expect(changes).toBeGreaterThan(0);
      await owner.query('alter table annals_app.types disable trigger types_are_told');
      await register(definition('showed it'));
      await eventually(() => watched.types.custom('custom.demo_held', TENANT)?.newest === 2, { describe: 'the net catches it' });
      await register(definition('talked', 'custom.talk_given'), OTHER_TENANT);
      await watched.refresh(OTHER_TENANT);
      expect(watched.types.resolve('talk_given', OTHER_TENANT)?.type).toBe('custom.talk_given');
    } finally {
      await watched.close();
    }
  });
});

describe('dead letters that wait for a type', () => {
  it('are found by tenant, name and version, until they were driven in', async () => {
    const store = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
    const ingest = await openDatabase({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
    expect(await isAnyTypeAwaited(ingest)).toBe(false);
    await store.append(aBatch(aSlice([waiting('custom.a', 1), waiting('custom.a', 3), waiting('custom.a', 1), waiting('custom.b', 1)])));
    const asked = (name: string, version: number, tenantId = TENANT) => awaitedAmong(ingest, [{ tenantId, name, version }]);
    expect(await isAnyTypeAwaited(ingest)).toBe(true);
    expect(await asked('custom.a', 2)).toEqual([{ tenantId: TENANT, name: 'custom.a', version: 1 }]);
    expect((await asked('custom.a', 3)).map(({ version }) => version).sort()).toEqual([1, 3]);
    expect([await asked('custom.a', 3, OTHER_TENANT), await asked('custom.c', 9)]).toEqual([[], []]);
    await owner.query('update annals.dead_letters set redriven_at = now()');
    expect([await isAnyTypeAwaited(ingest), await asked('custom.a', 3)]).toEqual([false, []]);
    await Promise.all([store.close(), ingest.close()]);
  });
});

function waiting(name: string, version: number): IngestRecord {
  const rejection = { reason: 'unknown_type', schemaPath: '/type', message: 'no such type' } as const;
  const raw = { key: null, value: Buffer.from('{}'), headers: {}, recordTimeMs: 0 };
  return { offset: 0n, outcome: 'dead', deadLetter: { ...raw, rejection, tenantId: TENANT, awaits: { name, version } } };
}

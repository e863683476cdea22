import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import fc from 'fast-check';
import { TenantTypes } from '#libs/contracts';
import { createLogger, mintToken, parseConfig, Shutdown } from '#libs/service';
import { connectionFor, FailingTenants, openDatabase, openIngestStore, prepareEvent, type Database, type IngestStore } from '#libs/store';
import { anEvent, freshDatabase, type EventDraft, type FreshDatabase } from '#libs/testing';
import { rulesFollower } from '../../apps/automation/src/rules/follow-rules.js';
import { queryConfig } from '../../apps/query/src/config.js';
import { createApp } from '../../apps/query/src/create-app.js';
import { openParts } from '../../apps/query/src/open-parts.js';

const secret = 'a secret of at least thirty-two bytes';
const logger = createLogger({ app: 'spec', level: 'silent' });
const shutdown = new Shutdown({ logger, exit: () => undefined });
const HOUR_MS = 3_600_000;

let database: FreshDatabase;
let log: IngestStore;
let automation: Database;
let app: NestFastifyApplication;
let offset = 0n;

beforeAll(async () => {
  database = await freshDatabase();
  log = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
  automation = await openDatabase({ url: connectionFor(database.url, 'automation'), poolSize: 2, applicationName: 'spec' });
  const config = parseConfig(queryConfig, { DATABASE_URL: database.url, JWT_SECRET: secret, KAFKA_BROKERS: '127.0.0.1:9' });
  if (config.outcome !== 'valid') throw new Error(JSON.stringify(config.faults));
  app = await createApp(await openParts(config.values, logger, shutdown));
}, 60_000);
afterAll(async () => {
  await app?.close();
  await shutdown.begin('the end of the spec');
  await Promise.all([log?.close(), automation?.close()]);
  await database?.drop();
});

const vip = { field: 'contact.tags', op: 'includes', value: 'vip' };
const warm = { field: 'contact.tags', op: 'includes', value: 'warm' };
const RULES = [
  { name: 'vip, while it is news', on: ['email.opened'], if: vip, then: [{ notify: { user: 'rep-1' } }], maxAgeHours: 4 },
  { name: 'not vip', on: ['email.opened', 'note.added'], if: { not: vip }, then: [{ notify: { user: 'rep-1' } }] },
  { name: 'either', on: ['email.opened'], if: { any: [warm, vip] }, then: [{ notify: { user: 'a' } }, { notify: { userFrom: 'actor' } }] },
  {
    name: 'noted',
    on: ['note.added'],
    if: { field: 'payload.text', op: 'eq', value: 'call' },
    then: [{ notify: { user: 'b' } }],
    maxAgeHours: 4,
  },
  { name: 'everything', on: ['email.opened', 'note.added', 'contact.tagged'], then: [{ notify: { user: 'c' } }] },
];

/** How long before its append something happened: order of happening is not that of the log. */
const ago = fc.constantFrom(0, 0.5, 1, 2, 3, 5, 100).map((hours) => hours * HOUR_MS);
const contact = fc.constantFrom('c-1', 'c-2', 'c-3');
const ingestMode = fc.constantFrom('live' as const, 'live' as const, 'live' as const, 'backfill' as const);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constantFrom('contact.tagged', 'contact.untagged'),
      tag: fc.constantFrom('vip', 'warm'),
      contact,
      ago,
      ingestMode,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constantFrom('email.opened', 'note.added'), contact, ago, ingestMode, human: fc.boolean() }),
  },
  // of any event, before or after it came, or of one that never comes
  { weight: 2, arbitrary: fc.record({ type: fc.constant('activity.retracted'), target: fc.nat(40), contact, ago, ingestMode }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('contact.merged'), contact, into: contact, ago, ingestMode }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
/** Steps that are appended together; whether rules are evaluated behind them at once, or fall behind. */
const history = fc.array(fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 6 }), evaluated: fc.boolean() }), {
  minLength: 1,
  maxLength: 7,
});

function draftOf(tenantId: string, given: Step, n: number): Partial<EventDraft> {
  const subject = { type: 'contact', id: given.contact };
  const common = {
    ...{ tenantId, id: `e-${n}`, type: given.type, time: new Date(Date.now() - given.ago).toISOString() },
    ...{ ingestMode: given.ingestMode, entities: [subject] },
  };
  if ('tag' in given) return { ...common, payload: { tag: given.tag } };
  if ('target' in given) return { ...common, payload: { targetEventId: `e-${given.target}` } };
  if ('into' in given) return { ...common, payload: { fromContactId: given.contact, intoContactId: given.into } };
  const actor = given.human ? { actor: { type: 'human' as const, id: 'jane' } } : { actor: { type: 'system' as const, id: 'pixel' } };
  const payload = given.type === 'email.opened' ? { messageId: 'm' } : { text: given.human ? 'call' : 'other' };
  return { ...common, ...actor, payload };
}

async function append(drafts: readonly Partial<EventDraft>[]): Promise<void> {
  const records = drafts.map((draft, i) => ({
    ...{ offset: offset + BigInt(i), outcome: 'event' as const, prepared: prepareEvent(anEvent(draft)) },
    raw: () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 }),
  }));
  const nextOffset = offset + BigInt(drafts.length);
  const slice = { topicId: 't', topic: 'crm.test', partition: 0, fetchOffset: offset, nextOffset, records };
  await log.append({ clusterId: 'c', slices: [slice] });
  offset = nextOffset;
}

async function evaluate(): Promise<void> {
  const parts = { database: automation, types: new TenantTypes(), failing: new FailingTenants(logger) };
  const job = rulesFollower(parts);
  while (await job.act());
}

interface Told {
  readonly position: number;
  readonly outcome: string;
}
interface Body {
  readonly id: string;
  readonly next: number | string | null;
  readonly items: (Told & { readonly recipient: string; readonly recipients: string[] })[];
}
type Ask = (method: 'GET' | 'POST', url: string, payload?: object) => Promise<Body>;

async function askerOf(tenantId: string): Promise<Ask> {
  const authorization = `Bearer ${await mintToken({ secret, tenants: [tenantId], user: 'jane' })}`;
  return async (method, url, payload) => {
    const answer = await app.inject({ method, url, headers: { authorization }, ...(payload && { payload }) });
    if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.statusCode} ${answer.body}`);
    return answer.json<Body>();
  };
}

const lines = (told: readonly (Told & { readonly recipient: string })[]): string[] =>
  told.map(({ position, outcome, recipient }) => `${position} ${outcome} ${recipient}`).sort();

async function ledgerOf(ask: Ask, rule: string): Promise<string[]> {
  return lines((await ask('GET', `/api/v1/rules/${rule}/effects?limit=200`)).items);
}
async function foretold(ask: Ask, rule: string, range: object = {}): Promise<string[]> {
  const { items } = await ask('POST', '/api/v1/rules/dry-run', { ruleId: rule, limit: 200, ...range });
  return lines(items.flatMap((item) => item.recipients.map((recipient) => ({ ...item, recipient }))));
}

test('a dry run over the same positions says what automation wrote, whatever happened in whatever order', async () => {
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(history, fc.nat(30), async (batches, cut) => {
      const tenantId = randomUUID();
      const ask = await askerOf(tenantId);
      const rules: string[] = [];
      for (const rule of RULES) rules.push((await ask('POST', '/api/v1/rules', rule)).id);
      let n = 0;
      for (const { steps, evaluated } of batches) {
        await append(steps.map((one) => draftOf(tenantId, one, n++)));
        if (evaluated) await evaluate();
      }
      await evaluate();
      for (const rule of rules) {
        const ledger = await ledgerOf(ask, rule);
        expect(await foretold(ask, rule)).toEqual(ledger);
        const parts = [...(await foretold(ask, rule, { to: cut + 1 })), ...(await foretold(ask, rule, { from: cut + 2 }))];
        expect(parts.sort()).toEqual(ledger);
        ledger.forEach((line) => outcomes.add(line.split(' ').slice(1, -1).join(' ')));
      }
    }),
    { numRuns: 30 },
  );
  expect([...outcomes].sort()).toEqual(['fired', 'held: backfill', 'retracted', 'too old']);
}, 240_000);

import { decodeRecord, EVENT_TYPES } from '#libs/contracts';
import fc from 'fast-check';
import { DEMO_ACCOUNT, DEMO_CONTACT, DEMO_TENANT } from './cast.js';
import { historyOf } from './history.js';
import { liveStory } from './live.js';
import { recordOf } from './record.js';
import type { StoryEvent } from './tell.js';

const UNTIL = new Date('2026-03-18T10:00:00Z');
const moments = fc.date({ min: new Date('2025-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });

function firstLive(count: number, run = 'a'): StoryEvent[] {
  const next = liveStory('seed', run);
  return Array.from({ length: count }, (_, i) => next(new Date(UNTIL.getTime() + i * 300)));
}

const typesOf = (events: readonly StoryEvent[]): string[] => [...new Set(events.map(({ type }) => type))].sort();
const ALL_TYPES = [...EVENT_TYPES].sort();

describe('the demo', () => {
  it('tells the same history for the same seed and moment, ids included', () => {
    expect(historyOf('seed', UNTIL)).toEqual(historyOf('seed', UNTIL));
    expect(historyOf('seed', UNTIL)).not.toEqual(historyOf('another seed', UNTIL));
  });

  it('shows every event type to every tenant in its history, whenever it begins', () => {
    fc.assert(
      fc.property(moments, (until) => {
        const history = historyOf('seed', until);
        const tenants = [...new Set(history.map(({ tenantId }) => tenantId))];
        expect(tenants).toHaveLength(3);
        for (const tenant of tenants) expect(typesOf(history.filter(({ tenantId }) => tenantId === tenant))).toEqual(ALL_TYPES);
      }),
      { numRuns: 20 },
    );
  });

  it('goes on with every event type within some minutes', () => {
    expect(typesOf(firstLive(1000))).toEqual(ALL_TYPES);
  });

  it('makes only events that ingest accepts, on the topic of their type', () => {
    const nowMs = UNTIL.getTime() + 400_000;
    for (const event of [...historyOf('seed', UNTIL), ...firstLive(1000)]) {
      const record = recordOf(event);
      const decoded = decodeRecord({ ...record, value: Buffer.from(record.value), timestampMs: nowMs }, { nowMs });
      expect(decoded).toMatchObject({ outcome: 'accepted', event: { type: event.type, tenantId: event.tenantId, sourceId: event.id } });
    }
  });

  it('never gives an id twice, not in another run either', () => {
    const ids = [...historyOf('seed', UNTIL), ...firstLive(2000), ...firstLive(2000, 'b')].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lets no history happen after its end, and orders it by time', () => {
    fc.assert(
      fc.property(moments, (until) => {
        const times = historyOf('seed', until).map(({ time }) => time.getTime());
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times.at(-1)).toBeLessThan(until.getTime());
      }),
      { numRuns: 10 },
    );
  });

  it('takes back only what the same source has told before', () => {
    const history = historyOf('seed', UNTIL);
    const told = new Set(history.map(({ tenantId, source, id }) => `${tenantId} ${source} ${id}`));
    const named = history.flatMap((event) => {
      const { targetEventId, mergeEventId } = event.payload as { targetEventId?: string; mergeEventId?: string };
      const target = targetEventId ?? mergeEventId;
      return target === undefined ? [] : [`${event.tenantId} ${event.source} ${target}`];
    });
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((key) => !told.has(key))).toEqual([]);
  });

  it('gives the contact and the account that the printed lines name a rich timeline', () => {
    const history = historyOf('seed', UNTIL).filter(({ tenantId }) => tenantId === DEMO_TENANT);
    const about = (type: string, id: string): StoryEvent[] =>
      history.filter(({ entities }) => entities.some((entity) => entity.type === type && entity.id === id));
    expect(about('contact', DEMO_CONTACT).length).toBeGreaterThan(200);
    expect(typesOf(about('contact', DEMO_CONTACT)).length).toBeGreaterThan(30);
    expect(about('account', DEMO_ACCOUNT).some(({ type }) => type === 'email.sent')).toBe(true);
  });

  it('names nobody who could exist', () => {
    const told = JSON.stringify([...historyOf('seed', UNTIL), ...firstLive(500)]);
    const addresses = told.match(/[\w.+-]+@[\w.-]+/g) ?? [];
    expect(addresses.filter((address) => !address.endsWith('example.com'))).toEqual([]);
    const hosts = [...told.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host = '']) => host);
    expect(hosts.filter((host) => !host.endsWith('example.com'))).toEqual([]);
  });
});

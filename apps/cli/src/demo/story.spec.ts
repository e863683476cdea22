import { EVENT_TYPES } from '#libs/contracts';
import { InvalidEvent, recordingProducer } from '#libs/producer';
import fc from 'fast-check';
import { DEMO_ACCOUNT, DEMO_CONTACT, DEMO_TENANT } from './cast.js';
import { historyOf } from './history.js';
import { liveStory } from './live.js';
import { knownCompanies } from './newcomers.js';
import type { Story, StoryEvent } from './tell.js';

const UNTIL = new Date('2026-03-18T10:00:00Z');
const STORY: Story = { seed: 'seed', until: UNTIL };
const OTHER: Story = { seed: 'another seed', until: UNTIL };
const moments = fc.date({ min: new Date('2025-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });

function firstLive(count: number, story = STORY, paceMs = 300): StoryEvent[] {
  const next = liveStory(story);
  return Array.from({ length: count }, (_, i) => next(new Date(UNTIL.getTime() + i * paceMs)));
}

const history = historyOf(STORY);
const ids = (events: readonly StoryEvent[]): string[] => events.map(({ id }) => id);
const typesOf = (events: readonly StoryEvent[]): string[] => [...new Set(events.map(({ type }) => type))].sort();
const ALL_TYPES = [...EVENT_TYPES].sort();

describe('the demo', () => {
  it('tells the same story for the same seed and clock, event by event, ids included', () => {
    expect(historyOf(STORY)).toEqual(history);
    expect(firstLive(2000)).toEqual(firstLive(2000));
  });

  it('tells another story for another seed', () => {
    expect(historyOf(OTHER).map(({ type }) => type)).not.toEqual(history.map(({ type }) => type));
    expect(firstLive(500, OTHER).map(({ type }) => type)).not.toEqual(firstLive(500).map(({ type }) => type));
  });

  it('tells the same facts in the same order however fast they are told', () => {
    const said = (events: readonly StoryEvent[]): unknown => events.map(({ id, type, entities, actor }) => ({ id, type, entities, actor }));
    expect(said(firstLive(2000, STORY, 7_000))).toEqual(said(firstLive(2000)));
  });

  it('shows every event type to every tenant in its history, whenever it begins', () => {
    fc.assert(
      fc.property(moments, (until) => {
        const told = historyOf({ seed: 'seed', until });
        const tenants = [...new Set(told.map(({ tenantId }) => tenantId))];
        expect(tenants).toHaveLength(3);
        for (const tenant of tenants) expect(typesOf(told.filter(({ tenantId }) => tenantId === tenant))).toEqual(ALL_TYPES);
      }),
      { numRuns: 20 },
    );
  });

  it('goes on with every event type within some minutes', () => {
    expect(typesOf(firstLive(1000))).toEqual(ALL_TYPES);
  });

  it('says only what the producer kit accepts', async () => {
    const producer = recordingProducer({ source: '/demo/crm' });
    const refused: unknown[] = [];
    for (const { by: _, ...event } of [...history, ...firstLive(1000)])
      await producer
        .publish(event.type, event)
        .catch((error: unknown) => refused.push(error instanceof InvalidEvent ? error.message : error));
    expect(refused).toEqual([]);
    expect(producer.events.length).toBeGreaterThan(3000);
  });

  it('never gives an id twice', () => {
    const all = [...ids(history), ...ids(firstLive(5000)), ...ids(firstLive(2000, OTHER))];
    expect(new Set(all).size).toBe(all.length);
  });

  it('lets no history happen after its end, and orders it by time', () => {
    fc.assert(
      fc.property(moments, (until) => {
        const times = historyOf({ seed: 'seed', until }).map(({ time }) => time.getTime());
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times.at(-1)).toBeLessThan(until.getTime());
      }),
      { numRuns: 10 },
    );
  });

  it('takes back only what it has told before', () => {
    const told = new Set(history.map(({ tenantId, id }) => `${tenantId} ${id}`));
    const named = history.flatMap((event) => {
      const { targetEventId, mergeEventId } = event.payload as { targetEventId?: string; mergeEventId?: string };
      const target = targetEventId ?? mergeEventId;
      return target === undefined ? [] : [`${event.tenantId} ${target}`];
    });
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((key) => !told.has(key))).toEqual([]);
  });

  it('gives the contact and the account that the printed lines name a rich timeline', () => {
    const theirs = history.filter(({ tenantId }) => tenantId === DEMO_TENANT);
    const about = (type: string, id: string): StoryEvent[] =>
      theirs.filter(({ entities }) => entities.some((entity) => entity.type === type && entity.id === id));
    expect(about('contact', DEMO_CONTACT).length).toBeGreaterThan(200);
    expect(typesOf(about('contact', DEMO_CONTACT)).length).toBeGreaterThan(30);
    expect(about('account', DEMO_ACCOUNT).some(({ type }) => type === 'email.sent')).toBe(true);
    expect(about('account', DEMO_ACCOUNT).some(({ type }) => type === 'account.parent_changed')).toBe(true);
  });

  it('knows every company whose people or books it enriches', () => {
    const known = knownCompanies(STORY.seed);
    const domains = [...history, ...firstLive(2000)].flatMap(({ type, payload }) => {
      const { domain, email } = payload as { domain?: string; email?: string };
      const said = type === 'account.added' ? domain : type === 'contact.added' ? email?.split('@')[1] : undefined;
      return said === undefined ? [] : [said];
    });
    expect(domains.length).toBeGreaterThan(50);
    expect(domains.filter((domain) => known[domain] === undefined)).toEqual([]);
  });

  it('names nobody who could exist', () => {
    const told = JSON.stringify([...history, ...firstLive(500)]);
    const addresses = told.match(/[\w.+-]+@[\w.-]+/g) ?? [];
    expect(addresses.filter((address) => !address.endsWith('example.com'))).toEqual([]);
    const hosts = [...told.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host = '']) => host);
    expect(hosts.filter((host) => !host.endsWith('example.com'))).toEqual([]);
  });
});

describe('a customer’s story', () => {
  /** Types of one person's life, in the order told. */
  const lives = (): Map<string, string[]> => {
    const byLead = new Map<string, string[]>();
    for (const { tenantId, type, correlationId, entities } of [...history, ...firstLive(5000)]) {
      const owner = `${tenantId}/${correlationId}/${entities.find((one) => one.type === 'account')?.id ?? ''}`;
      byLead.set(owner, [...(byLead.get(owner) ?? []), type]);
    }
    return byLead;
  };
  const comesBefore = (first: string, then: string): void => {
    const wrong = [...lives()].filter(
      ([, types]) => types.includes(then) && types.includes(first) && types.indexOf(first) > types.indexOf(then),
    );
    expect(wrong).toEqual([]);
  };

  it.each([
    ['email.sent', 'email.opened'],
    ['email.opened', 'email.clicked'],
    ['form.submitted', 'lead.added'],
    ['email.received', 'nurture.exited'],
    ['lead.added', 'deal.created'],
    ['deal.created', 'deal.won'],
    ['deal.won', 'order.placed'],
    ['ticket.created', 'ticket.replied'],
  ])('has %s before %s', (first, then) => {
    comesBefore(first, then);
  });
});

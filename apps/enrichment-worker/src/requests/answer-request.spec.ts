import { decodeRecord, type EventRecord } from '#libs/contracts';
import type { EnrichmentRequest } from '#libs/store';
import type { EnrichmentProvider, Facts } from '../providers/provider.js';
import { answerRequest, retryDelay, type AnswerOptions } from './answer-request.js';

const request: EnrichmentRequest = {
  tenantId: '5b1f0a86-3c1d-4c2e-9d53-0f4a7e6b1c01',
  eventId: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e',
  entities: '[{"id":"contact-abc","type":"contact"},{"id":"acc-1","type":"account"}]',
  domain: 'larkfield.example.com',
  attempts: 1,
  record: null,
};
const knows = (name: string, facts: Facts): EnrichmentProvider => ({ name, ask: () => Promise.resolve(facts) });
const failing: EnrichmentProvider = { name: 'down', ask: () => Promise.reject(new Error('down')) };
const failures: string[] = [];
const options = (...providers: EnrichmentProvider[]): AnswerOptions => ({
  providers,
  attempts: 3,
  now: () => Date.UTC(2026, 0, 5),
  random: () => 0.5,
  onFailure: (provider) => void failures.push(provider),
});

describe('a request', () => {
  it('is answered with what all know, the first believed, and who found it', async () => {
    const outcome = await answerRequest(
      request,
      options(knows('dataset', { industry: 'SaaS' }), knows('website', { industry: 'Other', companySize: '11-50' })),
    );
    if (outcome.state !== 'found') throw new Error(outcome.state);
    const record = JSON.parse(outcome.record) as EventRecord;
    const wire = { topic: record.topic, headers: record.headers, value: Buffer.from(record.value), timestampMs: 0 };
    const decoded = decodeRecord(wire, { nowMs: Date.UTC(2026, 0, 5) });
    expect(decoded).toMatchObject({
      outcome: 'accepted',
      event: { type: 'enrichment.completed', actor: { type: 'agent', id: 'enrichment-agent' }, sourceId: `enrichment/${request.eventId}` },
    });
    if (decoded.outcome !== 'accepted') return;
    expect(JSON.parse(decoded.event.payload)).toEqual({ industry: 'SaaS', companySize: '11-50', provider: 'dataset, website' });
    expect(decoded.event.entities.map(({ type }) => type)).toEqual(['contact', 'account']);
  });

  it('that nobody knows anything about publishes nothing', async () => {
    expect(await answerRequest(request, options(knows('dataset', {})))).toEqual({ state: 'nothing' });
    expect(await answerRequest({ ...request, domain: 'gmail.com' }, options(failing))).toEqual({ state: 'nothing' });
  });

  it('that cannot be asked about is parked at once', async () => {
    expect(await answerRequest({ ...request, domain: '127.0.0.1' }, options(failing))).toMatchObject({ state: 'parked' });
  });

  it('is tried again later while a provider fails, and then answered by the others or parked', async () => {
    expect(await answerRequest(request, options(failing, knows('dataset', { industry: 'SaaS' })))).toMatchObject({
      state: 'waiting',
      delayMs: 3750,
    });
    const last = { ...request, attempts: 3 };
    expect(await answerRequest(last, options(failing, knows('dataset', { industry: 'SaaS' })))).toMatchObject({ state: 'found' });
    expect(await answerRequest(last, options(failing))).toMatchObject({ state: 'parked' });
    expect(new Set(failures)).toEqual(new Set(['down']));
  });

  it('waits longer each time, and never the same as others', () => {
    expect([retryDelay(1, 0), retryDelay(1, 1), retryDelay(4, 1)]).toEqual([2500, 5000, 40_000]);
    expect(retryDelay(50, 1)).toBe(3_600_000);
  });
});

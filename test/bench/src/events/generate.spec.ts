import { EVENT_DEFINITIONS, decodeRecord } from '#libs/contracts';
import { generateEvents, STRUCTURED, type GeneratedRecord } from './generate.js';

const options = { count: 3_000, seed: 7, untilMs: Date.UTC(2026, 4, 1) };
const generated = (seed = options.seed): GeneratedRecord[] => [...generateEvents({ ...options, seed })];

describe('the generated events', () => {
  it('are all accepted by the contracts', () => {
    const refused = generated()
      .map(({ topic, value }) =>
        decodeRecord({ topic, value: Buffer.from(value), headers: STRUCTURED, timestampMs: options.untilMs }, { nowMs: options.untilMs }),
      )
      .filter(({ outcome }) => outcome !== 'accepted');
    expect(refused).toEqual([]);
  });

  it('are the same for the same seed and share no id with another', () => {
    expect(generated()).toEqual(generated());
    const ids = new Set(generated().map(idOf));
    expect(ids.size).toBe(options.count);
    expect(generated(8).filter((record) => ids.has(idOf(record)))).toEqual([]);
  });

  it('travel on the topic of their type, keyed by their tenant, about 800 bytes each', () => {
    const topics = new Map<string, string>(EVENT_DEFINITIONS.map(({ type, topic }) => [type, topic]));
    for (const { topic, key, value } of generated()) {
      const event = JSON.parse(value) as { type: string; tenantid: string };
      expect(topic).toBe(topics.get(event.type));
      expect(key).toBe(event.tenantid);
    }
    const bytes = generated().reduce((sum, { value }) => sum + Buffer.byteLength(value), 0) / options.count;
    expect(bytes).toBeGreaterThan(700);
    expect(bytes).toBeLessThan(900);
  });
});

const idOf = ({ value }: GeneratedRecord): string => (JSON.parse(value) as { id: string }).id;

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutgoingMessage } from '#libs/bus';
import { createLogger } from '#libs/service';
import { tellHistory, type Telling } from './publish.js';

const NOW = new Date('2026-03-18T10:00:00Z');
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annals-demo-'));
  file = join(folder, 'demo.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** Remembers what was published; `leaveAfter` ends the telling in the middle. */
function aTelling(leaveAfter = Infinity): { telling: Telling; published: Map<string, string> } {
  const published = new Map<string, string>();
  const leaving = new AbortController();
  const publish = (topic: string, messages: readonly OutgoingMessage[]): Promise<void> => {
    for (const { value } of messages) published.set((JSON.parse(String(value)) as { id: string }).id, `${topic} ${String(value)}`);
    if (published.size >= leaveAfter) leaving.abort();
    return Promise.resolve();
  };
  const logger = createLogger({ app: 'demo', level: 'silent' });
  return { published, telling: { producer: { publish }, topicPrefix: 'try.', logger, signal: leaving.signal } };
}

describe('telling the history', () => {
  it('happens once', async () => {
    const first = aTelling();
    await tellHistory(file, 'seed', NOW, first.telling);
    expect(first.published.size).toBeGreaterThan(2000);
    const second = aTelling();
    await tellHistory(file, 'seed', new Date(NOW.getTime() + 3_600_000), second.telling);
    expect(second.published.size).toBe(0);
  });

  it('begins again with the same events where it was cut short', async () => {
    const cutShort = aTelling(700);
    await tellHistory(file, 'seed', NOW, cutShort.telling);
    const again = aTelling();
    await tellHistory(file, 'seed', new Date(NOW.getTime() + 3_600_000), again.telling);
    expect(cutShort.published.size).toBeLessThan(again.published.size);
    for (const [id, record] of cutShort.published) expect(again.published.get(id)).toBe(record);
  });

  it('puts the prefix before every topic', async () => {
    const { telling, published } = aTelling();
    await tellHistory(file, 'seed', NOW, telling);
    expect([...published.values()].filter((record) => !/^try\.(crm|annals)\./.test(record))).toEqual([]);
  });
});

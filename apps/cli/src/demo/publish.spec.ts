import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingProducer, type RecordingProducer } from '#libs/producer';
import { createLogger } from '#libs/service';
import type { CallBack } from './callbacks.js';
import { recall } from './memory.js';
import type { Voice } from './programs.js';
import { tellHistory, tellOn } from './publish.js';

const NOW = new Date('2026-03-18T10:00:00Z');
const LATER = new Date(NOW.getTime() + 3_600_000);
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'annals-demo-'));
  file = join(folder, 'demo.json');
});
afterEach(() => rm(folder, { recursive: true }));

interface Run {
  readonly voice: Voice;
  readonly crm: RecordingProducer;
  readonly calledBack: string[];
  /** Every CloudEvent by id. */
  said(): Map<string, unknown>;
}

/** `leaveAfter` ends the telling when so much was published or called back. */
function aRun(leaveAfter = Infinity, sequenceEngine = false): Run {
  const crm = recordingProducer({ source: '/demo/crm' });
  const calledBack: string[] = [];
  const leaving = new AbortController();
  const count = <T>(answer: T): T => {
    if (crm.events.length + calledBack.length >= leaveAfter) leaving.abort();
    return answer;
  };
  const callBack: CallBack = ({ id, type, time }) => Promise.resolve(count(void calledBack.push(`${id} ${type} ${time.toISOString()}`)));
  const publish: RecordingProducer['publish'] = (type, draft) => crm.publish(type, draft).then(count);
  const logger = createLogger({ app: 'demo', level: 'silent' });
  const voice = { programs: { crm: { publish }, callBack, sequenceEngine }, logger, signal: leaving.signal };
  return { voice, crm, calledBack, said: () => new Map(crm.events.map(({ id, event: { recordedtime: _, ...event } }) => [id, event])) };
}

describe('telling the history', () => {
  it('happens once, and starts nothing', async () => {
    const first = aRun();
    await tellHistory(file, 'seed', NOW, first.voice);
    expect(first.crm.events.length).toBeGreaterThan(2000);
    expect(new Set(first.crm.events.map(({ event }) => event['ingestmode']))).toEqual(new Set(['backfill']));
    expect(first.calledBack).toEqual([]);
    const second = aRun();
    await tellHistory(file, 'seed', LATER, second.voice);
    expect(second.crm.events).toEqual([]);
  });

  it('begins again with the same events where it was cut short', async () => {
    const cutShort = aRun(700);
    await tellHistory(file, 'seed', NOW, cutShort.voice);
    const again = aRun();
    await tellHistory(file, 'seed', LATER, again.voice);
    const [half, whole] = [cutShort.said(), again.said()];
    expect(half.size).toBeLessThan(whole.size);
    expect([...half].filter(([id, event]) => JSON.stringify(whole.get(id)) !== JSON.stringify(event))).toEqual([]);
  });

  it('keeps the story that the folder began with', async () => {
    await tellHistory(file, 'seed', NOW, aRun().voice);
    expect(await tellHistory(file, 'another seed', LATER, aRun().voice)).toMatchObject({ seed: 'seed', until: NOW });
  });
});

describe('going on', () => {
  const goOn = async (run: Run): Promise<void> => {
    const memory = (await recall(file)) ?? { seed: 'seed', until: NOW, historyTold: true, told: 0 };
    await tellOn(file, memory, 1000, run.voice);
  };

  it('lets the other programs speak for themselves', async () => {
    const run = aRun(300, true);
    await goOn(run);
    const published = new Set(run.crm.events.map(({ type }) => type));
    const others = [
      'enrichment.completed',
      'lead.score_updated',
      'nurture.enrolled',
      'nurture.exited',
      'playbook.executed',
      'email.opened',
      'email.received',
    ];
    expect(others.filter((type) => published.has(type))).toEqual([]);
    expect(run.calledBack.join('\n')).toContain('email.opened');
    expect(run.crm.events.map(({ event }) => event['ingestmode'] ?? 'live')).not.toContain('backfill');
  });

  it('speaks for the programs that do not know it', async () => {
    const run = aRun(300);
    await goOn({ ...run, voice: { ...run.voice, programs: { ...run.voice.programs, callBack: undefined } } });
    const published = new Set(run.crm.events.map(({ type }) => type));
    const theirs = ['nurture.enrolled', 'nurture.step_executed', 'playbook.executed', 'email.opened', 'email.received'];
    expect(theirs.filter((type) => !published.has(type))).toEqual([]);
    expect(run.calledBack).toEqual([]);
  });

  it('goes on where the last run ended, and tells nothing twice', async () => {
    const [first, second, whole] = [aRun(60), aRun(60), aRun(110)];
    await goOn(first);
    await goOn(second);
    await rm(file);
    await goOn(whole);
    const idsOf = ({ crm, calledBack }: Run): string[] => [
      ...crm.events.map(({ id }) => id),
      ...calledBack.map((line) => line.split(' ')[0] ?? ''),
    ];
    const both = [...idsOf(first), ...idsOf(second)];
    expect(new Set(both)).toEqual(new Set([...both, ...idsOf(whole)]));
    // what was being told when the run ended is told again
    expect(both.length - new Set(both).size).toBeLessThanOrEqual(1);
  });

  it('tells what was cut short again with the same words', async () => {
    const first = aRun(40);
    await goOn(first);
    const second = aRun(20);
    await goOn(second);
    const repeated = [...first.said()].filter(([id]) => second.said().has(id));
    const calls = first.calledBack.filter((line) => second.calledBack.includes(line));
    expect(repeated.length + calls.length).toBe(1);
    for (const [id, event] of repeated) expect(second.said().get(id)).toEqual(event);
  });
});

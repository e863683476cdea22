import { Registry } from 'prom-client';
import type { AppendOutcome } from '#libs/store';
import { IngestMetrics } from './ingest-metrics.js';

type Committed = Extract<AppendOutcome, { outcome: 'committed' }>;

const committed: Committed = {
  ...{ outcome: 'committed', appended: 3, duplicates: 1, conflicts: 1, deadLetters: 3, skipped: 0, tombstones: 1 },
  appendedByType: new Map([
    ['note.added', 2],
    ['custom.demo_held', 1],
  ]),
  deadLettersByReason: new Map([
    ['too_large', 2],
    ['conflict', 1],
  ]),
};
const readAgain: Committed = {
  ...{ ...committed, appended: 0, duplicates: 0, conflicts: 0, deadLetters: 0, skipped: 8, tombstones: 0 },
  ...{ appendedByType: new Map(), deadLettersByReason: new Map() },
};

it('records count as what became of them, and once: read again they are skipped and nothing else', async () => {
  const registry = new Registry();
  const metrics = new IngestMetrics(registry, () => undefined);
  metrics.count(committed, 0.1);
  metrics.count(readAgain, 0.1);
  const lines = (await registry.metrics()).split('\n').filter((line) => /^annals_(events|dead_letters)_total/.test(line));
  expect(lines.sort()).toEqual([
    'annals_dead_letters_total{reason="conflict"} 1',
    'annals_dead_letters_total{reason="too_large"} 2',
    'annals_events_total{type="any",outcome="conflict"} 1',
    'annals_events_total{type="any",outcome="duplicate"} 1',
    'annals_events_total{type="any",outcome="rejected"} 2',
    'annals_events_total{type="any",outcome="skipped"} 8',
    'annals_events_total{type="any",outcome="tombstone"} 1',
    'annals_events_total{type="custom",outcome="appended"} 1',
    'annals_events_total{type="note.added",outcome="appended"} 2',
  ]);
});

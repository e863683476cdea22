import type { ConsumerState } from './consumer-state.js';
import { Stall } from './stall.js';

const stall = new Stall(60_000);
const state = (more: Partial<ConsumerState>): ConsumerState => ({
  ...{
    phase: 'running',
    since: 0,
    isCutOff: false,
    reason: null,
    restarts: 0,
    assigned: 1,
    starting: 0,
    blocked: [],
    halted: [],
    lagRecords: 5,
    progressAt: 0,
  },
  ...more,
});

test('lag without progress is a stall, after a while', () => {
  expect(stall.complaint(state({}), 0, 60_000)).toBeUndefined();
  expect(stall.complaint(state({}), 0, 60_001)).toBe('no progress for 60 s with a lag of 5 records');
});

test.each([
  ['nothing to do', state({ lagRecords: 0 }), 0],
  ['unknown lag', state({ lagRecords: null }), 0],
  ['recent progress', state({ progressAt: 30_000 }), 0],
  ['a handler that said "not now" lately', state({}), 30_000],
])('%s is none', (_, healthy, refusedAt) => {
  expect(stall.complaint(healthy, refusedAt, 80_000)).toBeUndefined();
});

test('a group that is never joined is a stall', () => {
  expect(stall.complaint(state({ phase: 'joining', lagRecords: null }), 0, 60_001)).toBe('joining for 60 s while the brokers answer');
});

import fc from 'fast-check';
import type { ReadTrigger } from './definition-reader.js';
import { parsePlaybook } from './parse-playbook.js';
import { parseSequence } from './parse-sequence.js';
import { DEFAULT_EXITS, typesOf } from './sequence.js';

const readTrigger: ReadTrigger = ({ on, if: condition }, pointer) =>
  Array.isArray(on) && on.every((type) => typeof type === 'string')
    ? { outcome: 'trigger', trigger: { on: on.map(String), ...(condition !== undefined && { if: condition }) } }
    : { outcome: 'refused', faults: [{ pointer: `${pointer}/on`, message: 'must be types' }] };
const EMAIL = { id: 'a', channel: 'email', delay: { hours: 1 }, subject: 'Hello {{firstName|there}}', text: 'Hi' };
const WELCOME = { id: 'welcome', name: 'Welcome', steps: [EMAIL, { id: 'b', channel: 'task', delay: {} }] };
const faults = (changes: object): string[] => {
  const parsed = parseSequence({ ...WELCOME, ...changes }, readTrigger);
  return parsed.outcome === 'refused' ? parsed.faults.map(({ pointer }) => pointer) : [];
};

describe('a sequence', () => {
  it('is read with what it leaves out', () => {
    expect(parseSequence(WELCOME, readTrigger)).toEqual({
      outcome: 'sequence',
      sequence: { ...WELCOME, enrollOn: [], exitOn: DEFAULT_EXITS, pauseOn: [], resumeOn: [] },
    });
    const hours = { timeZone: 'Europe/Berlin', days: [5, 1, 1], from: '09:00', to: '17:00' };
    expect(parseSequence({ ...WELCOME, hours }, readTrigger)).toMatchObject({ sequence: { hours: { days: [1, 5] } } });
  });

  it('hears every type that one of its triggers names', () => {
    const parsed = parseSequence(
      { ...WELCOME, enrollOn: [{ on: ['lead.added'] }], exitOn: [], pauseOn: [{ name: 'p', on: ['x.y'] }] },
      readTrigger,
    );
    expect(parsed.outcome === 'sequence' && typesOf(parsed.sequence)).toEqual(['lead.added', 'x.y']);
  });

  it.each([
    [{ id: 'with space' }, ['/id']],
    [{ name: 'two\nlines' }, ['/name']],
    [{ steps: [] }, ['/steps']],
    [{ steps: [EMAIL, EMAIL] }, ['/steps/1/id']],
    [{ steps: [{ ...EMAIL, subject: 'Hello\r\nBcc: all@example.com' }] }, ['/steps/0/subject']],
    [{ steps: [{ ...EMAIL, text: 'Dear {{surname}}' }] }, ['/steps/0/text']],
    [{ steps: [{ id: 'a', channel: 'email', delay: {}, subject: 'x' }] }, ['/steps/0/text']],
    [{ steps: [{ id: 'a', channel: 'call', delay: {}, subject: 'x' }] }, ['/steps/0/subject']],
    [{ steps: [{ ...EMAIL, delay: { days: 400 } }] }, ['/steps/0/delay']],
    [{ steps: [{ ...EMAIL, delay: { days: -1, hours: 0.5 } }] }, ['/steps/0/delay/days', '/steps/0/delay/hours']],
    [
      { hours: { timeZone: 'Nowhere', days: [8], from: '9', to: '24:01' } },
      ['/hours/timeZone', '/hours/from', '/hours/to', '/hours/days/0'],
    ],
    [{ hours: { timeZone: 'UTC', days: [1], from: '09:00', to: '09:30' } }, ['/hours/to']],
    [{ exitOn: [{ reason: 'boredom', on: ['a.b'] }] }, ['/exitOn/0/reason']],
    [{ enrollOn: [{ on: ['nurture.exited'] }] }, ['/enrollOn/0/on']],
    [{ enrollOn: [{ on: 7 }] }, ['/enrollOn/0/on']],
    [{ from: { address: 'a@example.com, b@example.com' } }, ['/from/address']],
    [{ 'od/d': 1 }, ['/od~1d']],
  ])('%j is refused at %j', (changes, pointers) => expect(faults(changes)).toEqual(pointers));

  it('whatever it is given, it ends without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('steps', 'hours', 'exitOn', 'pauseOn', 'from', 'enrollOn'), (value, member) => {
        for (const parsed of [parseSequence(value, readTrigger), parseSequence({ ...WELCOME, [member]: value }, readTrigger)])
          expect(['sequence', 'refused']).toContain(parsed.outcome);
        expect(['playbook', 'refused']).toContain(parsePlaybook(value, readTrigger).outcome);
      }),
    );
  });
});

describe('a playbook', () => {
  const PLAY = {
    id: 'p',
    name: 'Play',
    on: ['a.b'],
    actions: [{ note: { text: 'x' } }, { tag: { tag: 't' } }, { enroll: { sequence: 's' } }],
  };
  it('is read as it is', () => expect(parsePlaybook(PLAY, readTrigger)).toEqual({ outcome: 'playbook', playbook: PLAY }));
  it.each([
    [{ actions: [{}] }, '/actions/0'],
    [{ actions: [{ note: { text: 'x' }, tag: { tag: 't' } }] }, '/actions/0'],
    [{ actions: [{ tag: { tag: '' } }] }, '/actions/0/tag/tag'],
    [{ on: ['playbook.executed'] }, '/on'],
  ])('%j is refused at %s', (changes, pointer) => {
    const parsed = parsePlaybook({ ...PLAY, ...changes }, readTrigger);
    expect(parsed.outcome === 'refused' && parsed.faults[0]?.pointer).toBe(pointer);
  });
});

import { readEventLines } from './event-lines.js';

const FIELDS = ['id', '7', 'note.added', 'note', '1', 'source', 'source id', '2026-01-05 14:30:00.5+00', '2026-01-05 14:30:01+00']
  .concat(['producer', 'live', 'human', 'jane', '[]'])
  .concat(['', '+', '+run', '', '', '+as written', '+{}', '']);
const lineOf = (mark = '', fields = FIELDS): string => fields.join(`\x1f${mark}`);

describe('the lines of events', () => {
  it('are read field by field, an empty text apart from none', () => {
    const [row, more] = readEventLines(`2\x1e${lineOf()}\x1e${lineOf()}`, '') ?? [];
    expect(row).toEqual(more);
    expect(row).toMatchObject({ id: 'id', position: '7', version: 1, occurredAt: '2026-01-05T14:30:00.500000Z', entities: '[]' });
    expect(row).toMatchObject({ recordedAt: null, onBehalfOf: '', correlationId: 'run', summary: 'as written', payload: '{}' });
  });

  it('may be none', () => {
    expect(readEventLines('0\x1e', '')).toEqual([]);
  });

  it('are refused where a stored text holds a mark, however it is made up', () => {
    const forged = ['x', ...FIELDS.slice(1)];
    for (const text of [`a\x1fb`, `a\x1eb`, `a\x1e${lineOf('', forged)}`, `${'\x1f'.repeat(16)}\x1e${lineOf()}`]) {
      expect(readEventLines(`1\x1e${lineOf('', FIELDS.with(5, text))}`, '')).toBeNull();
    }
  });

  it('are read with a mark that no stored text can know', () => {
    const text = `a\x1fb\x1e`;
    expect(readEventLines(`1\x1em${lineOf('m', FIELDS.with(5, text))}`, 'm')?.[0]?.source).toBe(text);
  });
});

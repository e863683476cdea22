import { Failure } from '../failure.js';
import { coordinatesOf, narrowedSelectionOf, selectionOf } from './selection.js';

const NOW = new Date('2026-03-18T10:00:00Z');

describe('the selection of dead letters', () => {
  it('combines what is given', () => {
    const tenant = '5B1F0C3E-0D5E-4C53-8A3E-0F4C5F3B9A11';
    expect(selectionOf({ topic: 'crm.web', reason: 'bad_time', tenant, before: '2026-01-31T00:00:00Z', redriven: true }, NOW)).toEqual({
      topic: 'crm.web',
      reason: 'bad_time',
      tenantId: tenant.toLowerCase(),
      before: new Date('2026-01-31T00:00:00Z'),
      redriven: true,
    });
  });

  it('counts an age back from now', () => {
    expect(selectionOf({ before: '12h' }, NOW)).toEqual({ before: new Date('2026-03-17T22:00:00Z') });
    expect(selectionOf({ before: '30d' }, NOW)).toEqual({ before: new Date('2026-02-16T10:00:00Z') });
  });

  it('takes everything only where everything is asked for', () => {
    expect(() => narrowedSelectionOf({}, NOW)).toThrow(Failure);
    expect(() => narrowedSelectionOf({ redriven: true }, NOW)).toThrow(/Say which/);
    expect(narrowedSelectionOf({ all: true }, NOW)).toEqual({});
  });

  it.each([
    [{ reason: 'bad_luck' }, /There is no reason bad_luck: it is one of not_utf8, /],
    [{ before: 'soon' }, /--before must be a time like/],
    [{ tenant: 'acme' }, /--tenant must be a UUID/],
  ])('refuses %j as a wrong question', (options, sentence) => {
    expect(() => selectionOf(options, NOW)).toThrow(sentence);
    expect(() => selectionOf(options, NOW)).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
  });

  it('reads coordinates as the list prints them', () => {
    expect(coordinatesOf('crm.web/0/9007199254740993')).toEqual({ topic: 'crm.web', partition: 0, offset: 9007199254740993n });
    for (const wrong of ['crm.web', 'crm.web/0', 'crm.web/x/1', '/0/1', 'crm.web/0/-1'])
      expect(() => coordinatesOf(wrong)).toThrow(Failure);
  });
});

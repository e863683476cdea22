import type { EventRow } from '#libs/store';
import { RememberedTexts } from './remembered-texts.js';

const row = (id: string, changes: Partial<EventRow> = {}) => ({ id, payload: '{}', retractedAtPosition: null, ...changes }) as EventRow;

function printing() {
  const printed: string[] = [];
  const texts = new RememberedTexts();
  const textOf = (tenant: string, event: EventRow, text = `text of ${event.id}`) =>
    texts.textOf(tenant, event, () => {
      printed.push(event.id);
      return text;
    });
  return { printed, textOf };
}

describe('the texts of events', () => {
  it('are printed once', () => {
    const { printed, textOf } = printing();
    expect([textOf('t', row('a')), textOf('t', row('a')), textOf('t', row('b'))]).toEqual(['text of a', 'text of a', 'text of b']);
    expect(printed).toEqual(['a', 'b']);
  });

  it('never reach another tenant, even under the same id', () => {
    const { printed, textOf } = printing();
    textOf('t', row('a'), 'secret');
    expect(textOf('u', row('a'))).toBe('text of a');
    expect(printed).toEqual(['a', 'a']);
  });

  it('are printed anew once the payload was erased or the entry taken back', () => {
    const { printed, textOf } = printing();
    for (const changes of [{}, { payload: null }, { retractedAtPosition: '9' }]) textOf('t', row('a', changes));
    expect(printed).toEqual(['a', 'a', 'a']);
  });

  it('are forgotten when they are many, those asked for lately last', () => {
    const { printed, textOf } = printing();
    const long = 'x'.repeat(19_000);
    textOf('t', row('often'), long);
    textOf('t', row('once'), long);
    for (let n = 0; n < 400; n++) {
      textOf('t', row(`filler ${n}`), long);
      textOf('t', row('often'), long);
    }
    printed.length = 0;
    textOf('t', row('often'), long);
    textOf('t', row('once'), long);
    expect(printed).toEqual(['once']);
  });
});

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { eventDefinition } from '../registry.js';
import { describeEvent, summaryOf } from './summary.js';

interface Golden {
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly summary: string;
}
const golden = JSON.parse(readFileSync(new URL('../testdata/golden-summaries.json', import.meta.url), 'utf8')) as Golden[];
const said = (type: string, payload: object | null) => summaryOf({ type, version: 1, payload, summary: null });

describe('the sentence of an event', () => {
  it.each(golden)('$type reads “$summary”, a thousand times', ({ type, payload, summary }) => {
    for (let i = 0; i < 1000; i++) expect(said(type, payload)).toBe(summary);
    expect(summaryOf({ type, version: 1, payload: JSON.stringify(payload), summary: null })).toBe(summary);
  });

  it('shows a hand-made entry as written', () => {
    const summary = '15min discovery call. Interested in enterprise plan.';
    expect(describeEvent({ type: 'call.completed', version: 1, payload: { durationSeconds: 900 }, summary })).toEqual({
      summary,
      summaryKey: null,
      summaryParams: {},
    });
  });

  it('comes with its key and the values in it', () => {
    const payload = { fromStage: 'A', toStage: 'B', amount: '1', currency: 'EUR' };
    expect(describeEvent({ type: 'deal.stage_changed', version: 1, payload, summary: null })).toEqual({
      summary: 'moved from A to B',
      summaryKey: 'deal.stage_changed@1',
      summaryParams: { fromStage: 'A', toStage: 'B' },
    });
    expect(describeEvent({ type: 'deal.won', version: 1, payload, summary: null }).summaryParams).toEqual({ amount: '1', currency: 'EUR' });
    expect(
      describeEvent({ type: 'enrichment.completed', version: 1, payload: { website: 'https://a.b' }, summary: null }).summaryParams,
    ).toEqual({
      fields: ['website'],
    });
  });

  it.each([
    ['lead.score_updated', { previousScore: null, newScore: 5 }, 'lead score updated'],
    ['nurture.step_scheduled', { sequenceId: 's', stepId: 't' }, 'nurture step scheduled'],
    ['email.clicked', { messageId: 'm', url: 'not a url' }, 'email clicked'],
  ])('%s falls back to the type in words where a part is missing', (type, payload, expected) => {
    expect(said(type, payload)).toBe(expected);
  });

  it.each([
    ['note.added', 'added a note: [erased]'],
    ['email.sent', 'sent email'],
    ['deal.stage_changed', 'moved from [erased] to [erased]'],
    ['email.received', 'email received'],
    ['account.parent_changed', 'account parent changed'],
    ['contact.added', 'contact added'],
  ])('%s says what was erased', (type, expected) => {
    expect(said(type, null)).toBe(expected);
  });

  it('reads [erased] where one required field is gone', () => {
    expect(said('deal.stage_changed', { fromStage: 'A', toStage: null })).toBe('moved from A to [erased]');
  });

  it('has words for a type or version it does not know', () => {
    expect(said('custom.demo_held', {})).toBe('custom demo held');
    expect(summaryOf({ type: 'note.added', version: 9, payload: { text: 'x' }, summary: null })).toBe('note added');
  });

  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [65, '1 min 5 s'],
    [900, '15 min'],
    [3600, '1 h'],
    [3700, '1 h 1 min'],
    [90_061, '25 h 1 min'],
  ])('a call of %d seconds lasts %s', (durationSeconds, words) => {
    expect(said('call.completed', { durationSeconds })).toBe(`logged a call, ${words}`);
  });

  it.each([
    ['12500.00', 'USD', 'USD 12,500.00'],
    ['1234567', 'JPY', 'JPY 1,234,567'],
    ['100.00', 'JPY', 'JPY 100'],
    ['0.5', 'BHD', 'BHD 0.500'],
    ['-007.125', 'USD', 'USD -7.125'],
    ['0', 'EUR', 'EUR 0.00'],
    ['999', undefined, '999'],
    ['1000.50', undefined, '1,000.50'],
  ])('%s %s is shown as %s', (amount, currency, words) => {
    expect(said('deal.won', { amount, ...(currency && { currency }) })).toBe(`won deal for ${words}`);
  });

  it('cuts a note after 120 code points and folds its white space', () => {
    expect(said('note.added', { text: ' a\n\n\tb\u00a0 c ' })).toBe('added a note: a b c');
    expect(said('note.added', { text: '😀'.repeat(120) })).toBe(`added a note: ${'😀'.repeat(120)}`);
    expect(said('note.added', { text: '😀'.repeat(121) })).toBe(`added a note: ${'😀'.repeat(120)}…`);
  });

  it.each([
    ['https://user:pw@Example.COM:8443/a/b?c#d', 'example.com', '/a/b'],
    ['http://[2001:db8::1]/x', '[2001:db8::1]', '/x'],
    ['https://example.com', 'example.com', '/'],
  ])('%s has host %s and path %s', (url, host, path) => {
    expect(said('email.clicked', { messageId: 'm', url })).toBe(`clicked ${host} in email`);
    expect(said('page.visited', { url })).toBe(`visited ${path}`);
    expect(said('page.visited', { url, title: 'Pricing' })).toBe('visited Pricing');
  });

  it('every field a template names is in its payload', () => {
    for (const { type } of golden) {
      const schema = eventDefinition(type)!.versions[1]!;
      const named = [...schema.summary.matchAll(/[{?!]([a-z][A-Za-z]+)/g)].map((match) => match[1]!).filter((name) => name !== 'fields');
      expect(Object.keys(schema.payload.properties)).toEqual(expect.arrayContaining(named));
    }
  });
});

describe('the sentences in other places', () => {
  const script = `
    const { summaryOf } = await import(process.argv[1]);
    const golden = JSON.parse(process.argv[2]);
    console.log(new Date(0).getTimezoneOffset(), (1234.5).toLocaleString());
    process.exitCode = golden.every(({ type, payload, summary }) => summaryOf({ type, version: 1, payload, summary: null }) === summary) ? 0 : 1;`;

  it.each([
    ['Pacific/Kiritimati', 'de_DE.UTF-8'],
    ['America/St_Johns', 'ar_EG.UTF-8'],
    ['Asia/Kolkata', 'tr_TR.UTF-8'],
  ])('are the same in %s under %s', (TZ, LANG) => {
    const built = new URL('../../../../dist/libs/contracts/src/index.js', import.meta.url).href;
    const env = { ...process.env, TZ, LANG, LC_ALL: LANG, NODE_OPTIONS: '' };
    expect(() =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script, built, JSON.stringify(golden)], { env }),
    ).not.toThrow();
  });
});

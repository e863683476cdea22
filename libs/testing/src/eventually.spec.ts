import { eventually } from './eventually.js';

describe('eventually', () => {
  it('answers with the first value that is there', async () => {
    const answers = [undefined, false, null, 0];
    expect(await eventually(() => answers.shift(), { describe: 'an answer', everyMs: 1 })).toBe(0);
  });

  it('takes an error for "not yet"', async () => {
    let calls = 0;
    const observe = () => {
      calls += 1;
      if (calls < 3) throw new Error('too early');
      return calls;
    };
    expect(await eventually(observe, { describe: 'the third call', everyMs: 1 })).toBe(3);
  });

  it('says what it waited for and what it saw last', async () => {
    const refuse = () => Promise.reject(new Error('connection refused'));
    await expect(eventually(refuse, { describe: 'the app answers', timeoutMs: 5, everyMs: 1 })).rejects.toThrow(
      'Not within 5 ms: the app answers. Last seen: connection refused',
    );
  });
});

import type { ChildProcess } from 'node:child_process';

/** Sends a word to a forked process and resolves with its answer. Rejects when it ends instead. */
export function askChild<T>(child: ChildProcess, message: object | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('a process of the live measurement has ended'));
    child.once('exit', gone);
    child.once('message', (word: T) => {
      child.off('exit', gone);
      resolve(word);
    });
    child.send(message);
  });
}

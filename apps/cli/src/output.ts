import type { Writable } from 'node:stream';

/** Writes lines. A reader that has gone (`| head`) is no fault of the command. */
export function printTo(stream: Writable): (line: string) => void {
  if (stream.listenerCount('error') === 0)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  return (line) => void stream.write(`${line}\n`);
}

/** For progress: at most one line a second gets through, the first after a second. What is done sooner says nothing. */
export function everySecond(print: (line: string) => void): (line: string) => void {
  let lastMs = performance.now();
  return (line) => {
    if (performance.now() - lastMs < 1_000) return;
    lastMs = performance.now();
    print(line);
  };
}

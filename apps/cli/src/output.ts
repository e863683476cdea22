import type { Writable } from 'node:stream';

/** Writes lines. A reader that has gone (`| head`) is no fault of the command. */
export function printTo(stream: Writable): (line: string) => void {
  if (stream.listenerCount('error') === 0)
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  return (line) => void stream.write(`${line}\n`);
}

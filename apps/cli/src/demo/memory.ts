import { readFile, rename, writeFile } from 'node:fs/promises';

/** What the demo remembers from run to run, so that it tells its history once and, cut short, again with the same ids. */
export interface Memory {
  readonly seed: string;
  /** Until when history goes: the moment of the first run. */
  readonly until: Date;
  readonly historyTold: boolean;
}

/** `undefined`: nothing was told yet. */
export async function recall(file: string): Promise<Memory | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { seed, until, historyTold } = JSON.parse(text) as { seed: string; until: string; historyTold: boolean };
  return { seed, until: new Date(until), historyTold };
}

export async function remember(file: string, memory: Memory): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(memory));
  await rename(`${file}.new`, file);
}

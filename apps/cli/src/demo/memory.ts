import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Story } from './tell.js';

/** What the demo remembers from run to run, so that it goes on where it was, and tells again what may have been cut short with the same words. */
export interface Memory extends Story {
  readonly historyTold: boolean;
  /** Events of the present that are told. */
  readonly told: number;
  /** When the next one happens; absent: it was not begun. */
  readonly next?: Date;
}

/** `undefined`: nothing was told yet. */
export async function recall(file: string): Promise<Memory | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { seed, until, historyTold, told = 0, next } = JSON.parse(text) as Written;
  return { seed, until: new Date(until), historyTold, told, ...(next !== undefined && { next: new Date(next) }) };
}

interface Written {
  readonly seed: string;
  readonly until: string;
  readonly historyTold: boolean;
  readonly told?: number;
  readonly next?: string;
}

export async function remember(file: string, memory: Memory): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(memory));
  await rename(`${file}.new`, file);
}

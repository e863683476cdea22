import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds before attempt `n` (from 1): doubles up to the ceiling, the upper half at random. */
export function backoffMs(attempt: number, firstMs: number, ceilingMs: number): number {
  const full = Math.min(ceilingMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return full / 2 + (Math.random() * full) / 2;
}

/** Sleeps, or less when the signal fires. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}

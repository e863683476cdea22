import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** What is waited for, for the message: "the event stands on the timeline". */
  readonly describe: string;
  /** 15,000 when left out. */
  readonly timeoutMs?: number;
  /** 20 when left out. */
  readonly everyMs?: number;
}

/**
 * Asks until the fact holds, that is until `observe` neither throws nor answers `false`, `null` or `undefined`; resolves with the
 * answer. Rejects with what was seen last.
 */
export async function eventually<T>(
  observe: () => T | Promise<T>,
  { describe, timeoutMs = 15_000, everyMs = 20 }: Patience,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { holds, value, error } = await attempt(observe);
    if (holds) return value as NonNullable<Exclude<T, false>>;
    if (Date.now() >= deadline)
      throw new Error(`Not within ${timeoutMs} ms: ${describe}. Last seen: ${seen(value, error)}`, { cause: error });
    await pause(everyMs);
  }
}

interface Attempt<T> {
  readonly holds: boolean;
  readonly value?: T;
  readonly error?: unknown;
}

async function attempt<T>(observe: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    const value = await observe();
    return { holds: value !== false && value !== null && value !== undefined, value };
  } catch (error) {
    return { holds: false, error };
  }
}

function seen(value: unknown, error: unknown): string {
  return error instanceof Error ? error.message : String(error ?? value);
}

import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../failure.js';

const LOOK_AGAIN_MS = 100;
const REQUEST_PATIENCE_MS = 2_000;

interface Patience {
  readonly ms: number;
  readonly signal: AbortSignal;
  /** The sentence for when it is over. */
  readonly exhausted: (last: string) => string;
}

/** Asks until the answer is no longer text, which says why it is not there yet. Rejects when the signal fires. */
async function until<T>(ask: () => Promise<T | string>, patience: Patience): Promise<T> {
  const deadline = Date.now() + patience.ms;
  for (;;) {
    const answer = await ask().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (typeof answer !== 'string') return answer;
    if (Date.now() > deadline) throw new Failure(patience.exhausted(answer));
    await pause(LOOK_AGAIN_MS, undefined, { signal: patience.signal });
  }
}

/** Until `/health/ready` of an app answers 200. */
export async function untilReady(app: string, baseUrl: string, logFile: string, signal: AbortSignal): Promise<void> {
  const exhausted = (last: string): string => `${app} did not become ready in a minute (${last}): its log is ${logFile}`;
  const ask = async (): Promise<true | string> => {
    const response = await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(REQUEST_PATIENCE_MS) });
    return response.status === 200 || (await response.text()).slice(0, 500);
  };
  await until(ask, { ms: 60_000, signal, exhausted });
}

/** Until a list is not empty; answers with its first item. */
export async function untilFirstItem(
  url: string,
  headers: Readonly<Record<string, string>>,
  demoLog: string,
  signal: AbortSignal,
): Promise<{ readonly id: string }> {
  const exhausted = (last: string): string => `${url} showed nothing in two minutes (${last}): the log of the demo is ${demoLog}`;
  const ask = async (): Promise<{ readonly id: string } | string> => {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(REQUEST_PATIENCE_MS) });
    if (response.status !== 200) return `status ${response.status}`;
    const { items } = (await response.json()) as { readonly items: readonly { readonly id: string }[] };
    return items[0] ?? 'empty';
  };
  return until(ask, { ms: 120_000, signal, exhausted });
}

import { setTimeout as pause } from 'node:timers/promises';
import { circuitBreaker, ConsecutiveBreaker, handleAll, timeout, TimeoutStrategy, wrap } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import type { EnrichmentProvider, Facts } from './provider.js';

export interface GuardOptions {
  readonly timeoutMs: number;
  /** Questions a second, at most. */
  readonly perSecond: number;
  /** How long an answer is good. */
  readonly cacheMs: number;
  /** After so many failures in a row it is left alone. */
  readonly failures: number;
  readonly restMs: number;
}

export const GUARD: Pick<GuardOptions, 'cacheMs' | 'failures' | 'restMs'> = { cacheMs: 86_400_000, failures: 5, restMs: 30_000 };

const CACHED = 10_000;

/** A provider that is asked neither too often nor twice the same, not waited for too long, and left alone while it is down. */
export function guarded(provider: EnrichmentProvider, options: GuardOptions): EnrichmentProvider {
  const policy = wrap(
    circuitBreaker(handleAll, { halfOpenAfter: options.restMs, breaker: new ConsecutiveBreaker(options.failures) }),
    timeout(options.timeoutMs, TimeoutStrategy.Aggressive),
  );
  const turn = evenly(options.perSecond);
  const cache = new LRUCache<string, Facts>({
    max: CACHED,
    ttl: options.cacheMs,
    // asked at once for the same domain, one question is put
    fetchMethod: async (domain) => {
      await turn();
      return policy.execute(({ signal }) => provider.ask(domain, signal));
    },
  });
  return { name: provider.name, ask: async (domain) => (await cache.fetch(domain)) ?? {} };
}

/** Resolves in turn, `perSecond` times a second at most. */
function evenly(perSecond: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, next);
    next = at + 1000 / perSecond;
    if (at > now) await pause(at - now);
  };
}

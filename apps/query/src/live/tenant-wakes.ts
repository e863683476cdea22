import type { Wake } from '#libs/store';

/**
 * Fans the one signal of change out to whoever waits in this process. It only wakes: what has changed is read from the log. A listener
 * may be called once too often, never once too seldom after the database has told of an append.
 */
export class TenantWakes {
  private readonly listeners = new Map<string, Set<() => void>>();

  /** Calls `onWake` whenever the tenant's log may have grown, until the answer is called. */
  subscribe(tenantId: string, onWake: () => void): () => void {
    const own = this.listeners.get(tenantId) ?? new Set();
    this.listeners.set(tenantId, own.add(onWake));
    return () => {
      own.delete(onWake);
      if (own.size === 0 && this.listeners.get(tenantId) === own) this.listeners.delete(tenantId);
    };
  }

  /** What `listenAppended` calls. */
  wake(wake: Wake): void {
    const tenants = wake === null ? [...this.listeners.keys()] : [...wake.keys()];
    for (const tenantId of tenants) for (const onWake of [...(this.listeners.get(tenantId) ?? [])]) onWake();
  }
}

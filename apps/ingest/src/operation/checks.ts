import { isReady, REPAIR_COMMAND, type ConsumerState } from '#libs/bus';
import type { HealthCheck } from '#libs/service';
import type { Database } from '#libs/store';

/** Health is asked for before everything is open. */
interface Late {
  readonly database?: Database;
  readonly state?: () => ConsumerState | undefined;
  readonly followers?: { failures(): Readonly<Record<string, string>> };
}

/** Ready while records are taken and kept; how far behind it is is told, and does not count. */
export function consumerCheck(late: Late): HealthCheck {
  return () => {
    const now = late.state?.();
    if (now === undefined) return { state: 'down', details: 'starting' };
    const { phase, reason, restarts, assigned, starting, lagRecords, blocked } = now;
    const halted = now.halted.map((one) => ({
      ...one,
      storedOffset: `${one.storedOffset}`,
      brokerStart: `${one.brokerStart}`,
      brokerEnd: `${one.brokerEnd}`,
    }));
    const times = { since: isoTime(now.since), progressAt: isoTime(now.progressAt) };
    const repair = halted.length > 0 ? { repair: REPAIR_COMMAND } : {};
    return {
      state: isReady(now) ? 'up' : 'down',
      details: { phase, reason, ...times, restarts, assigned, starting, lagRecords, blocked, halted, ...repair },
    };
  };
}

/** Always up: what was appended is there although its copy is late. Tells which copies are late, and why. */
export function followersCheck(late: Late): HealthCheck {
  return () => {
    const failing = late.followers?.failures() ?? {};
    return { state: 'up', ...(Object.keys(failing).length > 0 && { details: { failing } }) };
  };
}

export function databaseCheck(late: Late): HealthCheck {
  return async () => {
    if (!late.database) return { state: 'down', details: 'not reached yet' };
    await late.database.pool.query('select 1');
    return { state: 'up' };
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export interface CheckResult {
  /** `degraded`: some of the work is not done; the process is ready all the same. */
  readonly state: 'up' | 'degraded' | 'down';
  /** Shown to operators: states and numbers, no personal data, no secrets. */
  readonly details?: unknown;
}
/** Rejecting counts as down. The signal fires when time is up. */
export type HealthCheck = (signal: AbortSignal) => CheckResult | Promise<CheckResult>;

export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'unavailable';
  readonly app: string;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

interface Entry {
  readonly check: HealthCheck;
  readonly timeoutMs: number;
  readonly live: boolean;
}

/** Named checks of one process. `ready` asks all of them, `live` only those whose failure a restart would mend. */
export class HealthRegistry {
  private readonly entries = new Map<string, Entry>();
  private stopping = false;

  constructor(readonly app: string) {}

  /** Throws when the name is taken. Checks run at once, each for at most `timeoutMs` (1 s). */
  add(name: string, check: HealthCheck, options: { timeoutMs?: number; live?: boolean } = {}): void {
    if (this.entries.has(name)) throw new Error(`a health check named ${name} exists`);
    this.entries.set(name, { check, timeoutMs: options.timeoutMs ?? 1000, live: options.live ?? false });
  }

  /** From now on not ready, so that no new work arrives while what is under way is finished. */
  markStopping(): void {
    this.stopping = true;
  }

  live(): Promise<HealthReport> {
    return this.report([...this.entries].filter(([, entry]) => entry.live));
  }

  async ready(): Promise<HealthReport> {
    const report = await this.report([...this.entries]);
    if (!this.stopping) return report;
    return { ...report, status: 'unavailable', checks: { ...report.checks, process: { state: 'down', details: 'stopping' } } };
  }

  private async report(entries: readonly (readonly [string, Entry])[]): Promise<HealthReport> {
    const results = await Promise.all(entries.map(async ([name, entry]) => [name, await bounded(entry)] as const));
    return { status: statusOf(results.map(([, { state }]) => state)), app: this.app, checks: Object.fromEntries(results) };
  }
}

function statusOf(states: readonly CheckResult['state'][]): HealthReport['status'] {
  if (states.includes('down')) return 'unavailable';
  return states.includes('degraded') ? 'degraded' : 'ok';
}

async function bounded({ check, timeoutMs }: Entry): Promise<CheckResult> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => {
      resolve({ state: 'down', details: `no answer within ${timeoutMs} ms` });
      abort.abort();
    }, timeoutMs);
  });
  const answer = Promise.resolve()
    .then(() => check(abort.signal))
    .catch((error: unknown) => ({ state: 'down' as const, details: error instanceof Error ? error.message : 'failed' }));
  const result = await Promise.race([answer, late]);
  clearTimeout(timer);
  return result;
}

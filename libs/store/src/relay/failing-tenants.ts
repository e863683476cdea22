import { isUnlucky } from '../connect/unlucky.js';
import type { LeaderLog } from './leader.js';

/** Work that failed for a reason that is no tenant's: the brokers are away. The cause says why. */
export class Outage extends Error {
  override readonly name = 'Outage';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'not reached', { cause });
  }
}

/** What fails in here is nobody's fault, see `Outage`. */
export async function orOutage<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Outage(error);
  }
}

/** A tenant that a job passes over for a while, because its work failed. Times are milliseconds since the Unix epoch. */
export interface FailingTenant {
  readonly job: string;
  readonly tenantId: string;
  readonly failures: number;
  readonly since: number;
  readonly retryAt: number;
  /** Kind of the error, never its text: that may repeat what a person wrote. */
  readonly error: string;
}

/** Which tenants a step over many takes. */
export interface Which {
  readonly only?: string;
  readonly except?: readonly string[];
}

/** A step over many tenants; `took` must be told of them before anything may fail. True: there is more to do. */
export type JointStep = (which: Which, took: (tenantIds: readonly string[]) => void) => Promise<boolean>;

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
/** Who leads a job tries again by then; who does not lead it any more forgets what it knew. */
const FORGOTTEN_MS = 300_000;

/**
 * Keeps one tenant's failing work from stopping the tenants behind it: whoever fails is set aside with a growing backoff, and told once.
 * A database or a broker that is away is no tenant's fault: then the step rejects as a whole. One of these per process.
 */
export class FailingTenants {
  private readonly known = new Map<string, FailingTenant>();

  constructor(
    private readonly log: LeaderLog,
    private readonly now: () => number = Date.now,
  ) {}

  /** Does the work of a tenant, and returns what it does; undefined: it failed now or lately, and others may go on. */
  async attempt<T>(job: string, tenantId: string, work: () => Promise<T>): Promise<T | undefined> {
    const before = this.known.get(keyOf(job, tenantId));
    if (before && before.retryAt > this.now()) return undefined;
    try {
      const result = await work();
      if (before) this.recovered(before);
      return result;
    } catch (error) {
      if (isOutage(error)) throw error;
      this.failed(job, tenantId, error);
      return undefined;
    }
  }

  /** Does a step over many tenants. Where it fails each of them is done alone, so that only who is the reason is set aside. */
  async jointly(job: string, step: JointStep): Promise<boolean> {
    const aside = this.of(job).map(({ tenantId }) => tenantId);
    const alone = (tenantId: string) => this.attempt(job, tenantId, () => step({ only: tenantId }, () => undefined));
    const more: (boolean | undefined)[] = [];
    for (const tenantId of aside) more.push(await alone(tenantId));
    let taken: readonly string[] = [];
    try {
      more.push(await step({ except: aside }, (tenantIds) => (taken = tenantIds)));
    } catch (error) {
      if (isOutage(error) || taken.length === 0) throw error;
      for (const tenantId of taken) more.push(await alone(tenantId));
    }
    return more.includes(true);
  }

  /** Those of a job that are not tried now. */
  waiting(job: string): string[] {
    return this.of(job)
      .filter(({ retryAt }) => retryAt > this.now())
      .map(({ tenantId }) => tenantId);
  }

  /** Everyone who is set aside, those first that have been for longest. */
  list(): readonly FailingTenant[] {
    for (const [key, { retryAt }] of this.known) if (retryAt < this.now() - FORGOTTEN_MS) this.known.delete(key);
    return [...this.known.values()].sort((a, b) => a.since - b.since);
  }

  private of(job: string): readonly FailingTenant[] {
    return this.list().filter((one) => one.job === job);
  }

  private failed(job: string, tenantId: string, error: unknown): void {
    const before = this.known.get(keyOf(job, tenantId));
    const failures = (before?.failures ?? 0) + 1;
    const backoff = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
    const now = this.now();
    const kind = kindOf(error);
    this.known.set(keyOf(job, tenantId), { job, tenantId, failures, since: before?.since ?? now, retryAt: now + backoff, error: kind });
    if (before?.error !== kind) this.log.warn({ job, tenantId, error: kind, at: framesOf(error) }, 'set this tenant aside, others go on');
  }

  private recovered({ job, tenantId, failures }: FailingTenant): void {
    this.known.delete(keyOf(job, tenantId));
    this.log.info({ job, tenantId, failures }, 'this tenant is followed again');
  }
}

const keyOf = (job: string, tenantId: string): string => `${job} ${tenantId}`;

/** What is busy may be so because of what this tenant asks; what is away is away for all. */
const BUSY = new Set(['40001', '40P01', '55P03', '57014', '25P03', '25P04', '55006']);
/** Read-only, or (class 42) a table, a column or a right that is missing: nobody's data mends that. */
const FOR_ALL = /^(25006|42...)$/;

function isOutage(error: unknown): boolean {
  const code = codeOf(error);
  return error instanceof Outage || FOR_ALL.test(code) || (isUnlucky(error) && !BUSY.has(code));
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

const kindOf = (error: unknown): string => [error instanceof Error ? error.name : typeof error, codeOf(error)].join(' ').trim();

/** Where it was thrown. The text before the frames is left out. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { stack = '', message } = error;
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length).split('\n');
  return frames
    .map((frame) => frame.trim())
    .filter((frame) => frame.startsWith('at '))
    .slice(0, 5);
}

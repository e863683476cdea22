import { buildEvent, type EntityRef, type EventRecord } from '#libs/contracts';
import type { EnrichmentOutcome, EnrichmentRequest } from '#libs/store';
import type { EnrichmentProvider, Facts } from '../providers/provider.js';
import { companyDomain } from './domain.js';

export interface AnswerOptions {
  readonly providers: readonly EnrichmentProvider[];
  readonly attempts: number;
  readonly now: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Told which provider failed, never about whom. */
  readonly onFailure: (provider: string) => void;
}

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 3_600_000;

/** Asks everybody who may know, and says what becomes of the request. Does not reject. */
export async function answerRequest(request: EnrichmentRequest, options: AnswerOptions): Promise<EnrichmentOutcome> {
  const company = companyDomain(request.domain);
  if (company.outcome === 'malformed') return { state: 'parked', reason: 'the domain is none' };
  if (company.outcome !== 'company') return { state: 'nothing' };
  const answers = await Promise.all(options.providers.map((provider) => ask(provider, company.domain, options)));
  const facts = answers.filter((answer): answer is Answer => answer !== undefined && Object.keys(answer.facts).length > 0);
  // what one knows is not kept back because another is down, unless it may still be asked
  const failed = answers.some((answer) => answer === undefined);
  if (failed && request.attempts < options.attempts) {
    return { state: 'waiting', reason: 'a provider failed', delayMs: retryDelay(request.attempts, options.random()) };
  }
  if (facts.length > 0) return { state: 'found', record: JSON.stringify(recordOf(request, facts, options.now())) };
  return failed ? { state: 'parked', reason: 'providers failed at every attempt' } : { state: 'nothing' };
}

interface Answer {
  readonly provider: string;
  readonly facts: Facts;
}

async function ask(provider: EnrichmentProvider, domain: string, { onFailure }: AnswerOptions): Promise<Answer | undefined> {
  try {
    return { provider: provider.name, facts: await provider.ask(domain, new AbortController().signal) };
  } catch {
    onFailure(provider.name);
    return undefined;
  }
}

/** Doubles with every attempt, and spreads over half of it, so that what failed together does not come back together. */
export function retryDelay(attempts: number, random: number): number {
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, attempts - 1));
  return Math.round(longest * (0.5 + random / 2));
}

/** The first to know a fact is believed; all who knew any are named. */
function recordOf(request: EnrichmentRequest, answers: readonly Answer[], nowMs: number): EventRecord {
  const facts = Object.assign({}, ...answers.map(({ facts }) => facts).reverse()) as Facts;
  const [primary, ...others] = JSON.parse(request.entities) as [EntityRef, ...EntityRef[]];
  return buildEvent({
    type: 'enrichment.completed',
    id: `enrichment/${request.eventId}`,
    source: '/producers/enrichment-worker',
    tenantId: request.tenantId,
    entities: [primary, ...others.filter(({ type }) => type === 'account' || type === 'contact' || type === 'lead')],
    actor: { type: 'agent', id: 'enrichment-agent' },
    time: new Date(nowMs).toISOString(),
    causationId: request.eventId,
    payload: { ...facts, provider: answers.map(({ provider }) => provider).join(', ') },
  });
}

/** Facts about a company, by the names of `enrichment.completed`; further ones are kept too. */
export interface Facts {
  readonly linkedinUrl?: string;
  readonly companySize?: string;
  readonly industry?: string;
  readonly website?: string;
  readonly [name: string]: string | undefined;
}

/** Somebody who may know something about the company behind a domain. */
export interface EnrichmentProvider {
  /** Shown as who found it. */
  readonly name: string;
  /** Empty facts: it knows nothing. Rejects when it could not find out, which may be otherwise later. */
  ask(domain: string, signal: AbortSignal): Promise<Facts>;
}

/** A refusal that no later try will change. */
export class Refusal extends Error {}

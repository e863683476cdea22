import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { EnrichmentProvider, Facts } from './provider.js';

const dataset = z.record(z.string(), z.record(z.string(), z.string()));

/** What is known already: a file of facts per domain. Rejects when the file is not that. */
export async function datasetProvider(file: string): Promise<EnrichmentProvider> {
  const parsed = dataset.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error('ENRICHMENT_DATASET: must be an object of domains, each with an object of texts');
  const known = new Map<string, Facts>(Object.entries(parsed.data).map(([domain, facts]) => [domain.toLowerCase(), facts]));
  return { name: 'dataset', ask: (domain) => Promise.resolve(known.get(domain) ?? {}) };
}

import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { DataDir } from '../data-dir.js';
import { companiesOf } from '../demo/cast.js';
import { DEFAULT_SEED } from '../demo/config.js';
import { recall } from '../demo/memory.js';
import { knownCompanies } from '../demo/newcomers.js';

/** What the apps are told of the demo's world. Absolute paths. */
export interface DemoFiles {
  /** The sequence engine's letters go to the demo, not to somebody's mail server. */
  readonly mailbox: boolean;
  /** For the email webhook: the provider of every tenant, with its key. */
  readonly webhooks: string;
  /** For the enrichment worker: what is known of the companies. */
  readonly companies: string;
}

const PROVIDERS = ['resend', 'standardwebhooks', 'svix'] as const;

/** Writes them; keys are made once, so that the providers of an earlier run are still believed. */
export async function demoFiles({ demoFile, demoWebhooksFile: webhooks, demoCompaniesFile: companies }: DataDir): Promise<DemoFiles> {
  const seed = (await recall(demoFile))?.seed ?? process.env['DEMO_SEED'] ?? DEFAULT_SEED;
  const endpoints = companiesOf(seed).map(({ tenantId }, i) => ({
    tenant: tenantId,
    provider: PROVIDERS[i % PROVIDERS.length],
    secrets: [`whsec_${randomBytes(32).toString('base64')}`],
  }));
  await writeFile(webhooks, JSON.stringify(endpoints), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await writeFile(companies, JSON.stringify(knownCompanies(seed)));
  return { webhooks, companies, mailbox: process.env['SMTP_URL'] === undefined };
}

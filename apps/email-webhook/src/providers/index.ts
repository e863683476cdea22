import type { ProviderName } from '../endpoints/endpoint.js';
import { mailgun } from './mailgun.js';
import { postmark } from './postmark.js';
import type { Provider } from './provider.js';
import { sendgrid } from './sendgrid.js';
import { ses, type FetchPem } from './ses.js';
import { standardWebhooks } from './standard-webhooks.js';

export function providers(fetchPem: FetchPem): Readonly<Record<ProviderName, Provider>> {
  const svix = standardWebhooks('svix');
  return { sendgrid, mailgun, postmark, resend: svix, svix, standardwebhooks: standardWebhooks('webhook'), ses: ses(fetchPem) };
}

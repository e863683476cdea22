import { fetchPage, type PageLimits } from './fetch-page.js';
import { factsOf } from './page-facts.js';
import { isPublicAddress } from './public-address.js';
import { Refusal, type EnrichmentProvider, type Facts } from './provider.js';

export const PUBLIC_WEB: PageLimits = { isAllowed: isPublicAddress, ports: [80, 443], mostBytes: 512_000, mostRedirects: 4 };

/** The company's own website. Nothing but public addresses is ever asked, also behind redirects. */
export function websiteProvider(limits: PageLimits = PUBLIC_WEB, addressOf = (domain: string) => `https://${domain}/`): EnrichmentProvider {
  return {
    name: 'website',
    async ask(domain, signal): Promise<Facts> {
      try {
        const page = await fetchPage(addressOf(domain), limits, signal);
        return factsOf(page.html, page.url);
      } catch (error) {
        // a site that shows nothing tells nothing; one that does not answer may later
        if (error instanceof Refusal) return {};
        throw error;
      }
    },
  };
}

/** Domains whose addresses say nothing of a company. */
const MAILBOXES = new Set([
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'yahoo.com', 'ymail.com', 'aol.com'],
  ...['icloud.com', 'me.com', 'mac.com', 'gmx.com', 'gmx.net', 'gmx.de', 'web.de', 'mail.com', 'proton.me', 'protonmail.com', 'zoho.com'],
]);

/** One label at least before the last; letters, digits and dashes; the last with a letter, so that no address in digits passes. */
const NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

export type CompanyDomain =
  | { readonly outcome: 'company'; readonly domain: string }
  /** It is somebody's mailbox: there is no company to ask about. */
  | { readonly outcome: 'mailbox' }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'malformed' };

/** The company behind what an event calls a domain, which may be written as an address of the web. */
export function companyDomain(text: string | null): CompanyDomain {
  const given =
    text
      ?.trim()
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .replace(/[/?#].*$/, '')
      .replace(/\.$/, '') ?? '';
  if (given === '') return { outcome: 'none' };
  if (!NAME.test(given)) return { outcome: 'malformed' };
  return MAILBOXES.has(given) ? { outcome: 'mailbox' } : { outcome: 'company', domain: given.replace(/^www\.(?=.+\.)/, '') };
}

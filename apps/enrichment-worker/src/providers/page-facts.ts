import { Parser } from 'htmlparser2';
import type { Facts } from './provider.js';

const LINKEDIN = /^https:\/\/([a-z]{2,3}\.)?linkedin\.com\/company\/[A-Za-z0-9%._-]{1,100}\/?$/;
const LONGEST = 300;

/** What a company's page says of the company: its name, what it does, how large it is, where else it is found. */
export function factsOf(html: string, website: string): Facts {
  const page = readPage(html);
  const organization = page.organizations[0] ?? {};
  const facts = {
    website,
    siteName: page.meta.get('og:site_name') ?? textOf(organization['name']) ?? page.title,
    description: page.meta.get('description') ?? page.meta.get('og:description'),
    industry: textOf(organization['industry']),
    companySize: sizeOf(organization['numberOfEmployees']),
    linkedinUrl: page.links.find((link) => LINKEDIN.test(link)) ?? listOf(organization['sameAs']).find((link) => LINKEDIN.test(link)),
  };
  const present = Object.entries(facts).flatMap(([name, value]) => {
    const text = value?.replace(/\s+/g, ' ').trim().slice(0, LONGEST);
    return text === undefined || text === '' ? [] : [[name, text] as const];
  });
  // an address alone is nothing found
  return present.length > 1 ? Object.fromEntries(present) : {};
}

interface Read {
  title: string | undefined;
  readonly meta: Map<string, string>;
  readonly links: string[];
  readonly organizations: Record<string, unknown>[];
}

function readPage(html: string): Read {
  const read: Read = { title: undefined, meta: new Map(), links: [], organizations: [] };
  let inside: 'title' | 'json' | undefined;
  let text = '';
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'title' && read.title === undefined) inside = 'title';
      if (name === 'script' && attributes['type'] === 'application/ld+json') inside = 'json';
      if (name === 'a' && attributes['href'] !== undefined && read.links.length < 500) read.links.push(attributes['href']);
      if (name === 'meta') {
        const key = (attributes['property'] ?? attributes['name'])?.toLowerCase();
        if (key !== undefined && attributes['content'] !== undefined && !read.meta.has(key)) read.meta.set(key, attributes['content']);
      }
      text = '';
    },
    ontext(more) {
      if (inside !== undefined && text.length < 100_000) text += more;
    },
    onclosetag(name) {
      if (name === 'title' && inside === 'title') read.title = text;
      if (name === 'script' && inside === 'json') read.organizations.push(...organizationsIn(text));
      if (name === 'title' || name === 'script') inside = undefined;
    },
  });
  parser.end(html);
  return read;
}

function organizationsIn(json: string): Record<string, unknown>[] {
  try {
    const parsed = JSON.parse(json) as unknown;
    const graph = isObject(parsed) && Array.isArray(parsed['@graph']) ? parsed['@graph'] : Array.isArray(parsed) ? parsed : [parsed];
    return graph.filter(isObject).filter((node) => /Organization|Corporation|LocalBusiness/.test(listOf(node['@type']).join()));
  } catch {
    return [];
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const listOf = (value: unknown): string[] => [value].flat().filter((one): one is string => typeof one === 'string');

/** schema.org: a number, a text, or a QuantitativeValue. */
function sizeOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  if (!isObject(value)) return undefined;
  const { value: exact, minValue, maxValue } = value;
  if (typeof exact === 'number' || typeof exact === 'string') return String(exact);
  return typeof minValue === 'number' && typeof maxValue === 'number' ? `${minValue}-${maxValue}` : undefined;
}

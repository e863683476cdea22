import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { guardedLookup, type AddressCheck } from './public-address.js';
import { Refusal } from './provider.js';

export interface PageLimits {
  readonly isAllowed: AddressCheck;
  /** Ports that may be asked. */
  readonly ports: readonly number[];
  readonly mostBytes: number;
  readonly mostRedirects: number;
}

export interface Page {
  /** Where the page stands in the end. */
  readonly url: string;
  readonly html: string;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Reads one HTML page, following redirects one by one: each target is held to the same limits as the first. */
export async function fetchPage(start: string, limits: PageLimits, signal: AbortSignal): Promise<Page> {
  let url = start;
  for (let hops = 0; hops <= limits.mostRedirects; hops++) {
    const answer = await get(checked(url, limits), limits, signal);
    if (answer.location === undefined) return { url, html: answer.html };
    url = new URL(answer.location, url).href;
  }
  throw new Refusal('too many redirects');
}

function checked(text: string, { isAllowed, ports }: PageLimits): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new Refusal('no web address');
  if (url.username !== '' || url.password !== '') throw new Refusal('an address with a login');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  if (!ports.includes(port)) throw new Refusal('a port that is not asked');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // no name is looked up for an address that stands there already
  if (isIP(host) !== 0 && !isAllowed(host)) throw new Refusal('an address that is not public');
  return url;
}

interface Answer {
  readonly location?: string;
  readonly html: string;
}

function get(url: URL, limits: PageLimits, signal: AbortSignal): Promise<Answer> {
  const client = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const headers = { accept: 'text/html', 'user-agent': 'annals-enrichment/1', 'accept-encoding': 'identity' };
    const request = client.get(url, { lookup: guardedLookup(limits.isAllowed), agent: false, headers, signal }, (response) => {
      const status = response.statusCode ?? 0;
      const location = REDIRECTS.has(status) ? response.headers.location : undefined;
      if (location !== undefined) {
        response.destroy();
        return resolve({ location, html: '' });
      }
      if (status < 200 || status > 299) {
        response.destroy();
        return reject(
          status >= 500 || status === 429 ? new Error(`the site answers ${status}`) : new Refusal(`the site answers ${status}`),
        );
      }
      if (!/^text\/html|^application\/xhtml/i.test(response.headers['content-type'] ?? '')) {
        response.destroy();
        return reject(new Refusal('the site shows no HTML'));
      }
      readSome(response, limits.mostBytes).then((html) => resolve({ html }), reject);
    });
    request.once('error', reject);
  });
}

/** As much as it takes: what describes a page stands at its beginning. */
async function readSome(response: http.IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= mostBytes) break;
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
}

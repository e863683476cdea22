import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PageLimits } from './fetch-page.js';
import { guarded } from './guarded-provider.js';
import { isPublicAddress } from './public-address.js';
import type { EnrichmentProvider } from './provider.js';
import { PUBLIC_WEB, websiteProvider } from './website.js';

let server: Server;
let port: number;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (path === '/redirect') return void response.writeHead(302, { location: '/company' }).end();
    if (path === '/inward') return void response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    if (path === '/inward-name') return void response.writeHead(302, { location: `http://localhost:${port}/company` }).end();
    if (path === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
    if (path === '/down') return void response.writeHead(503).end();
    if (path === '/gone') return void response.writeHead(404).end();
    if (path === '/never') return;
    if (path === '/binary') return void response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF');
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.write('<title>Larkfield Robotics</title>');
    if (path !== '/endless') return void response.end();
    const more = setInterval(() => response.write('x'.repeat(65_536)), 1);
    response.once('close', () => clearInterval(more));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void asked.splice(0));

/** The server of this spec stands on the loopback: it alone is let through. */
const here = (): PageLimits => ({ ...PUBLIC_WEB, isAllowed: (address) => address === '127.0.0.1', ports: [port] });
const signal = (): AbortSignal => AbortSignal.timeout(5_000);
const at = (path: string, limits = here(), host = '127.0.0.1'): EnrichmentProvider =>
  websiteProvider(limits, () => `http://${host}:${port}${path}`);

describe('a company’s website', () => {
  it('tells what its page says, also behind a redirect', async () => {
    expect(await at('/company').ask('x', signal())).toMatchObject({
      siteName: 'Larkfield Robotics',
      website: `http://127.0.0.1:${port}/company`,
    });
    expect(await at('/redirect').ask('x', signal())).toMatchObject({ siteName: 'Larkfield Robotics' });
  });

  it('is not asked at a private address, by number or by name', async () => {
    const strict = { ...here(), isAllowed: isPublicAddress };
    expect(await at('/company', strict).ask('x', signal())).toEqual({});
    expect(await at('/company', strict, 'localhost').ask('x', signal())).toEqual({});
    expect(asked).toEqual([]);
  });

  it('leads nowhere inside by a redirect', async () => {
    const limits = { ...here(), ports: [port, 80] };
    expect(await at('/inward', limits).ask('x', signal())).toEqual({});
    const onlyLiteral = { ...here(), isAllowed: (address: string) => address === '127.0.0.1' && asked.length === 1 };
    expect(await at('/inward-name', onlyLiteral).ask('x', signal())).toEqual({});
    expect(asked).toEqual(['/inward', '/inward-name']);
  });

  it('tells nothing when it is gone, shows no page or leads in circles', async () => {
    for (const path of ['/gone', '/binary', '/loop']) expect(await at(path).ask('x', signal())).toEqual({});
    expect(await websiteProvider(here(), () => 'file:///etc/passwd').ask('x', signal())).toEqual({});
    expect(await websiteProvider(PUBLIC_WEB, () => `http://example.com:${port}/`).ask('x', signal())).toEqual({});
  });

  it('is read only as far as a description reaches', async () => {
    expect(await at('/endless').ask('x', signal())).toMatchObject({ siteName: 'Larkfield Robotics' });
  });

  it('that is down has failed, and may tell later', async () => {
    await expect(at('/down').ask('x', signal())).rejects.toThrow('503');
  });
});

describe('a guarded provider', () => {
  const options = { timeoutMs: 200, perSecond: 1000, cacheMs: 60_000, failures: 2, restMs: 60_000 };

  it('is asked once for what it has told', async () => {
    const provider = guarded(at('/company'), options);
    await Promise.all([provider.ask('a.example.com', signal()), provider.ask('a.example.com', signal())]);
    await provider.ask('a.example.com', signal());
    expect(asked).toEqual(['/company']);
  });

  it('is not waited for too long, and left alone after failures in a row', async () => {
    const provider = guarded(at('/never'), options);
    for (const domain of ['a', 'b', 'c', 'd']) await expect(provider.ask(domain, signal())).rejects.toThrow();
    expect(asked).toHaveLength(2);
  });

  it('is asked at its rate', async () => {
    const began = performance.now();
    const provider = guarded({ name: 'quick', ask: () => Promise.resolve({}) }, { ...options, perSecond: 50 });
    await Promise.all(Array.from({ length: 6 }, (_, i) => provider.ask(`${i}`, signal())));
    expect(performance.now() - began).toBeGreaterThan(90);
  });
});

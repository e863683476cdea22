import { createMetrics } from '../metrics/create-metrics.js';
import { startOpsServer, type OpsServer } from '../http/ops-server.js';
import { metricsWithPeers } from '../metrics/peer-metrics.js';
import { tellDegraded, type DegradedTenant } from './degraded.js';
import { HealthRegistry } from './health-registry.js';
import { peerCheck } from './peer-check.js';

const never = () => new Promise<never>(() => undefined);

describe('the health of a process', () => {
  it('is ready while every check is up, and shows the state and details of each', async () => {
    const health = new HealthRegistry('ingest');
    health.add('database', () => ({ state: 'up', details: { pool: 3 } }));
    expect(await health.ready()).toEqual({ status: 'ok', app: 'ingest', checks: { database: { state: 'up', details: { pool: 3 } } } });
    health.add('consumer', () => Promise.reject(new Error('crashed')));
    expect(await health.ready()).toMatchObject({ status: 'unavailable', checks: { consumer: { state: 'down', details: 'crashed' } } });
  });

  it('is degraded, and ready, while a job has set tenants aside, and names both', async () => {
    const health = new HealthRegistry('automation');
    const metrics = createMetrics('automation');
    const aside: DegradedTenant[] = [];
    tellDegraded({ health, metrics }, () => aside);
    expect(await health.ready()).toMatchObject({ status: 'ok' });
    const one = { job: 'scores', tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11', failures: 3, error: 'Error 22P02' };
    aside.push({ ...one, since: 0 }, { ...one, since: 0, tenantId: 'other' });
    const since = '1970-01-01T00:00:00.000Z';
    expect(await health.ready()).toMatchObject({
      status: 'degraded',
      checks: { tenants: { state: 'degraded', details: { number: 2, aside: [{ ...one, since }, { tenantId: 'other' }] } } },
    });
    expect(await metrics.metrics()).toContain('annals_degraded_tenants{job="scores",app="automation"} 2');
    aside.length = 0;
    expect(await metrics.metrics()).not.toContain('annals_degraded_tenants{');
    const server = await startOpsServer({ host: '127.0.0.1', port: 0, health, metrics });
    aside.push({ ...one, since: 0 });
    expect(await peerCheck({ name: 'automation', url: `http://127.0.0.1:${server.port}` })(AbortSignal.timeout(1000))).toMatchObject({
      state: 'degraded',
    });
    await server.close();
  });

  it('counts a check that does not answer in time as down, and tells it to give up', async () => {
    const health = new HealthRegistry('ingest');
    let aborted = false;
    health.add('slow', (signal) => (signal.addEventListener('abort', () => (aborted = true)), never()), { timeoutMs: 20 });
    expect((await health.ready()).checks['slow']).toEqual({ state: 'down', details: 'no answer within 20 ms' });
    expect(aborted).toBe(true);
  });

  it('is alive although not ready, unless a check of life fails', async () => {
    const health = new HealthRegistry('ingest');
    health.add('database', () => ({ state: 'down' }));
    expect((await health.live()).status).toBe('ok');
    health.add('loop', () => ({ state: 'down' }), { live: true });
    expect((await health.live()).status).toBe('unavailable');
  });

  it('is not ready once it is stopping', async () => {
    const health = new HealthRegistry('ingest');
    health.markStopping();
    expect(await health.ready()).toMatchObject({ status: 'unavailable', checks: { process: { state: 'down' } } });
  });
});

describe('the small server for health and metrics', () => {
  const health = new HealthRegistry('ingest');
  const metrics = createMetrics('ingest');
  let up = true;
  let server: OpsServer;
  health.add('database', () => ({ state: up ? 'up' : 'down' }));
  beforeAll(async () => {
    server = await startOpsServer({ host: '127.0.0.1', port: 0, health, metrics });
  });
  afterAll(() => server.close());
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);

  it('answers 200 while ready and 503 otherwise', async () => {
    expect((await get('/health/ready')).status).toBe(200);
    up = false;
    expect((await get('/health/ready')).status).toBe(503);
    expect((await get('/health/live')).status).toBe(200);
    up = true;
  });

  it('serves the metrics of the process', async () => {
    expect(await (await get('/metrics')).text()).toContain('process_cpu_seconds_total{app="ingest"}');
  });

  it('refuses other paths and methods with a problem document', async () => {
    const unknown = await get('/nothing');
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
    expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('lets another app speak for this one', async () => {
    const peer = { name: 'ingest', url: `http://127.0.0.1:${server.port}` };
    const check = peerCheck(peer);
    expect(await check(AbortSignal.timeout(1000))).toEqual({ state: 'up', details: { database: { state: 'up' } } });
    const text = await metricsWithPeers(createMetrics('query'), [peer, { name: 'gone', url: 'http://127.0.0.1:1' }]);
    expect(text).toContain('process_cpu_seconds_total{app="query"}');
    expect(text).toContain('process_cpu_seconds_total{app="ingest"}');
    expect(text.match(/# TYPE process_cpu_seconds_total /g)).toHaveLength(1);
    expect(text).toContain('annals_peer_up{peer="ingest"} 1');
    expect(text).toContain('annals_peer_up{peer="gone"} 0');
  });
});

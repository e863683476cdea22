import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { HealthRegistry, HealthReport } from '../health/health-registry.js';
import { METRICS_CONTENT_TYPE } from '../metrics/create-metrics.js';
import { problem, PROBLEM_CONTENT_TYPE } from './problem.js';

export interface OpsServer {
  readonly port: number;
  close(): Promise<void>;
}

interface OpsServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly health: HealthRegistry;
  readonly metrics: Registry;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** `/health/live`, `/health/ready` and `/metrics` for a process that serves no other HTTP. Rejects when the port is taken. */
export async function startOpsServer(options: OpsServerOptions): Promise<OpsServer> {
  const server = createServer((request, response) => void respond(options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function respond(options: OpsServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0] ?? '';
  const answer = await answerTo(options, request.method ?? '', path).catch(() => problemAnswer(500));
  response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answerTo({ health, metrics }: OpsServerOptions, method: string, path: string): Promise<Answer> {
  const known = ['/health/live', '/health/ready', '/metrics'].includes(path);
  if (!known) return problemAnswer(404);
  if (method !== 'GET' && method !== 'HEAD') return problemAnswer(405);
  if (path === '/metrics') return { status: 200, type: METRICS_CONTENT_TYPE, body: await metrics.metrics() };
  return healthAnswer(await (path === '/health/live' ? health.live() : health.ready()));
}

function healthAnswer(report: HealthReport): Answer {
  return { status: healthStatus(report), type: 'application/json; charset=utf-8', body: JSON.stringify(report) };
}

/** 503 takes the process out of a load balancer. */
export function healthStatus(report: HealthReport): 200 | 503 {
  return report.status === 'unavailable' ? 503 : 200;
}

function problemAnswer(status: number): Answer {
  return { status, type: PROBLEM_CONTENT_TYPE, body: JSON.stringify(problem({ status })) };
}

import type { FastifyInstance } from '../http/fastify-types.js';
import { Histogram, type Registry } from 'prom-client';
import { logRequest, type Logger } from '#libs/service';

/** One observation and one log line a request, by the route's pattern: paths and queries hold ids. */
export function watchRequests(fastify: FastifyInstance, metrics: Registry, logger: Logger): void {
  const seconds = new Histogram({
    name: 'annals_http_seconds',
    help: 'Time to answer a request, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [metrics],
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const streamed = String(reply.raw.getHeader('content-type')).startsWith('text/event-stream');
    // how long a client listens says nothing about how fast it was answered
    if (streamed) return done();
    const answered = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode };
    seconds.observe(answered, reply.elapsedTime / 1000);
    logRequest(logger, { ...answered, milliseconds: reply.elapsedTime });
    done();
  });
}

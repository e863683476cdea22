import { NotFoundException } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AllowedMethods } from './allowed-methods.js';
import { fastifyOptions } from './fastify-options.js';
import type { FastifyInstance } from './fastify-types.js';
import { malformed, unauthenticated } from './problem-exception.js';
import { problemOf } from './problem-of.js';

describe('the problem made of an error', () => {
  it('names the field of a malformed request', () => {
    expect(problemOf(malformed('limit', 'must be a number')).problem).toMatchObject({
      status: 400,
      errors: [{ field: 'limit', message: 'must be a number' }],
    });
  });

  it('says how to authenticate', () => {
    expect(problemOf(unauthenticated('the token has expired', true)).headers).toEqual({
      'www-authenticate': 'Bearer realm="annals", error="invalid_token"',
    });
  });

  it('is 503 with Retry-After while the database is away', () => {
    const answer = problemOf(Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' }));
    expect(answer.problem.status).toBe(503);
    expect(answer.headers).toEqual({ 'retry-after': '2' });
    expect(JSON.stringify(answer)).not.toContain('10.0.0.1');
  });

  it('tells nothing of an error of ours', () => {
    const answer = problemOf(new TypeError('undefined is not a function'));
    expect(answer.problem).toEqual({ type: 'about:blank', title: 'Internal error', status: 500 });
    expect(problemOf('thrown text').problem.status).toBe(500);
  });

  it('keeps the status of what Nest and Fastify refuse', () => {
    expect(problemOf(new NotFoundException()).problem.status).toBe(404);
    expect(problemOf(Object.assign(new Error('x'), { statusCode: 413, code: 'FST_ERR_CTP_BODY_TOO_LARGE' })).problem).toMatchObject({
      status: 413,
      detail: 'the body is too large',
    });
  });
});

describe('the methods of a path', () => {
  it('are those of every route that matches it', async () => {
    const fastify = new FastifyAdapter(fastifyOptions()).getInstance<FastifyInstance>();
    const allowed = new AllowedMethods();
    allowed.watch(fastify);
    fastify.get('/api/things/:id', () => '');
    fastify.post('/api/things/:id', () => '');
    fastify.get('/docs/*', () => '');
    await fastify.ready();
    expect(allowed.of('/api/things/a%2Fb?x=1')).toEqual(['GET', 'HEAD', 'POST']);
    expect(allowed.of('/docs/a/b')).toEqual(['GET', 'HEAD']);
    expect(allowed.of('/api/things')).toEqual([]);
    await fastify.close();
  });
});

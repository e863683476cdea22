import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from './fastify-types.js';

/** Seed 002's own `fetch` names no content type for its JSON, so it comes as text; on its paths and for Add Note text is taken for JSON. */
const TEXT_IS_JSON = /^\/api\/(crm\/activity\/|v1\/timelines\/[^/]+\/[^/]+\/notes(\?|$))/;

type Done = (error: Error | null, body?: unknown) => void;

/**
 * Bodies are JSON in UTF-8 and nothing else: any other content type is 415, but text on the seeds' paths; bytes that are no UTF-8 are refused, as
 * ingest refuses them, and not stored with a mark in their place. Call before routes are made.
 */
export function takeJsonBodies(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  const parse = (request: FastifyRequest, body: Buffer, done: Done): void => {
    if (isUtf8(body)) void parseJson(request, body.toString('utf8'), done);
    else done(new NotUtf8());
  };
  fastify.removeContentTypeParser(['application/json', 'text/plain']);
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => parse(request, body as Buffer, done));
  fastify.addContentTypeParser('text/plain', { parseAs: 'buffer' }, (request, body, done) => {
    if (TEXT_IS_JSON.test(request.url)) parse(request, body as Buffer, done);
    else done(new UnsupportedBody(), undefined);
  });
}

class UnsupportedBody extends Error {
  readonly statusCode = 415;
  readonly code = 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
}

class NotUtf8 extends Error {
  readonly statusCode = 400;
  readonly code = 'NOT_UTF8';
}

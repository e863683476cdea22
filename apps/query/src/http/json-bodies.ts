import type { FastifyInstance } from './fastify-types.js';

/** Seed 002's own `fetch` names no content type for its JSON, so it comes as text; on these paths text is taken for JSON. */
const TEXT_IS_JSON = '/api/crm/activity/';

/** Bodies are JSON and nothing else: any other content type is 415, but text on seed 002's paths. Call before routes are made. */
export function takeJsonBodies(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser('text/plain', { parseAs: 'string' }, (request, body, done) => {
    if (request.url.startsWith(TEXT_IS_JSON)) void parseJson(request, body as string, done);
    else done(new UnsupportedBody(), undefined);
  });
}

class UnsupportedBody extends Error {
  readonly statusCode = 415;
  readonly code = 'FST_ERR_CTP_INVALID_MEDIA_TYPE';
}

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyServerOptions } from './fastify-types.js';
import { problem, PROBLEM_CONTENT_TYPE } from '#libs/service';
import { problemOf } from './problem-of.js';
import { sendProblem, type ProblemReply } from './problem.filter.js';

/** Fastify as annals runs it: without its own log, and with problem documents where it answers before any route does. */
export function fastifyOptions(): FastifyServerOptions {
  return {
    logger: false,
    bodyLimit: 1_048_576,
    // a record's id has up to 255 characters, each up to 12 in percent-encoding
    routerOptions: { maxParamLength: 3100, ignoreTrailingSlash: true },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    // no route has been found, so Fastify does not know what may be sent
    frameworkErrors: (error, _request, reply) => sendProblem(reply as unknown as ProblemReply, problemOf(error)),
    clientErrorHandler: refuseUnreadable,
  };
}

const STATUS_OF: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Bytes that are no HTTP: there is no request and no reply, only the socket. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF[error.code ?? ''] ?? 400;
  const body = JSON.stringify(problem({ status }));
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, `content-type: ${PROBLEM_CONTENT_TYPE}`, 'connection: close'];
  socket.end([...head, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
}

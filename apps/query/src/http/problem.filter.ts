import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from './fastify-types.js';
import { problem, PROBLEM_CONTENT_TYPE, type Logger } from '#libs/service';
import type { AllowedMethods } from './allowed-methods.js';
import { problemOf, type ProblemAnswer } from './problem-of.js';

/** The last word on every error: a problem document, and a log line where the fault is ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly allowed: AllowedMethods,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const answer = request.is404 ? this.noRoute(request) : problemOf(error);
    this.logFault(error, answer.problem.status, request);
    sendProblem(http.getResponse<FastifyReply>(), answer);
  }

  /** While the database is away every request fails alike: a stack each would bury the log. */
  private logFault(error: unknown, status: number, request: FastifyRequest): void {
    const route = request.routeOptions.url;
    if (status === 503) this.logger.warn({ route, reason: error instanceof Error ? error.message : undefined }, 'unavailable');
    else if (status >= 500) this.logger.error({ err: error, route }, 'request failed');
  }

  private noRoute(request: FastifyRequest): ProblemAnswer {
    const methods = this.allowed.of(request.url);
    if (methods.length === 0) return { problem: problem({ status: 404, detail: 'there is no such path' }), headers: {} };
    const allow = methods.join(', ');
    return { problem: problem({ status: 405, detail: `this path answers ${allow}` }), headers: { allow } };
  }
}

/** As much of a reply as it takes to send a problem. */
export interface ProblemReply {
  readonly sent: boolean;
  code(status: number): unknown;
  headers(values: Record<string, string>): unknown;
  send(body: string): unknown;
}

export function sendProblem(reply: ProblemReply, { problem, headers }: ProblemAnswer): void {
  if (reply.sent) return;
  reply.code(problem.status);
  reply.headers({ ...headers, 'content-type': PROBLEM_CONTENT_TYPE });
  reply.send(JSON.stringify(problem));
}

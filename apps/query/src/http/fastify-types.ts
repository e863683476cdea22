import type { HttpServer } from '@nestjs/common';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';

// Fastify's own types, by way of the package that brings it: those of a second copy beside Nest's would not be the same.
type Parts<A> =
  A extends HttpServer<infer Request, infer Reply, infer Instance>
    ? { readonly request: Request; readonly reply: Reply; readonly instance: Instance }
    : never;
type Adapter = ReturnType<NestFastifyApplication['getHttpAdapter']>;

export type FastifyRequest = Parts<Adapter>['request'];
export type FastifyReply = Parts<Adapter>['reply'];
export type FastifyInstance = Parts<Adapter>['instance'];
export type FastifyServerOptions = NonNullable<ConstructorParameters<typeof FastifyAdapter>[0]>;

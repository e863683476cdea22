import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { HttpServer } from '@nestjs/common';

type Parts<A> = A extends HttpServer<infer R, infer S, infer I> ? { readonly request: R; readonly reply: S; readonly instance: I } : never;
type Adapter = Parts<ReturnType<NestFastifyApplication['getHttpAdapter']>>;

export type Request = Adapter['request'];
export type Reply = Adapter['reply'];
export type Instance = Adapter['instance'];

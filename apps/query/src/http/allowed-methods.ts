import type { FastifyInstance } from './fastify-types.js';

/** The methods that each path answers, so that a wrong one is 405 and not 404 (Fastify keeps a router per method). */
export class AllowedMethods {
  private readonly routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  /** Sees the routes that are registered from now on. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ url, method }) => {
      const route = this.routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
      this.routes.set(url, route);
      for (const name of [method].flat()) route.methods.add(name);
    });
  }

  /** Sorted; empty where no route has the path. `url` may carry a query. */
  of(url: string): string[] {
    const path = url.split('?')[0] ?? '';
    const matching = [...this.routes.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(matching.flatMap(({ methods }) => [...methods]))].sort();
  }
}

function patternOf(url: string): RegExp {
  const segments = url.split('/').map((segment) => {
    if (segment.startsWith(':')) return '[^/]+';
    return segment === '*' ? '.*' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}/?$`);
}

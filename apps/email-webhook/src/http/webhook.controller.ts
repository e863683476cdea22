import { Controller, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { problem, PROBLEM_CONTENT_TYPE } from '#libs/service';
import { PROVIDERS, type ProviderName } from '../endpoints/endpoint.js';
import { acceptCallback, type Accepted } from '../mail/accept-callback.js';
import type { EventCount } from '../mail/place-events.js';
import type { Callback } from '../providers/provider.js';
import { WEBHOOK_PARTS, type WebhookParts } from '../webhook-parts.js';
import type { Reply, Request } from './fastify-types.js';

/** Where providers call back. */
@Controller('webhooks')
export class WebhookController {
  constructor(@Inject(WEBHOOK_PARTS) private readonly parts: WebhookParts) {}

  @Post(':provider/:tenantId')
  async callback(
    @Param('provider') provider: string,
    @Param('tenantId') tenantId: string,
    @Req() request: Request,
    @Res() reply: Reply,
  ): Promise<void> {
    if (!isProvider(provider)) return refuse(reply, 404, `there is no such provider; known are ${PROVIDERS.join(', ')}`);
    const accepted = await this.accept(provider, tenantId, request);
    this.parts.metrics.requests.inc({ provider, outcome: accepted.outcome });
    answer(reply, accepted);
  }

  /** An endpoint that is not there looks like a signature that is not right: tenants cannot be tried out. */
  private async accept(provider: ProviderName, tenantId: string, request: Request): Promise<Accepted> {
    const { endpoints, providers, database, publisher, confirm, logger } = this.parts;
    const endpoint = endpoints.find(provider, tenantId);
    if (endpoint === undefined) return { outcome: 'refused' };
    const onUnavailable = (err: unknown): void => logger.warn({ err, provider }, 'a callback could not be kept: the provider tries again');
    const means = { database, publisher, confirm, onUnavailable };
    const accepted = await acceptCallback(means, providers[provider], endpoint, callbackOf(request));
    if (accepted.outcome === 'accepted') this.count(provider, accepted.counts);
    return accepted;
  }

  private count(provider: ProviderName, counts: readonly EventCount[]): void {
    for (const { name, outcome } of counts) this.parts.metrics.events.inc({ provider, name: name.slice(0, 40), outcome });
  }
}

const isProvider = (name: string): name is ProviderName => (PROVIDERS as readonly string[]).includes(name);

function callbackOf({ body, headers }: Request): Callback {
  const single = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]);
  return {
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    headers: Object.fromEntries(single) as Record<string, string | undefined>,
    nowMs: Date.now(),
  };
}

function answer(reply: Reply, accepted: Accepted): void {
  switch (accepted.outcome) {
    case 'accepted':
      reply.code(200).header('content-type', 'application/json; charset=utf-8');
      reply.send(JSON.stringify(totals(accepted.counts)));
      return;
    case 'refused':
      return refuse(reply, 401, 'the signature or the credentials are not right');
    case 'unparsable':
      return refuse(reply, 400, 'the body is not what this provider sends');
    case 'unavailable':
      reply.header('retry-after', '30');
      return refuse(reply, 503, 'not kept: send it again');
  }
}

/** How many events of each outcome. */
function totals(counts: readonly EventCount[]): Record<string, number> {
  const totals: Record<string, number> = { events: counts.length };
  for (const { outcome } of counts) totals[outcome] = (totals[outcome] ?? 0) + 1;
  return totals;
}

function refuse(reply: Reply, status: number, detail: string): void {
  reply.code(status).header('content-type', PROBLEM_CONTENT_TYPE);
  reply.send(JSON.stringify(problem({ status, detail })));
}

import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { EntityRef } from '#libs/contracts';
import type { StoryEvent } from './tell.js';

/** Tells what happened to a message as its provider would. Rejects when it is not taken. */
export type CallBack = (event: ToldByProvider) => Promise<void>;

export interface ToldByProvider extends Pick<StoryEvent, 'tenantId' | 'id' | 'type' | 'time' | 'payload'> {
  /** None: the webhook finds out by the message. */
  readonly entities: readonly EntityRef[];
}

const endpoints = z.array(
  z.object({ tenant: z.string(), provider: z.enum(['resend', 'svix', 'standardwebhooks']), secrets: z.array(z.string()).min(1) }),
);
type Endpoint = z.infer<typeof endpoints>[number];

const PATIENCE_MS = 10_000;

/** Signs for the endpoints of `file`, which the webhook at `baseUrl` reads as well. */
export async function providerCallbacks(file: string, baseUrl: string): Promise<CallBack> {
  const byTenant = new Map(endpoints.parse(JSON.parse(await readFile(file, 'utf8'))).map((endpoint) => [endpoint.tenant, endpoint]));
  return async (event) => {
    const endpoint = byTenant.get(event.tenantId);
    if (endpoint === undefined) throw new Error('no provider works for this tenant');
    const body = JSON.stringify(callbackOf(event));
    const response = await fetch(`${baseUrl}/webhooks/${endpoint.provider}/${endpoint.tenant}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signatureOf(endpoint, event.id, body, Date.now()) },
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    if (response.status !== 200) throw new Error(`the email webhook answered ${response.status}`);
  };
}

/** Standard Webhooks: HMAC-SHA-256 over id, timestamp and body; Svix and Resend name the headers otherwise. */
function signatureOf({ provider, secrets: [secret = ''] }: Endpoint, id: string, body: string, nowMs: number): Record<string, string> {
  const prefix = provider === 'standardwebhooks' ? 'webhook' : 'svix';
  const timestamp = String(Math.floor(nowMs / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { [`${prefix}-id`]: id, [`${prefix}-timestamp`]: timestamp, [`${prefix}-signature`]: `v1,${signature}` };
}

/** What people read their mail with. */
export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** What the provider says; whose mail it is stands in the tags that the sender gave it. */
function callbackOf({ type, time, entities, payload }: ToldByProvider): object {
  const said = payload as Readonly<Record<string, unknown>>;
  const timestamp = time.toISOString();
  return {
    type,
    created_at: timestamp,
    data: {
      email_id: said['messageId'],
      subject: said['emailSubject'],
      tags: Object.fromEntries(entities.map((ref) => [`annals_${ref.type}`, ref.id])),
      ...(said['machine'] === true && { machine: true }),
      ...(type === 'email.opened' && { open: { timestamp, userAgent: BROWSER } }),
      ...(type === 'email.clicked' && { click: { timestamp, link: said['url'], userAgent: BROWSER } }),
      ...(type === 'email.bounced' && { bounce: { type: said['bounceType'], message: said['reason'] } }),
      ...(type === 'email.received' && { in_reply_to: said['inReplyTo'], snippet: said['snippet'] }),
    },
  };
}

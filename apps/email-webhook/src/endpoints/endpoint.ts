import { z } from 'zod';

/** The names in the path `/webhooks/:provider/:tenantId`. */
export const PROVIDERS = ['sendgrid', 'mailgun', 'postmark', 'resend', 'svix', 'standardwebhooks', 'ses'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** What verifies the callbacks of one tenant's account at one provider. */
export interface Endpoint {
  /** Lower-case UUID. */
  readonly tenant: string;
  readonly provider: ProviderName;
  /** Any of them may have signed: an old one and a new one while keys are rotated. */
  readonly secrets: readonly string[];
  /** Base64 of the DER SubjectPublicKeyInfo, or PEM. */
  readonly publicKey?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Of these topics notifications are taken and subscriptions confirmed. */
  readonly topicArns: readonly string[];
  /** PEM that stands in for the certificate which SNS names. */
  readonly certificate?: string | undefined;
}

const filled = z.string().min(1);
const endpoint = z
  .strictObject({
    tenant: z.uuid().toLowerCase(),
    provider: z.enum(PROVIDERS),
    secrets: z.array(filled).default([]),
    publicKey: filled.optional(),
    user: filled.optional(),
    password: filled.optional(),
    topicArns: z.array(filled).default([]),
    certificate: filled.optional(),
  })
  .superRefine((given, context) => {
    for (const [path, message] of missing(given)) context.addIssue({ code: 'custom', path: [path], message });
  });

function missing({ provider, secrets, publicKey, user, password, topicArns }: Endpoint): [string, string][] {
  if (provider === 'sendgrid') return publicKey === undefined ? [['publicKey', 'is needed: the verification key']] : [];
  if (provider === 'postmark') return user === undefined || password === undefined ? [['user', 'and password are needed']] : [];
  if (provider === 'ses') return topicArns.length === 0 ? [['topicArns', 'must name at least one topic']] : [];
  return secrets.length === 0 ? [['secrets', 'must hold at least one']] : [];
}

export type ReadEndpoints =
  | { readonly outcome: 'valid'; readonly endpoints: readonly Endpoint[] }
  /** One sentence a fault, with the place; never a value. */
  | { readonly outcome: 'invalid'; readonly faults: readonly string[] };

/** Reads the endpoints file. Every fault is named at once. */
export function readEndpoints(text: string): ReadEndpoints {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { outcome: 'invalid', faults: ['the file is not JSON'] };
  }
  const parsed = z.array(endpoint).safeParse(json);
  if (!parsed.success) {
    return { outcome: 'invalid', faults: parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`) };
  }
  const keys = parsed.data.map(endpointKey);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (twice.length > 0) return { outcome: 'invalid', faults: twice.map((key) => `${key}: is there twice; list several secrets instead`) };
  return { outcome: 'valid', endpoints: parsed.data };
}

export const endpointKey = ({ provider, tenant }: Pick<Endpoint, 'provider' | 'tenant'>): string => `${provider}/${tenant}`;

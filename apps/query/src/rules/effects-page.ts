import { listEffects, type EffectPlace, type TenantClient } from '#libs/store';
import { malformed, notFound } from '../http/problem-exception.js';
import type { EffectsAnswer } from './rule-answers.js';
import type { EffectsQueryDto } from './rule.dto.js';

/** Inside `inTenant`. 404: no such rule, nor was there one. */
export async function effectsPage(
  client: TenantClient,
  ruleId: string,
  { limit, outcome, cursor }: EffectsQueryDto,
): Promise<EffectsAnswer> {
  const effects = await listEffects(client, ruleId, { limit: limit + 1, outcome, after: placeOf(cursor) });
  if (effects === null) throw notFound();
  const shown = effects.slice(0, limit);
  const last = effects.length > limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(({ ruleVersion, eventId, position, recipient, outcome: decided, decidedAt }) => ({
      ...{ ruleVersion, eventId, position: Number(position), recipient },
      ...{ outcome: decided, at: decidedAt.toISOString() },
    })),
    next: last ? cursorOf(last) : null,
  };
}

/** Holds nothing that the page does not show. */
function cursorOf({ position, ruleVersion, recipient }: EffectPlace): string {
  return Buffer.from(JSON.stringify([String(position), ruleVersion, recipient])).toString('base64url');
}

function placeOf(cursor: string | undefined): EffectPlace | undefined {
  if (cursor === undefined) return undefined;
  const [, position, version, recipient] = /^\["(\d{1,18})",(\d{1,9}),(".*")\]$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const read = recipient === undefined ? undefined : textOf(recipient);
  if (position === undefined || read === undefined) throw malformed('cursor', 'must be the `next` of an earlier page');
  return { position: BigInt(position), ruleVersion: Number(version), recipient: read };
}

function textOf(json: string): string | undefined {
  try {
    const text: unknown = JSON.parse(json);
    // PostgreSQL knows no U+0000
    return typeof text === 'string' && !text.includes('\0') ? text : undefined;
  } catch {
    return undefined;
  }
}

import { canonicalJson, type ActivityEvent } from '#libs/contracts';

export function envelopeJson(event: ActivityEvent): string {
  const { payload: _payload, summary: _summary, effect: _effect, occurredAt, recordedAt, ...rest } = event;
  return canonicalJson({ ...rest, occurredAt: String(occurredAt), recordedAt: recordedAt === null ? null : String(recordedAt) });
}

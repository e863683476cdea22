import type { DeadLetterReason } from '../dead-letter-reasons.js';
import type { Rejection } from '../event.js';

/** Why a step of decoding stops. A class only so that one `instanceof` tells it from what the step returns. */
export class Refused implements Rejection {
  constructor(
    readonly reason: DeadLetterReason,
    readonly schemaPath: string,
    readonly message: string,
  ) {}
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** 1 to 255 characters, counted as code points like PostgreSQL does. */
export function isShortText(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0) return false;
  return value.length <= 255 || (value.length <= 510 && Array.from(value).length <= 255);
}

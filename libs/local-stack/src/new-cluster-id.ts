import { randomBytes } from 'node:crypto';

/** A Kafka id of 16 random bytes. Kafka's tools would take one that begins with a dash for an option. */
export function newClusterId(): string {
  return `A${randomBytes(16).toString('base64url').slice(1)}`;
}

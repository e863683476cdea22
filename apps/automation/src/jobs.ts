import type { LedJob } from '#libs/store';
import type { AutomationParts } from './automation-parts.js';

/** Everything that follows from events, each done by one instance of all; an append wakes them. */
export function jobsOf(_parts: AutomationParts): readonly LedJob[] {
  return [];
}

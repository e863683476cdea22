import type { LedJob } from '#libs/store';
import type { AutomationParts } from './automation-parts.js';
import { notificationRelay } from './notifications/relay-notifications.js';
import { rollupsFolding } from './rollups/rollups-folding.js';
import { rulesFollower } from './rules/follow-rules.js';
import { scoringEngine } from './scores/score-leads.js';
import { scoreFeed } from './scores/score-feed.js';

/** Everything that follows from events, each done by one instance of all; an append wakes them. */
export function jobsOf(parts: AutomationParts): readonly LedJob[] {
  return [
    rulesFollower(parts),
    notificationRelay(parts),
    rollupsFolding(parts.database),
    scoreFeed(parts, parts.scoreFeedBackfill),
    scoringEngine(parts),
  ];
}

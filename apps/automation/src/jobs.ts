import type { LedJob } from '#libs/store';
import type { AutomationParts } from './automation-parts.js';
import type { JobName } from './job-names.js';
import { notificationRelay } from './notifications/relay-notifications.js';
import { rollupsFolding } from './rollups/rollups-folding.js';
import { retentionJob } from './retention/prune.js';
import { rulesFollower } from './rules/follow-rules.js';
import { scoringEngine } from './scores/score-leads.js';
import { scoreFeed } from './scores/score-feed.js';

const JOBS: Readonly<Record<JobName, (parts: AutomationParts) => LedJob>> = {
  rules: rulesFollower,
  'relay-notifications': notificationRelay,
  rollups: rollupsFolding,
  'score-feed': (parts) => scoreFeed(parts, parts.scoreFeedBackfill),
  scores: scoringEngine,
  retention: retentionJob,
};

/** What follows from events, each job done by one instance of all; an append wakes them. */
export function jobsOf(parts: AutomationParts, names: readonly JobName[]): readonly LedJob[] {
  return names.map((name) => JOBS[name](parts));
}

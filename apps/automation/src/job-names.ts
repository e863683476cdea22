/** What automation does; an instance may do a part of it. */
export const JOB_NAMES = ['rules', 'relay-notifications', 'rollups', 'score-feed', 'scores', 'retention'] as const;
export type JobName = (typeof JOB_NAMES)[number];

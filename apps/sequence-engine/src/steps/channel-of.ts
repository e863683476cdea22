import type { Channel, Enrollment, Sequence } from '#libs/sequences';

/** Of the next step; of the last where there is none. */
export function channelOf({ step }: Enrollment, { steps }: Sequence): Channel {
  return (steps[Math.min(step, steps.length - 1)] as Sequence['steps'][number]).channel;
}

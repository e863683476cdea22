import { Type } from '@sinclair/typebox';
import { ANY_RECORD } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { id, text } from '../payload-fields.js';

export const activityRetracted = defineEvent({
  type: 'activity.retracted',
  aliases: ['activity_retracted', 'activity.deleted', 'activity_deleted'],
  activityName: 'activity_retracted',
  topic: 'annals.control',
  when: 'soft delete of a wrong activity: hides it from timelines, keeps it in the store',
  primary: ANY_RECORD,
  references: [],
  versions: {
    1: {
      payload: Type.Object({
        targetEventId: id(),
        reason: Type.Optional(text()),
      }),
      summary: 'removed an activity',
    },
  },
  tabs: [],
  icon: 'eye-off',
  deepLink: '{primary}',
  scoreFeed: false,
  visibility: 'staff_only',
  defaultActor: ['human', 'system'],
  groupBy: null,
  effect: (payload) => ({ kind: 'retract-event', targetEventId: payload.targetEventId }),
  examples: [
    {
      entities: [{ type: 'contact', id: 'contact-abc' }],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { targetEventId: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e', reason: 'logged on the wrong contact' },
    },
  ],
});

import { Type } from '@sinclair/typebox';
import { ANY_RECORD } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { count, personal, text, texts } from '../payload-fields.js';

export const meetingLogged = defineEvent({
  type: 'meeting.logged',
  aliases: ['meeting', 'meeting_logged', 'meeting.completed'],
  activityName: 'meeting_logged',
  topic: 'crm.engagement',
  when: 'an in-person meeting is logged through manage',
  primary: ANY_RECORD,
  references: [{ type: 'account' }, { type: 'contact' }, { type: 'deal' }],
  versions: {
    1: {
      payload: Type.Object({
        durationSeconds: Type.Optional(count()),
        location: Type.Optional(personal(text())),
        attendees: Type.Optional(personal(texts())),
        outcome: Type.Optional(text()),
        text: Type.Optional(personal(text())),
      }),
      summary: 'logged a meeting[[, {durationSeconds|duration}]][[, outcome {outcome}]]',
    },
  },
  tabs: [],
  icon: 'users',
  deepLink: '{primary}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['human'],
  groupBy: null,
  examples: [
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: {
        durationSeconds: 3700,
        location: 'Their office',
        attendees: ['Sam Doe', 'Jane Roe'],
        outcome: 'demo agreed',
        text: 'Walked through the rollout plan.',
      },
    },
  ],
});

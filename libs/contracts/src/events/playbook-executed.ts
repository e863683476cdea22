import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { oneOf, text } from '../payload-fields.js';

export const playbookExecuted = defineEvent({
  type: 'playbook.executed',
  aliases: ['playbook_executed', 'playbook.run', 'play.ran'],
  activityName: 'playbook_executed',
  topic: 'crm.playbook',
  when: 'the playbook engine runs a play (prose of 001)',
  primary: ['account', ...CUSTOMERS],
  references: [{ type: 'account' }, { type: 'contact' }],
  versions: {
    1: {
      payload: Type.Object({
        playbookId: text(),
        playName: Type.Optional(text()),
        outcome: Type.Optional(oneOf('completed', 'failed', 'skipped')),
      }),
      summary: 'ran play {playName??playbookId}[[: {outcome}]]',
    },
  },
  tabs: [],
  icon: 'book-open',
  deepLink: '{primary}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'account', id: 'acc-1' }],
      actor: { type: 'system', id: 'playbook-engine' },
      payload: { playbookId: 'play-4', playName: 'Renewal rescue', outcome: 'completed' },
    },
  ],
});

import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { text } from '../payload-fields.js';

export const leadAdded = defineEvent({
  type: 'lead.added',
  aliases: ['lead_created', 'lead.created', 'lead_added'],
  activityName: 'lead_added',
  topic: 'crm.lead',
  when: 'lead form webhook ingestion (the system actor example of 000)',
  primary: ['lead'],
  references: [{ type: 'contact' }, { type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        source: Type.Optional(text()),
        formName: Type.Optional(text()),
      }),
      summary: 'lead added[[ from {source}]]',
    },
  },
  tabs: [],
  icon: 'user-plus',
  deepLink: 'lead/{leadId}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'system', id: 'lead-form-webhook' },
      payload: { source: 'web form', formName: 'contact-us' },
    },
  ],
});

import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event-definition.js';
import { text } from '../payload-fields.js';

export const leadStatusChanged = defineEvent({
  type: 'lead.status_changed',
  aliases: ['status_change', 'lead_status_changed', 'lead.status_change', 'status_changed'],
  activityName: 'status_change',
  topic: 'crm.lead',
  when: 'the status field of the lead is updated',
  primary: ['lead'],
  references: [{ type: 'contact' }, { type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        fromStatus: text(),
        toStatus: text(),
      }),
      summary: 'changed status from {fromStatus} to {toStatus}',
    },
  },
  tabs: [],
  icon: 'refresh',
  deepLink: 'lead/{leadId}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['human', 'agent', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'human', id: 'jane@example.com' },
      payload: { fromStatus: 'new', toStatus: 'qualified' },
    },
  ],
});

import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { personal, text, url } from '../payload-fields.js';

export const enrichmentCompleted = defineEvent({
  type: 'enrichment.completed',
  aliases: ['enrichment', 'enrichment_completed'],
  activityName: 'enrichment',
  topic: 'crm.enrichment',
  when: 'a background enrichment pass finishes and fills enrichment_data',
  primary: [...CUSTOMERS, 'account'],
  references: [{ type: 'account' }, { type: 'contact' }],
  versions: {
    1: {
      payload: Type.Object({
        linkedinUrl: Type.Optional(personal(url())),
        companySize: Type.Optional(text()),
        industry: Type.Optional(text()),
        website: Type.Optional(url()),
        provider: Type.Optional(text()),
      }),
      summary: 'enrichment completed[[: {fields|fieldNames}]]',
    },
  },
  tabs: [],
  icon: 'sparkles',
  deepLink: '{primary}',
  scoreFeed: false,
  visibility: 'staff',
  defaultActor: ['agent', 'system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'agent', id: 'enrichment-agent' },
      payload: { linkedinUrl: 'https://linkedin.com/in/example', companySize: '11-50', industry: 'SaaS', website: 'https://example.com' },
    },
    {
      entities: [{ type: 'account', id: 'acc-1' }],
      actor: { type: 'system', id: 'enrichment-worker' },
      payload: { industry: 'Retail', provider: 'example-data' },
    },
  ],
});

import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { personal, text, url } from '../payload-fields.js';

export const pageVisited = defineEvent({
  type: 'page.visited',
  aliases: ['page_visited'],
  activityName: 'page_visited',
  topic: 'crm.web',
  when: 'analytics ingest',
  primary: CUSTOMERS,
  references: [{ type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        url: personal(url()),
        title: Type.Optional(text()),
        referrer: Type.Optional(personal(url())),
        sessionId: Type.Optional(text()),
        durationSeconds: Type.Optional(Type.Integer()),
        ip: Type.Optional(personal(text())),
      }),
      summary: 'visited {title??url|path}',
    },
  },
  tabs: ['signals'],
  icon: 'globe',
  deepLink: '{primary}',
  scoreFeed: true,
  visibility: 'staff',
  defaultActor: ['system'],
  groupBy: { fields: ['sessionId'], idleMinutes: 30 },
  examples: [
    {
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'system', id: 'analytics' },
      payload: {
        url: 'https://example.com/pricing?utm=1',
        title: 'Pricing',
        referrer: 'https://example.org/',
        sessionId: 's-88',
        durationSeconds: 41,
        ip: '192.0.2.10',
      },
    },
  ],
});

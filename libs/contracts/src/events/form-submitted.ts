import { Type } from '@sinclair/typebox';
import { CUSTOMERS } from '../entity-types.js';
import { defineEvent } from '../event-definition.js';
import { anyObject, personal, text } from '../payload-fields.js';

export const formSubmitted = defineEvent({
  type: 'form.submitted',
  aliases: ['form_submitted'],
  activityName: 'form_submitted',
  topic: 'crm.web',
  when: 'POST /crm/contact-form/post/:app/:name',
  primary: CUSTOMERS,
  references: [{ type: 'account' }],
  versions: {
    1: {
      payload: Type.Object({
        app: Type.Optional(text()),
        formName: text(),
        fields: Type.Optional(personal(anyObject())),
      }),
      summary: 'submitted form {formName}',
    },
  },
  tabs: ['signals'],
  icon: 'clipboard',
  deepLink: '{primary}',
  scoreFeed: true,
  visibility: 'customer',
  defaultActor: ['system'],
  groupBy: null,
  examples: [
    {
      entities: [{ type: 'lead', id: 'lead-xyz' }],
      actor: { type: 'system', id: 'contact-form' },
      payload: { app: 'website', formName: 'contact-us', fields: { email: 'sam@example.com', message: 'Please call me.' } },
    },
  ],
});

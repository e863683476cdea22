import { Ajv } from 'ajv';
import { notificationCreated, NOTIFICATION_SCHEMA } from './notification-created.js';

const ajv = new Ajv({ strict: true, allowUnionTypes: true, formats: { uuid: true, 'date-time': true } });

it('a notification reads as the AsyncAPI document says, with and without a sentence', () => {
  const validate = ajv.compile(NOTIFICATION_SCHEMA);
  const notification = {
    id: '01a1f85f-7403-8777-9e10-d2266caccfb9',
    tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11',
    createdAt: '2026-01-05T14:30:00.000Z',
    recipient: 'rep-1',
    ruleId: 'mention',
    ruleVersion: 1,
    reason: 'mentioned in a comment',
    eventId: '01a1f85f-7403-8777-9e10-d2266caccfb9',
    eventType: 'comment.added',
    position: 7n,
    occurredAt: '2026-01-05T14:30:00.000000Z',
    entity: { type: 'lead', id: 'lead-xyz' },
    summary: 'commented: hello',
    link: 'lead/lead-xyz',
  };
  for (const one of [notification, { ...notification, summary: null, link: null, entity: null }]) {
    const sent: unknown = JSON.parse(notificationCreated(one));
    expect([validate(sent), validate.errors]).toEqual([true, null]);
    expect(sent).toMatchObject({ type: 'notification.created', subject: 'user/rep-1', data: { position: 7 } });
  }
});

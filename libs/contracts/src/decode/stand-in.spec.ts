import { aDraft, flat } from '#libs/testing';
import type { EntityRef } from '../event.js';
import { decodeRecord } from './decode-record.js';

const opened = (entities: readonly EntityRef[]) =>
  decodeRecord(flat(aDraft({ type: 'email.opened', entities, payload: { messageId: 'm-1' } })), { nowMs: Date.now() });

describe('an event about a message whose recipient nobody knows', () => {
  it('stands on its thread alone', () => {
    const decoded = opened([{ type: 'email_thread', id: 'm-1' }]);
    expect(decoded).toMatchObject({ outcome: 'accepted', event: { entities: [{ type: 'email_thread', id: 'm-1' }] } });
  });

  it('is about the recipient where one is named, wherever it stands in the list', () => {
    const decoded = opened([
      { type: 'email_thread', id: 'm-1' },
      { type: 'contact', id: 'c-1' },
    ]);
    expect(decoded).toMatchObject({ outcome: 'accepted', event: { entities: [{ type: 'contact', id: 'c-1' }, { type: 'email_thread' }] } });
  });

  it('is about neither an account nor a deal', () => {
    expect(opened([{ type: 'account', id: 'a-1' }])).toMatchObject({ outcome: 'rejected', rejection: { reason: 'bad_entities' } });
  });
});

import { nearTypeNames } from './near-type-names.js';
import { pivotOf } from './entity-types.js';
import { CUSTOMER_TYPES, eventDefinition, iconOf, tabsOf } from './registry.js';
import { deepLinkOf } from './sentence/deep-link.js';

describe('the registry', () => {
  it('knows no type by a name that only looks like one', () => {
    for (const name of ['', 'toString', '__proto__', 'email.sent ', 'email sent']) expect(eventDefinition(name)).toBeUndefined();
  });

  it.each([
    ['email_opend', 'email_opened'],
    ['deal.stage_change', 'deal.stage_changed'],
    ['Contact.Created', 'contact.created'],
  ])('suggests for %s first %s', (name, near) => {
    expect(nearTypeNames(name)[0]).toBe(near);
  });

  it('suggests nothing for what looks like nothing', () => {
    expect(nearTypeNames('zzzzzzzzzzzzzzzz')).toEqual([]);
    expect(nearTypeNames('x'.repeat(10_000))).toEqual([]);
  });

  it('opens to customers what the catalogue opens, never a comment', () => {
    expect([...CUSTOMER_TYPES].sort()).toEqual(
      [
        'email.received',
        'email.sent',
        'form.submitted',
        'order.placed',
        'reservation.booked',
        'reservation.cancelled',
        'ticket.created',
        'ticket.replied',
      ].sort(),
    );
  });

  it('places types and entity types', () => {
    expect(tabsOf('page.visited')).toEqual(['signals']);
    expect(iconOf('deal.won')).toBe('trophy');
    expect(['contact', 'account', 'ticket', 'sequence', 'user', 'planet'].map(pivotOf)).toEqual([
      'by-customer',
      'by-customer',
      'by-resource',
      'by-resource',
      undefined,
      undefined,
    ]);
  });
});

describe('a deep link', () => {
  const contact = { type: 'contact', id: 'c' };
  it.each([
    ['email.sent', [contact], { messageId: 'm', threadId: 't/1' }, 'email_thread/t%2F1'],
    ['email.opened', [contact], '{"messageId":"<m@x>"}', 'email_thread/%3Cm%40x%3E'],
    ['call.completed', [contact, { type: 'call', id: 'call-1' }], {}, 'call/call-1'],
    ['call.completed', [contact], {}, 'contact/c'],
    ['deal.won', [{ type: 'deal', id: 'd' }, contact], {}, 'deal/d'],
    ['contact.tagged', [{ type: 'lead', id: 'l' }], { tag: 'x' }, 'lead/l'],
    ['contact.merged', [contact], { fromContactId: 'a', intoContactId: 'b' }, 'contact/b'],
    ['nurture.exited', [contact], { sequenceId: 's' }, 'sequence/s'],
    ['note.added', [{ type: 'account', id: 'a' }], { text: 'x' }, 'account/a'],
    ['order.placed', [{ type: 'order', id: 'o' }, contact], {}, 'order/o'],
    ['ticket.replied', [{ type: 'ticket', id: 't' }, contact], {}, 'ticket/t'],
    ['reservation.booked', [{ type: 'reservation', id: 'r' }, contact], {}, 'reservation/r'],
    ['page.visited', [{ type: 'merchant', id: 'm' }], {}, 'merchant/m'],
    ['email.sent', [contact], null, 'contact/c'],
    ['subject.erased', [contact], {}, null],
  ])('of %s about %j with %j is %s', (type, entities, payload, link) => {
    expect(deepLinkOf({ type, entities, payload })).toBe(link);
  });
});

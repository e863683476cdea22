import { days, hours, human, later, ref, refsOf, system, type Arc, type Scene, type Step } from '../step.js';

const PROBLEMS = ['Invoice shows the wrong address', 'Cannot log in', 'Export stops half way', 'Where is my parcel?'];
const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo'];

/** A ticket is opened, discussed inside and answered. */
export const ticket: Arc = ({ rng, company, person, rep, tag }) => {
  const entities = [ref('ticket', `ticket-${tag}`), ...refsOf(person)] as const;
  const subject = rng.pick(PROBLEMS);
  const comment = `comment-${tag}`;
  const colleague = company.staff.find((one) => one !== rep) ?? rep;
  const opened = { subject, priority: rng.pick(['low', 'normal', 'high']), channel: 'email' };
  return [
    { type: 'ticket.created', after: 0, entities, actor: system('tickets'), payload: opened },
    {
      type: 'comment.added',
      after: 15,
      entities: [...entities, ref('user', colleague, 'mentioned')],
      actor: human(rep),
      payload: { commentId: comment, text: 'Has anybody seen this before?', mentions: [colleague] },
    },
    {
      type: 'comment.added',
      after: 25,
      entities,
      actor: human(colleague),
      payload: { commentId: `${comment}-answer`, parentCommentId: comment, text: 'Yes, last spring; the fix is in the handbook.' },
    },
    {
      type: 'ticket.replied',
      after: 30,
      entities,
      actor: human(rep),
      payload: { direction: 'outbound', subject, snippet: 'We are looking into it.' },
    },
    {
      type: 'ticket.replied',
      after: hours(6),
      entities,
      actor: system('tickets'),
      payload: { direction: 'inbound', subject, snippet: 'Works again, thank you!' },
    },
  ];
};

/** A table, room or desk is booked, and sometimes given back. */
export const reservation: Arc = ({ rng, company, person, tag }) => {
  const entities = [ref('reservation', `reservation-${tag}`), ...refsOf(person), ref('merchant', company.merchantId)] as const;
  const ahead = days(rng.int(2, 20));
  const booked = { resource: rng.pick(['Room 12', 'Table 4', 'Workshop']), partySize: rng.int(1, 6), timeZone: rng.pick(ZONES) };
  const booking: Step = {
    ...{ type: 'reservation.booked', after: 0, entities, actor: system('reservations') },
    payload: ({ at }) => ({ startsAt: later(at, ahead), ...booked }),
  };
  if (rng.chance(0.4)) return [booking];
  return [
    booking,
    {
      type: 'reservation.cancelled',
      after: days(1),
      entities,
      actor: system('reservations'),
      payload: { reason: rng.pick(['travel plans changed', 'double booking']) },
    },
  ];
};

/** A checkout and its confirmation by mail. */
export const order = ({ rng, company, person, tag }: Scene): Step[] => {
  const entities = [ref('order', `order-${tag}`), ...refsOf(person), ref('merchant', company.merchantId)] as const;
  const orderNumber = `A-${rng.int(10_000, 99_999)}`;
  const total = `${rng.int(15, 900)}.${rng.int(10, 99)}`;
  return [
    {
      type: 'order.placed',
      after: 0,
      entities,
      actor: system('storefront'),
      payload: { orderNumber, total, currency: rng.pick(['USD', 'EUR']), itemCount: rng.int(1, 9) },
    },
    {
      type: 'email.sent',
      after: 1,
      entities: [...refsOf(person), ref('order', `order-${tag}`)],
      actor: system('storefront'),
      payload: { messageId: `msg-order-${tag}`, emailSubject: `Your order ${orderNumber}`, to: [person.email] },
    },
  ];
};

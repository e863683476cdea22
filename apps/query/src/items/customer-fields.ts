/**
 * What a customer may read of the payload of each type it may see. A list of what is shown, not of what is hidden:
 * producers may send any further key (ids of campaigns, addresses of staff), and none of those may get out.
 */
export const CUSTOMER_FIELDS: Readonly<Record<string, readonly string[]>> = {
  'email.sent': ['emailSubject'],
  'email.received': ['emailSubject', 'snippet'],
  'form.submitted': ['formName', 'fields'],
  'ticket.created': ['subject', 'priority', 'channel'],
  'ticket.replied': ['direction', 'subject', 'snippet'],
  'reservation.booked': ['startsAt', 'endsAt', 'resource', 'partySize', 'timeZone'],
  'reservation.cancelled': ['startsAt', 'reason'],
  'order.placed': ['orderNumber', 'total', 'currency', 'itemCount'],
};

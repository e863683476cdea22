import { agent, days, human, ref, refsOf, system, type Arc } from '../step.js';

/** A tag comes and goes. */
export const tagged: Arc = ({ rng, person }) => {
  const payload = { tag: rng.pick(['vip', 'trial', 'event-guest', 'beta']) };
  return [
    { type: 'contact.tagged', after: 0, entities: refsOf(person), actor: system('tagging-hook'), payload },
    { type: 'contact.untagged', after: days(1), entities: refsOf(person), actor: system('tagging-hook'), payload },
  ];
};

/** A duplicate is found, merged, and taken apart again because it was somebody else after all. */
export const mergedByMistake: Arc = ({ person, rep, tag }) => {
  const double = `contact-double-${tag}`;
  const entities = [ref('contact', person.id), ref('contact', double, 'merged')] as const;
  return [
    {
      type: 'contact.added',
      after: 0,
      entities: [ref('contact', double), ref('account', person.account.id)],
      actor: system('crm'),
      payload: { name: person.name, source: 'import' },
    },
    {
      type: 'contact.merged',
      after: 60,
      entities,
      actor: agent('duplicate-finder', rep),
      payload: { fromContactId: double, intoContactId: person.id, reason: 'same name and company' },
    },
    {
      type: 'contact.unmerged',
      after: days(1),
      entities,
      actor: human(rep),
      payload: ({ before: [, merged = ''] }) => ({ mergeEventId: merged, reason: 'two people of the same name' }),
    },
  ];
};

/** A note on the wrong record is taken away; the log keeps both. */
export const wrongNote: Arc = ({ person, rep }) => [
  {
    type: 'note.added',
    after: 0,
    entities: refsOf(person),
    actor: human(rep),
    payload: { text: 'Wants to cancel everything.', pinned: false },
  },
  {
    type: 'activity.retracted',
    after: 10,
    entities: refsOf(person),
    actor: human(rep),
    payload: ({ before: [note = ''] }) => ({ targetEventId: note, reason: 'meant for another contact' }),
  },
];

/** A comment is written and deleted. */
export const hastyComment: Arc = ({ person, rep, tag }) => {
  const commentId = `comment-${tag}`;
  return [
    {
      type: 'comment.added',
      after: 0,
      entities: refsOf(person),
      actor: human(rep),
      payload: { commentId, text: 'Procurement asked about SOC2, need to send the report.' },
    },
    { type: 'comment.deleted', after: 20, entities: refsOf(person), actor: human(rep), payload: { commentId, reason: 'sent already' } },
  ];
};

/** Somebody asks to be forgotten; the record of it names nobody. */
export const erasure: Arc = ({ rng, tag }) => {
  const former = `contact-former-${tag}`;
  const payload = { requestId: `request-${tag}`, subjectType: 'contact', subjectId: former, eventsErased: rng.int(0, 40) };
  return [{ type: 'subject.erased', after: 0, entities: [ref('contact', former)], actor: system('privacy-desk'), payload }];
};

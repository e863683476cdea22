const CALL = { durationSeconds: 900, phone: '+15551234567', outcome: 'positive' };

/** What stands in the document for each of the entries that people make by hand. */
export const CALL_EXAMPLE = {
  type: 'call_logged',
  sourceType: 'call_logged',
  entities: [{ type: 'contact', id: 'contact-abc' }],
  summary: '15min discovery call. Interested in enterprise plan.',
  icon: 'phone',
  deepLink: null,
  payload: CALL,
  datatype: 'contact',
  ownerId: 'contact-abc',
  metadata: CALL,
};

export const NOTE_EXAMPLE = {
  type: 'note.added',
  sourceType: 'note.added',
  entities: [{ type: 'contact', id: 'contact-abc' }],
  summary: 'added a note: Prefers to be called after lunch.',
  icon: 'sticky-note',
  tabs: ['notes'],
  deepLink: 'contact/contact-abc',
  payload: { text: 'Prefers to be called after lunch.' },
};

export const RETRACTION_EXAMPLE = {
  type: 'activity.retracted',
  sourceType: 'activity.retracted',
  entities: [{ type: 'contact', id: 'contact-abc' }],
  summary: 'removed an activity',
  icon: 'eye-off',
  deepLink: 'contact/contact-abc',
  payload: { targetEventId: '0192f0c4-6b0d-8b7a-9d1c-6f1b2a3c4d5e', reason: 'logged on the wrong contact' },
};

import { decodeRecord, EVENT_TYPES } from '#libs/contracts';
import { aDraft } from './a-draft.js';
import { anEvent } from './an-event.js';
import { binary, flat, structured } from './wire-forms.js';

const accepted = (record: ReturnType<typeof flat>) => {
  const decoded = decodeRecord(record, { nowMs: record.timestampMs });
  return decoded.outcome === 'accepted' ? decoded.event : decoded;
};

describe('builders of events', () => {
  it.each(EVENT_TYPES)('%s is the same event in the three wire forms', (type) => {
    const draft = aDraft({ type, source: 'urn:annals:flat' });
    const event = anEvent(draft);
    expect(accepted(structured(draft))).toEqual(event);
    expect(accepted(binary(draft))).toEqual(event);
    expect(accepted(flat(draft))).toEqual(event);
  });

  it('gives every event an identity of its own', () => {
    expect(anEvent().sourceId).not.toBe(anEvent().sourceId);
  });

  it('refuses a draft that ingest would refuse', () => {
    expect(() => anEvent({ time: 'yesterday' })).toThrow('bad_time');
  });
});

import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson, type ActivityEvent } from '#libs/contracts';
import { eventId } from './event-id.js';
import { leafHash } from './leaf.js';
import { eventFacts } from './event-facts.js';
import { refDigest } from './ref-digest.js';

const TENANT = '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11';
const sha256 = (...parts: (string | Buffer)[]): Buffer =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
const anyText = fc.string({ unit: 'grapheme', maxLength: 40 });

describe('the id of an event', () => {
  it('is a UUIDv8 that only this tenant, source and source id give', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, anyText, (source, sourceId, otherSource, otherId) => {
        const id = eventId(TENANT, source, sourceId);
        expect(id).toMatch(/^.{12}8.{3}[89ab].{15}$/);
        expect(eventId(TENANT, source, sourceId)).toBe(id);
        if (source !== otherSource || sourceId !== otherId) expect(eventId(TENANT, otherSource, otherId)).not.toBe(id);
      }),
    );
  });

  it('does not confuse where the source ends and the source id begins', () => {
    expect(eventId(TENANT, 'a', 'bc')).not.toEqual(eventId(TENANT, 'ab', 'c'));
  });

  it('begins with the time of a UUIDv7', () => {
    const id = eventId(TENANT, '/s', '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e');
    expect(id.slice(0, 12)).toBe('0192f0c47c1e');
    expect(id.slice(12)).not.toBe(eventId(TENANT, '/other', '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e').slice(12));
  });
});

describe('the leaf of an event', () => {
  it('is SHA-256(0x00, envelope, HMAC(salt, content)) for texts of any size and alphabet', () => {
    const texts = fc.oneof(anyText, fc.string({ unit: 'binary', maxLength: 200 }), fc.constant('€'.repeat(70_000)));
    fc.assert(
      fc.property(texts, texts, fc.uint8Array({ minLength: 16, maxLength: 16 }), (envelope, content, bytes) => {
        const salt = Buffer.from(bytes);
        const commitment = createHmac('sha256', salt).update(`a${content}é`).digest();
        expect(Buffer.from(leafHash(envelope, ['a', content, 'é'], salt.toString('latin1')), 'latin1')).toEqual(
          sha256(Buffer.from([0]), envelope, commitment),
        );
      }),
    );
  });
});

describe('the key of an entity', () => {
  const digest = (type: string, id: string) => sha256(`${type}/${id}`).subarray(0, 16);

  it('is SHA-256 of type/id, the first time and again, in any alphabet and length', () => {
    const ids = fc.oneof(anyText, fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom('é', 'ÿ', 'a'.repeat(62), 'a/b', '\0'));
    fc.assert(
      fc.property(fc.constantFrom('contact', 'account', 'human'), ids, (type, id) => {
        expect(refDigest(type, id)).toEqual(digest(type, id));
        expect(refDigest(type, id)).toEqual(digest(type, id));
      }),
    );
  });

  it('stays the same in a flood of other entities, and theirs are right', () => {
    for (let i = 0; i < 100_000; i++) refDigest('contact', String(i));
    for (let i = 0; i < 1_000; i++) expect(refDigest('contact', String(i * 97))).toEqual(digest('contact', String(i * 97)));
  });
});

describe('a prepared event', () => {
  const event: ActivityEvent = {
    tenantId: TENANT,
    source: '/producers/test',
    sourceId: 'e-1',
    type: 'note.added',
    sourceType: 'note',
    version: 1,
    entities: [
      { type: 'contact', id: 'a"b' },
      { type: 'account', id: 'acc-1', role: 'parent' },
      { type: 'contact', id: 'a"b', role: 'merged' },
    ],
    actor: { type: 'human', id: 'jane@example.com' },
    occurredAt: 1_767_623_400_000_000n,
    timeQuality: 'producer',
    recordedAt: null,
    correlationId: null,
    causationId: null,
    traceparent: null,
    ingestMode: 'live',
    summary: null,
    payload: '{"text":"hello"}',
    customerVisible: false,
    effect: null,
  };

  it('names each entity once', () => {
    expect(eventFacts(event).entities).toMatchObject([
      { type: 'contact', id: 'a"b' },
      { type: 'account', id: 'acc-1' },
    ]);
  });

  it('keeps the references as canonical JSON in their order', () => {
    expect(eventFacts(event).entitiesJson).toBe(canonicalJson(event.entities));
  });

  it('has a salt and a leaf of its own each time', () => {
    const [one, other] = [eventFacts(event), eventFacts(event)];
    expect(one.salt).not.toEqual(other.salt);
    expect(one.leaf).not.toEqual(other.leaf);
    expect(one.id).toEqual(other.id);
  });
});

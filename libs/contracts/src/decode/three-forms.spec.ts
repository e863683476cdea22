import { aDraft, binary, type EventDraft, flat, structured, TENANT } from '#libs/testing';
import type { EventDefinition } from '../event-definition.js';
import type { ActivityEvent, WireRecord } from '../event.js';
import { EVENT_DEFINITIONS } from '../events/index.js';
import { decodeRecord } from './decode-record.js';

const utf8 = new TextEncoder();
const nowMs = Date.UTC(2026, 1, 1);
const definitions: readonly EventDefinition[] = EVENT_DEFINITIONS;

function accepted(record: WireRecord): ActivityEvent {
  const decoded = decodeRecord(record, { nowMs });
  if (decoded.outcome !== 'accepted') throw new Error(JSON.stringify(decoded));
  return decoded.event;
}

function flatRecord(value: object, topic = 'crm.email'): WireRecord {
  return { topic, headers: {}, value: utf8.encode(JSON.stringify(value)), timestampMs: 1_767_623_400_000 };
}

const full: Partial<EventDraft> = {
  source: 'urn:annals:flat',
  recordedTime: '2026-01-15T09:00:02.118Z',
  correlationId: 'run-771',
  causationId: 'cause-1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  ingestMode: 'backfill',
  version: 1,
};

describe('the three wire forms of one event', () => {
  it.each(definitions)('give the same $type', (definition) => {
    for (const example of definition.examples) {
      for (const type of [definition.type, ...definition.aliases]) {
        const draft = aDraft({ ...full, ...example, type });
        const event = accepted(structured(draft));
        expect(accepted(binary(draft))).toEqual(event);
        expect(accepted(flat(draft))).toEqual(event);
        expect(event).toMatchObject({
          type: definition.type,
          sourceType: type,
          version: 1,
          ingestMode: 'backfill',
          correlationId: 'run-771',
        });
      }
    }
  });

  it('read seed 001’s flat form as the catalogue prints it', () => {
    const event = accepted(
      flatRecord({
        event_id: 'e-1',
        tenant_id: TENANT,
        type: 'email.opened',
        occurred_at: '2026-01-05T14:30:00Z',
        actor: 'system',
        account_id: 'acc-1',
        contact_id: 'contact-abc',
        payload: { message_id: 'msg_abc123', subject: 'Following up on your inquiry' },
      }),
    );
    expect(event).toEqual({
      tenantId: TENANT,
      source: 'urn:annals:flat',
      sourceId: 'e-1',
      type: 'email.opened',
      sourceType: 'email.opened',
      version: 1,
      entities: [
        { type: 'contact', id: 'contact-abc' },
        { type: 'account', id: 'acc-1' },
      ],
      actor: { type: 'system', id: 'system' },
      occurredAt: 1_767_623_400_000_000n,
      timeQuality: 'producer',
      recordedAt: null,
      correlationId: null,
      causationId: null,
      traceparent: null,
      ingestMode: 'live',
      summary: null,
      payload: '{"emailSubject":"Following up on your inquiry","messageId":"msg_abc123"}',
      customerVisible: false,
      effect: null,
    });
  });

  it('read the flat form in camel case, with metadata and description of seed 000', () => {
    const event = accepted(
      flatRecord(
        {
          eventId: 'e-2',
          tenantId: TENANT.toUpperCase(),
          type: 'NOTE',
          occurredAt: '2026-01-05T14:30:00+01:00',
          actor: 'jane@example.com',
          accountId: 'acc-1',
          contactId: 'contact-abc',
          description: 'As I wrote it',
          metadata: { text: 'hello' },
        },
        'crm.engagement',
      ),
    );
    expect(event).toMatchObject({
      tenantId: TENANT,
      type: 'note.added',
      sourceType: 'NOTE',
      entities: [
        { type: 'account', id: 'acc-1' },
        { type: 'contact', id: 'contact-abc' },
      ],
      actor: { type: 'human', id: 'jane@example.com' },
      summary: 'As I wrote it',
      payload: '{"text":"hello"}',
    });
  });

  it('take the record’s time where the producer gave none', () => {
    const event = accepted(
      flatRecord({ event_id: 'e', tenant_id: TENANT, type: 'email_opened', lead_id: 'l', payload: { messageId: 'm' } }),
    );
    expect(event).toMatchObject({ occurredAt: 1_767_623_400_000_000n, timeQuality: 'record', actor: { type: 'system', id: 'system' } });
  });

  it('are told apart by headers given as bytes, text or lists, in any case', () => {
    const draft = aDraft(full);
    const record = structured(draft);
    const event = accepted(record);
    for (const value of ['Application/CloudEvents+json', utf8.encode('application/cloudevents+json'), ['application/cloudevents']]) {
      expect(accepted({ ...record, headers: { 'content-type': value } })).toEqual(event);
      expect(accepted({ ...record, headers: { 'Content-Type': value } })).toEqual(event);
    }
    const inBytes = Object.entries(binary(draft).headers).map(([name, value]) => [name, [utf8.encode(String(value))]]);
    expect(accepted({ ...binary(draft), headers: Object.fromEntries(inBytes) as WireRecord['headers'] })).toEqual(event);
  });

  it('may stand behind Confluent’s five bytes or a byte order mark', () => {
    const record = structured(aDraft(full));
    const event = accepted(record);
    for (const prefix of [
      [0, 0, 0, 0, 7],
      [0xef, 0xbb, 0xbf],
    ]) {
      expect(accepted({ ...record, value: Uint8Array.from([...prefix, ...(record.value ?? [])]) })).toEqual(event);
    }
  });

  it('skip a record without a value', () => {
    expect(decodeRecord({ ...structured(aDraft()), value: null }, { nowMs })).toEqual({ outcome: 'tombstone' });
  });
});

describe('references', () => {
  const entitiesOf = (entities: readonly object[] | undefined, subject?: string | null, type = 'note.added') => {
    const draft = aDraft({ type });
    const event = JSON.parse(new TextDecoder().decode(structured(draft).value ?? undefined)) as Record<string, unknown> & { data: object };
    const value = { ...event, subject, data: { ...event.data, entities } };
    return accepted({ ...structured(draft), value: utf8.encode(JSON.stringify(value)) }).entities;
  };
  const lead = { type: 'lead', id: 'l' };
  const deal = { type: 'deal', id: 'd' };
  const user = { type: 'user', id: 'u', role: 'mentioned' };

  it('stand primary first, then by type, id and role, each once', () => {
    const other = { type: 'account', id: 'b', role: 'parent' };
    expect(entitiesOf([user, deal, other, { type: 'account', id: 'b' }, lead, deal, { ...lead, role: 'primary' }], 'lead/l')).toEqual([
      lead,
      { type: 'account', id: 'b' },
      other,
      deal,
      user,
    ]);
  });

  it('come from the subject alone, whose id may hold slashes', () => {
    expect(entitiesOf(undefined, 'lead/a/b')).toEqual([{ type: 'lead', id: 'a/b' }]);
  });

  it('choose the primary one without a subject: by role, else the first that the type allows', () => {
    expect(entitiesOf([deal, { ...lead, role: 'primary' }])[0]).toEqual(lead);
    expect(entitiesOf([deal, lead])[0]).toEqual(deal);
    expect(entitiesOf([user, deal, lead])[0]).toEqual(deal);
  });

  it('keep a role of the primary one that says something', () => {
    expect(entitiesOf([{ ...lead, role: 'winner' }], 'lead/l')).toEqual([{ ...lead, role: 'winner' }]);
  });
});

describe('payload keys', () => {
  const payloadOf = (type: string, payload: object) => JSON.parse(accepted(structured(aDraft({ type, payload }))).payload) as object;

  it('may be written in snake case or by the seeds’ short names', () => {
    expect(payloadOf('deal.stage_changed', { from: 'A', to: 'B', deal_name: 'D', pipeline_id: 'p' })).toEqual({
      fromStage: 'A',
      toStage: 'B',
      dealName: 'D',
      pipelineId: 'p',
    });
    expect(payloadOf('lead.stage_changed', { from: 'A', to_stage: 'B' })).toEqual({ fromStage: 'A', toStage: 'B' });
    expect(payloadOf('status_change', { from: 'A', to: 'B' })).toEqual({ fromStatus: 'A', toStatus: 'B' });
    expect(payloadOf('email_sent', { message_id: 'm', subject: 'S' })).toEqual({ messageId: 'm', emailSubject: 'S' });
  });

  it('mean themselves where a type knows them', () => {
    expect(payloadOf('ticket.created', { subject: 'S' })).toEqual({ subject: 'S' });
  });

  it('keep their own name’s value when the alias is there as well', () => {
    expect(payloadOf('email.sent', { messageId: 'm', emailSubject: 'A', subject: 'B', message_id: 'n' })).toEqual({
      messageId: 'm',
      emailSubject: 'A',
      subject: 'B',
      message_id: 'n',
    });
  });
});

describe('effects', () => {
  const effectOf = (type: string) => accepted(structured(aDraft({ type }))).effect;

  it('are read from control, comment and merge events', () => {
    expect(effectOf('activity.retracted')).toEqual({ kind: 'retract-event', targetEventId: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e' });
    expect(effectOf('comment.added')).toEqual({ kind: 'open-comment', commentId: 'c1', parentCommentId: null });
    expect(effectOf('comment.deleted')).toEqual({ kind: 'delete-comment', commentId: 'c2' });
    expect(effectOf('contact.merged')).toEqual({ kind: 'merge-contact', fromContactId: 'contact-old', intoContactId: 'contact-abc' });
    expect(effectOf('contact.unmerged')).toEqual({ kind: 'unmerge-contact', mergeEventId: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e' });
    expect(effectOf('account.parent_changed')).toEqual({ kind: 'change-parent', toParentId: 'acc-9' });
    expect(effectOf('note.added')).toBeNull();
  });
});

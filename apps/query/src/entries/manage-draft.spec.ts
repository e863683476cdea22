import { TenantTypes } from '#libs/contracts';
import { ProblemException } from '../http/problem-exception.js';
import { manageDraft, manageField } from './manage-draft.js';
import type { ManageDto } from './manage.dto.js';

const scope = { tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11', types: new TenantTypes() };
const draftOf = (body: Partial<ManageDto>) =>
  manageDraft(scope, { type: 'call_logged', datatype: 'contact', ownerId: 'contact-abc', ...body });

function problemOf(body: Partial<ManageDto>): string {
  try {
    draftOf(body);
  } catch (error) {
    if (error instanceof ProblemException) return `${error.problem.status} ${error.problem.detail}`;
  }
  return 'none';
}

describe('a body of manage', () => {
  it('becomes an entry whose payload is the metadata and what the body names beside it', () => {
    expect(draftOf({ summary: 'Good call.', durationSeconds: 900, metadata: { phone: '+15551234567', outcome: 'positive' } })).toEqual({
      type: 'call.completed',
      entities: [{ type: 'contact', id: 'contact-abc' }],
      payload: { durationSeconds: 900, phone: '+15551234567', outcome: 'positive' },
      summary: 'Good call.',
      time: undefined,
    });
  });

  it('of a note without text has its summary for text', () => {
    expect(draftOf({ type: 'note', summary: 'After lunch.', pinned: true }).payload).toEqual({ text: 'After lunch.', pinned: true });
    expect(draftOf({ type: 'note', summary: 'Short.', metadata: { text: 'Long.' } }).payload).toEqual({ text: 'Long.' });
    expect(draftOf({ type: 'call', summary: 'Short.' }).payload).toEqual({});
  });

  it('refers to further records', () => {
    const { entities } = draftOf({
      entities: [
        { type: 'account', id: 'acc-1' },
        { type: 'deal', id: 'deal-9', role: 'open' },
      ],
    });
    expect(entities.slice(1)).toEqual([
      { type: 'account', id: 'acc-1' },
      { type: 'deal', id: 'deal-9', role: 'open' },
    ]);
  });

  it.each([
    [{ type: 'call_loged' }, /^422 type: is no known type; near names: .*call_logged/],
    [{ type: 'comment_added' }, /^422 type: comment.added is not logged by hand; what is: call.completed, meeting.logged, note.added$/],
    [{ type: 'activity.deleted' }, /^422 type: activity.retracted is not logged by hand/],
    [{ type: 'deal.won' }, /^422 type: deal.won is not logged by hand/],
    [{ type: '?' }, /^422 type: is no known type; try call.completed/],
    [{ datatype: 'user' }, /^422 datatype: a user has no timeline/],
    [{ durationSeconds: 1, metadata: { durationSeconds: 2 } }, /^422 durationSeconds: differs from metadata.durationSeconds$/],
  ])('is refused where it means nothing: %j', (body, told) => {
    expect(problemOf(body)).toMatch(told);
  });

  it.each([
    ['/subject', 'ownerId'],
    ['/time', 'occurredAt'],
    ['/data/entities/1', 'entities.1'],
    ['/data/summary', 'summary'],
    ['/data/payload', 'metadata'],
    ['/data/payload/durationSeconds', 'durationSeconds'],
    ['/data/payload/attendees/0', 'metadata.attendees.0'],
    ['', 'body'],
  ])('is told where the fault lies that the decoder found at %s', (path, field) => {
    expect(manageField(path)).toBe(field);
  });
});

import type { ArgumentMetadata } from '@nestjs/common';
import { CommentDto } from '../comments/comment.dto.js';
import { ManageDto } from '../entries/manage.dto.js';
import { RuleDto, RulesQueryDto } from '../rules/rule.dto.js';
import { ProblemException } from './problem-exception.js';
import { RequestValidation } from './validation.js';

function messageOf(metatype: ArgumentMetadata['metatype'], value: object, type: 'query' | 'body' = 'query'): string | undefined {
  try {
    new RequestValidation().transform(value, { type, ...(metatype && { metatype }) });
    return undefined;
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    return error.problem.detail;
  }
}

const comment = { datatype: 'lead', ownerId: 'lead-xyz', text: 'Procurement asked about SOC2.' };
const call = { type: 'call_logged', datatype: 'contact', ownerId: 'contact-abc' };
const rule = { name: 'vip opened', on: ['email.opened'], then: [{ notify: { user: 'rep-1' } }] };

describe('the fault that a refused parameter is told', () => {
  it.each<[string, ArgumentMetadata['metatype'], object, string]>([
    ['a word where a number is due', RulesQueryDto, { limit: 'x' }, 'limit: must be an integer number'],
    ['a number too large', RulesQueryDto, { limit: '999' }, 'limit: must not be greater than 200'],
    ['a text where a number is due', ManageDto, { ...call, durationSeconds: '900' }, 'durationSeconds: must be a number'],
    ['an empty id', ManageDto, { ...call, ownerId: '' }, 'ownerId: must be longer than or equal to 1 characters'],
    ['an id with a NUL', ManageDto, { ...call, ownerId: 'a\0' }, 'ownerId: must not hold control characters'],
    ['a number where text is due', CommentDto, { ...comment, text: 4 }, 'text: must be a string'],
    ['one mention that stands in no list', CommentDto, { ...comment, mentions: 'user-jane' }, 'mentions: must be an array'],
    ['a mention that is no text', CommentDto, { ...comment, mentions: [{}] }, 'mentions: each value in mentions must be a string'],
    ['a number beyond what is counted with', RulesQueryDto, { limit: '99999999999999' }, 'limit: must not be greater than 200'],
    ['a number beyond what a number holds', RulesQueryDto, { limit: '9'.repeat(400) }, 'limit: must be an integer number'],
    ['a blank text', ManageDto, { ...call, text: ' \n' }, 'text: must not be blank'],
    ['a blank summary', ManageDto, { ...call, summary: ' ' }, 'summary: must not be blank'],
    ['a condition of nothing', RuleDto, { ...rule, if: null }, 'if: must be an object'],
    ['an age of nothing', RuleDto, { ...rule, maxAgeHours: null }, 'maxAgeHours: must be a number'],
    ['a list left out', RuleDto, { ...rule, on: undefined }, 'on: must be an array'],
  ])('is the first that holds, for %s', (_, metatype, value, message) => {
    expect(messageOf(metatype, value)).toBe(message);
  });
});

describe('a body with what no reader can hold', () => {
  const said = 'must not hold NUL or a lone surrogate';

  it.each<[string, ArgumentMetadata['metatype'], object, string]>([
    ['a NUL', CommentDto, { ...comment, text: 'a\0b' }, `text: ${said}`],
    ['half a pair', CommentDto, { ...comment, text: 'a\ud800' }, `text: ${said}`],
    ['one deep inside', ManageDto, { ...call, metadata: { guests: ['Ann', 'Bob\0'] } }, `metadata.guests.1: ${said}`],
    ['one in a name', ManageDto, { ...call, metadata: { 'a\0': 1 } }, `metadata: ${said}`],
    ['one in the name of a member', ManageDto, { ...call, 'a\0': 1 }, `body: ${said}`],
    [
      'one in a value that rules compare with',
      RuleDto,
      { ...rule, if: { field: 'payload.text', op: 'eq', value: '\0' } },
      `if.value: ${said}`,
    ],
  ])('is refused where it stands: %s', (_, metatype, value, message) => {
    expect(messageOf(metatype, value, 'body')).toBe(message);
  });

  it('is taken with every other letter', () => {
    expect(messageOf(ManageDto, { ...call, summary: 'line\n😀\u0007', metadata: { ключ: '\u2028' } }, 'body')).toBeUndefined();
  });
});

import type { ArgumentMetadata } from '@nestjs/common';
import { CommentDto } from '../comments/comment.dto.js';
import { ManageDto } from '../entries/manage.dto.js';
import { RuleDto, RulesQueryDto } from '../rules/rule.dto.js';
import { ProblemException } from './problem-exception.js';
import { RequestValidation } from './validation.js';

function messageOf(metatype: ArgumentMetadata['metatype'], value: object): string | undefined {
  try {
    new RequestValidation().transform(value, { type: 'query', ...(metatype && { metatype }) });
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
    ['a list left out', RuleDto, { ...rule, on: undefined }, 'on: must be an array'],
  ])('is the first that holds, for %s', (_, metatype, value, message) => {
    expect(messageOf(metatype, value)).toBe(message);
  });
});

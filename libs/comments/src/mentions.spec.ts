import { commentEntities } from './mentions.js';
import { mayDelete } from './may-delete.js';

describe('a comment', () => {
  it('refers to its record and once to every user it mentions', () => {
    expect(commentEntities({ type: 'lead', id: 'lead-xyz' }, ['user-jane', 'user-bo', 'user-jane'])).toEqual([
      { type: 'lead', id: 'lead-xyz' },
      { type: 'user', id: 'user-jane', role: 'mentioned' },
      { type: 'user', id: 'user-bo', role: 'mentioned' },
    ]);
  });

  it('is deleted by its author or by an admin, and by nobody else', () => {
    const jane = { type: 'human', id: 'jane' } as const;
    expect(mayDelete(jane, { actor: jane, scopes: [] })).toBe(true);
    expect(mayDelete(jane, { actor: { type: 'human', id: 'bo' }, scopes: ['rules'] })).toBe(false);
    expect(mayDelete(jane, { actor: { type: 'system', id: 'jane' }, scopes: [] })).toBe(false);
    expect(mayDelete(jane, { actor: { type: 'human', id: 'bo' }, scopes: ['admin'] })).toBe(true);
  });
});

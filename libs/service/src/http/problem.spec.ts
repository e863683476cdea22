import { problem } from './problem.js';

describe('a problem document', () => {
  it('has a title of its status and a type of its own where one is named', () => {
    expect(problem({ status: 404 })).toEqual({ type: 'about:blank', title: 'Not found', status: 404 });
    expect(problem({ status: 422, type: 'unknown-type', errors: [{ field: 'type', message: 'is unknown' }] })).toEqual({
      type: 'urn:annals:problem:unknown-type',
      title: 'Request cannot be fulfilled as asked',
      status: 422,
      errors: [{ field: 'type', message: 'is unknown' }],
    });
  });
});

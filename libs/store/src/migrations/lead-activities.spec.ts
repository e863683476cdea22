import { sentenceSql } from '#libs/contracts';
import { SENTENCES_V1 } from './1764000000005-lead-activities.js';

it('the sentences in the database are generated from the templates of today; changed templates need a new migration', () => {
  expect(SENTENCES_V1).toBe(sentenceSql());
});

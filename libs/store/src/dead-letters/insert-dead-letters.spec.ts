import type pg from 'pg';
import type { PlacedDeadLetter } from '../append/numbered.js';
import { insertApart } from './insert-dead-letters.js';

const ofBytes = (bytes: number): PlacedDeadLetter => ({
  topic: 'crm.test',
  topicId: 'topic-1',
  partition: 0,
  offset: 0n,
  letter: {
    rejection: { reason: 'too_large', schemaPath: '', message: 'too large' },
    tenantId: null,
    key: null,
    value: Buffer.alloc(bytes),
    headers: {},
    recordTimeMs: 0,
  },
});

test('many megabytes of dead letters never become one text', async () => {
  const lengths: number[] = [];
  const client = {
    query(asked: string | pg.QueryConfig) {
      lengths.push((typeof asked === 'string' ? asked : asked.text).length);
      return Promise.resolve();
    },
  } as unknown as pg.ClientBase;
  const letters = [...Array.from({ length: 5 }, () => ofBytes(400_000)), ofBytes(30_000_000), ofBytes(10)];
  const rest = await insertApart(client, letters);
  expect(rest.map(({ letter }) => letter.value?.length)).toEqual([400_000, 10]);
  expect(lengths).toHaveLength(3);
  expect(Math.max(...lengths)).toBeLessThan(2_200_000);
});

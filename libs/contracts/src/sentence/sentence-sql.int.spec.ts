import fc from 'fast-check';
import pg from 'pg';
import { readFileSync } from 'node:fs';
import { emptyDatabase, type FreshDatabase } from '#libs/testing';
import { canonicalJson } from '../canonical-json.js';
import { LEAD_ACTIVITY_TYPES, sentenceSql } from './sentence-sql.js';
import { summaryOf } from './summary.js';

interface Case {
  readonly type: string;
  readonly payload: string | null;
}

const types = Object.values(LEAD_ACTIVITY_TYPES);
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        ' ',
        '\t',
        '\n',
        '\r',
        '\v',
        '\f',
        '\u00a0',
        '\u1680',
        '\u2003',
        '\u2028',
        '\u3000',
        '\ufeff',
        '\u200b',
        '\u0085',
        'a',
        "'",
        '\\',
        '%',
        '😀',
      ),
      {
        maxLength: 140,
      },
    )
    .map((parts) => parts.join('')),
);
const score = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).filter((n) => !Number.isInteger(n)),
  fc.maxSafeInteger(),
  fc.constantFrom(0.1, 1e-6, 1e-7, 1.5e-7, -2.25e-10, 5e-324, 9007199254740991, -0.5, 0),
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const payload = fc.record({
  ...Object.fromEntries(
    [
      'text',
      'emailSubject',
      'messageId',
      'inReplyTo',
      'outcome',
      'fromStatus',
      'toStatus',
      'linkedinUrl',
      'companySize',
      'industry',
      'website',
    ].map((key) => [key, optional(text)]),
  ),
  ...Object.fromEntries(
    ['provider', 'sequenceId', 'sequenceName', 'stepId', 'channel', 'deliveryStatus', 'reason'].map((key) => [key, optional(text)]),
  ),
  durationSeconds: optional(fc.oneof(fc.nat(), fc.constantFrom(0, 59, 60, 65, 3600, 3605, 90_061, 9007199254740991))),
  previousScore: optional(fc.option(score)),
  newScore: optional(score),
  previousBand: optional(fc.option(text)),
  newBand: optional(text),
});

describe('the sentences in PostgreSQL', () => {
  let database: FreshDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await emptyDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`CREATE SCHEMA annals; ${sentenceSql()}`);
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const inSql = async (cases: readonly Case[]): Promise<string[]> => {
    const { rows } = await client.query<{ sentence: string }>(
      'SELECT annals.sentence(type, 1, payload::jsonb, NULL) AS sentence FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS c(type, payload, n) ORDER BY n',
      [cases.map((one) => one.type), cases.map((one) => one.payload)],
    );
    return rows.map((row) => row.sentence);
  };
  const inJs = (cases: readonly Case[]): string[] => cases.map((one) => summaryOf({ ...one, version: 1, summary: null }));

  it('are the golden ones', async () => {
    const golden = JSON.parse(readFileSync(new URL('../testdata/golden-summaries.json', import.meta.url), 'utf8')) as {
      type: string;
      payload: object;
      summary: string;
    }[];
    const ours = golden.filter(({ type }) => types.some((one) => one === type));
    expect(ours.length).toBeGreaterThan(8);
    expect(await inSql(ours.map((one) => ({ type: one.type, payload: JSON.stringify(one.payload) })))).toEqual(
      ours.map((one) => one.summary),
    );
  });

  it('are those of JavaScript for whatever stands in the payload', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(payload, { minLength: 20, maxLength: 20 }), async (payloads) => {
        const cases = payloads.flatMap((one) => types.map((type) => ({ type, payload: canonicalJson(one) })));
        expect(await inSql(cases)).toEqual(inJs(cases));
      }),
      { numRuns: 60 },
    );
  });

  it('say what was erased, and show own words as written', async () => {
    const cases = types.map((type) => ({ type, payload: null }));
    expect(await inSql(cases)).toEqual(inJs(cases));
    const { rows } = await client.query<{ sentence: string }>(
      "SELECT annals.sentence('note.added', 1, '{}', 'as it''s written') AS sentence",
    );
    expect(rows[0]?.sentence).toBe("as it's written");
  });
});

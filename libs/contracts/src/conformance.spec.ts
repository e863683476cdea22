import { readFileSync } from 'node:fs';
import { aDraft, structured } from '#libs/testing';
import { decodeRecord } from './decode/decode-record.js';
import type { EventDefinition } from './event-definition.js';
import type { Decoded } from './event.js';
import { EVENT_DEFINITIONS } from './events/index.js';
import { EVENT_TYPES, eventDefinition, TYPES_BY_TAB } from './registry.js';

interface Fact {
  readonly type: string;
  readonly topic: string;
  readonly aliases: readonly string[];
  readonly snake: string;
  readonly when: string;
  readonly primary: string;
  readonly refs: readonly string[];
  readonly payload: string;
  readonly summary: string;
  readonly tabs: string;
  readonly icon: string;
  readonly deepLink: string;
  readonly scoreFeed: boolean;
  readonly group: string | null;
  readonly defaultActor: string;
  readonly visibility: string;
}
interface Field {
  readonly name: string;
  readonly kind: string;
  readonly required: boolean;
  readonly personal: boolean;
}

const catalogue = JSON.parse(readFileSync(new URL('./testdata/catalogue.json', import.meta.url), 'utf8')) as Fact[];
const definitions: readonly EventDefinition[] = EVENT_DEFINITIONS;
const fieldsOf = (fact: Fact): Field[] =>
  [...fact.payload.matchAll(/([A-Za-z]+)([*†]*):([^;]+)/g)].map(([, name, marks, kind]) => ({
    name: name!,
    kind: kind!.trim(),
    required: marks!.includes('*'),
    personal: marks!.includes('†'),
  }));

/** Values that the kind must refuse. */
const WRONG: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [/^string( ≤.*)?$|^object$/, [42, null, ['x'], true]],
  [/^string\[\]$/, ['x', [1], null]],
  [/^string\|null$/, [42, ['x']]],
  [/^number\|null$/, ['42', true]],
  [/^number$/, ['42', null]],
  [/^number 0\.\.1$/, [1.1, -0.1, '0.5']],
  [/^integer≥0$/, [-1, 1.5, '3']],
  [/^integer$/, [1.5, '3', null]],
  [/^boolean/, ['true', 1, null]],
  [/^enum/, ['something-else', 1, null]],
  [/^url$/, ['no url', 42, '']],
  [/^timestamp$/, ['yesterday', '2026-01-05T14:30:00', 1767623400]],
  [/^decimal string$/, [12.5, '12,5', '1e3', '', '.5']],
  [/^ISO 4217$/, ['usd', 'USDX', 840]],
  [/^IANA name$/, ['Mars Base', 1]],
];

const decoded = (type: string, payload: object): Decoded =>
  decodeRecord(structured(aDraft({ type, payload })), { nowMs: Date.UTC(2026, 1, 1) });
const expand = (types: string) => types.split('|').flatMap((one) => (one === 'customer' ? ['contact', 'lead', 'merchant'] : [one]));

describe('the definitions hold what the catalogue says', () => {
  it('has all its types, in its order, and any later ones behind', () => {
    expect(catalogue).toHaveLength(43);
    expect(EVENT_TYPES.slice(0, 43)).toEqual(catalogue.map((fact) => fact.type));
  });

  it('gives every name to one type only', () => {
    const names = definitions.flatMap((definition) => [definition.type, ...definition.aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('keeps every tab’s types', () => {
    for (const [tab, types] of Object.entries(TYPES_BY_TAB)) {
      const expected = catalogue.filter((fact) => tab === 'all' || fact.tabs === tab).map((fact) => fact.type);
      expect(types.slice(0, expected.length)).toEqual(expected);
    }
  });

  describe.each(catalogue)('$type', (fact) => {
    const definition = eventDefinition(fact.type)!;

    it('is found by each of its names, in any case', () => {
      for (const name of [fact.type, fact.snake, ...fact.aliases]) {
        expect(eventDefinition(name)?.type).toBe(fact.type);
        expect(eventDefinition(name.toUpperCase())?.type).toBe(fact.type);
      }
    });

    it('has its placement', () => {
      const primary = definition.primary.filter((type) => type !== 'user' || fact.primary !== 'any');
      expect({
        topic: definition.topic,
        snake: definition.activityName,
        when: definition.when,
        summary: definition.versions[1]?.summary,
        tabs: definition.tabs.join() || 'none',
        icon: definition.icon,
        deepLink: definition.deepLink ?? 'none',
        scoreFeed: definition.scoreFeed,
        grouped: definition.groupBy !== null,
        defaultActor: definition.defaultActor.join('|'),
        visibility: { customer: 'staff, customer', staff: 'staff', staff_only: 'staff only' }[definition.visibility],
        refs: definition.references.map((ref) => ref.type),
        primary: fact.primary === 'any' ? primary.length : primary,
      }).toEqual({
        topic: fact.topic,
        snake: fact.snake,
        when: fact.when,
        summary: fact.summary,
        tabs: fact.tabs,
        icon: fact.icon,
        deepLink: fact.deepLink,
        scoreFeed: fact.scoreFeed,
        grouped: fact.group !== null,
        defaultActor: fact.defaultActor,
        visibility: fact.visibility,
        refs: fact.refs.map((ref) => /^[a-z_]+/.exec(ref)?.[0]),
        primary: fact.primary === 'any' ? 12 : expand(fact.primary),
      });
    });

    it('has its payload fields, marked', () => {
      const { properties, required = [] } = definition.versions[1]!.payload;
      const ours = Object.entries(properties).map(([name, schema]) => [name, required.includes(name), 'x-annals-pii' in schema]);
      expect(ours).toEqual(fieldsOf(fact).map((field) => [field.name, field.required, field.personal]));
    });

    it('accepts every example', () => {
      expect(definition.examples.length).toBeGreaterThan(0);
      for (const { payload } of definition.examples) expect(decoded(fact.type, payload).outcome).toBe('accepted');
    });

    it('refuses each required field removed', () => {
      for (const { name } of fieldsOf(fact).filter((field) => field.required)) {
        const { [name]: _removed, ...rest } = definition.examples[0]!.payload as Record<string, unknown>;
        expect(decoded(fact.type, rest)).toMatchObject({
          outcome: 'rejected',
          rejection: { reason: 'bad_payload', schemaPath: `/data/payload/${name}`, message: 'is required' },
        });
      }
    });

    it('refuses each field mistyped', () => {
      for (const { name, kind } of fieldsOf(fact)) {
        const wrong = WRONG.find(([pattern]) => pattern.test(kind))?.[1] ?? [];
        expect(wrong).not.toHaveLength(0);
        for (const value of wrong) {
          const result = decoded(fact.type, { ...definition.examples[0]!.payload, [name]: value });
          expect(result).toMatchObject({ outcome: 'rejected', rejection: { reason: 'bad_payload' } });
          expect(result).toHaveProperty('rejection.schemaPath', expect.stringContaining(`/data/payload/${name}`));
        }
      }
    });

    it('accepts every value of its enumerations', () => {
      for (const { name, kind } of fieldsOf(fact)) {
        for (const value of /^enum\((.*)\)$/.exec(kind)?.[1]?.split(',') ?? []) {
          expect(decoded(fact.type, { ...definition.examples[0]!.payload, [name]: value }).outcome).toBe('accepted');
        }
      }
    });

    it('keeps keys it does not know', () => {
      const result = decoded(fact.type, { ...definition.examples[0]!.payload, zz_unknown: { a: [1, null] } });
      expect(result).toHaveProperty('event.payload', expect.stringContaining('"zz_unknown":{"a":[1,null]}'));
    });
  });
});

describe('every definition, of the catalogue or later', () => {
  it('has examples that are accepted, but not without a field the schema requires', () => {
    for (const { type, examples, versions } of definitions) {
      expect(examples.length).toBeGreaterThan(0);
      for (const { payload } of examples) expect([type, decoded(type, payload).outcome]).toEqual([type, 'accepted']);
      for (const name of versions[1]?.payload.required ?? []) {
        const { [name]: _removed, ...rest } = examples[0]!.payload as Record<string, unknown>;
        expect(decoded(type, rest)).toHaveProperty('rejection.schemaPath', `/data/payload/${name}`);
      }
    }
  });
});

describe('the seeds’ payloads, verbatim', () => {
  it.each([
    ['status_change', '{ "fromStatus": "new", "toStatus": "qualified" }'],
    ['email_sent', '{ "emailSubject": "Following up on your inquiry", "messageId": "msg_abc123" }'],
    [
      'enrichment',
      '{ "linkedinUrl": "https://linkedin.com/in/example", "companySize": "11-50", "industry": "SaaS", "website": "https://example.com" }',
    ],
    [
      'score_updated',
      '{ "previousScore": 46, "newScore": 68, "previousBand": "warm", "newBand": "hot", "modelVersion": "v1.0", "topFactors": [ "job_title_match", "opened_2_emails", "visited_pricing_page" ] }',
    ],
    [
      'nurture_step_executed',
      '{ "sequenceId": "seq_123", "stepId": "step_2", "channel": "email", "templateId": "tmpl_followup_2", "deliveryStatus": "sent" }',
    ],
    ['call_logged', '{ "phone": "+15551234567", "outcome": "positive" }'],
  ])('%s is accepted', (type, payload) => {
    expect(decoded(type, JSON.parse(payload) as object).outcome).toBe('accepted');
  });
});

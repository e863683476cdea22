import { Ajv2020 } from 'ajv/dist/2020.js';
import { aDraft, anEvent } from '#libs/testing';
import type { EventDefinition } from '../event-definition.js';
import { EVENT_DEFINITIONS } from '../events/index.js';
import { SCORE_INPUT_EXAMPLE, SCORE_INPUT_SCHEMA } from '../generate/score-input-schema.js';
import { eventDefinition } from '../registry.js';
import { feedsScores, scoreInput, type ScoredEvent } from './score-input.js';
import { withoutPersonal } from './without-personal.js';

const HINTS = { weight: 3, halfLifeDays: 30 };
const ID = '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e';
const stored = (wanted: Parameters<typeof anEvent>[0]): ScoredEvent => ({ ...anEvent(wanted), id: ID, position: 7n });
const definitionOf = (type: string) => eventDefinition(type) as EventDefinition;
const inputOf = (event: ScoredEvent) =>
  JSON.parse(scoreInput(event, definitionOf(event.type), HINTS)) as { id: string; data: { payload: object } };

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(SCORE_INPUT_SCHEMA);
const definitions: readonly EventDefinition[] = EVENT_DEFINITIONS;

describe('what the scoring engines are told', () => {
  it.each(definitions.filter(({ scoreFeed }) => scoreFeed).map(({ type }) => type))('of %s is as AsyncAPI describes it', (type) => {
    const input = inputOf(stored({ type }));
    expect(validate(input) ? [] : validate.errors).toEqual([]);
  });

  it('is as the example of AsyncAPI shows it', () => {
    expect(validate(SCORE_INPUT_EXAMPLE.payload) ? [] : validate.errors).toEqual([]);
  });

  it('has the item’s id, and neither personal data nor the actor', () => {
    const { payload } = aDraft({ type: 'page.visited' });
    const secret = { url: 'https://example.com/jane', ip: '192.0.2.1', referrer: 'https://example.com/jane', sessionId: 's-1' };
    const event = stored({
      type: 'page.visited',
      payload: { ...payload, ...secret, visitorName: 'Jane Doe' },
      actor: { type: 'human', id: 'jane@example.com' },
    });
    const input = inputOf(event);
    expect(input.id).toBe(ID);
    expect(input.data.payload).toMatchObject({ sessionId: 's-1' });
    expect(JSON.stringify(input)).not.toMatch(/jane|192\.0\.2\.1/i);
  });

  it.each([
    [{ type: 'email.opened' }, false, true],
    [{ type: 'email.opened', payload: { messageId: 'm', machine: true } }, false, false],
    [{ type: 'email.clicked', payload: { messageId: 'm', url: 'https://example.com', machine: true } }, false, false],
    [{ type: 'email.opened', payload: { messageId: 'm', machine: false } }, false, true],
    [{ type: 'email.opened', ingestMode: 'backfill' as const }, false, false],
    [{ type: 'email.opened', ingestMode: 'backfill' as const }, true, true],
    [{ type: 'note.added' }, false, false],
    [{ type: 'lead.score_updated' }, false, false],
  ])('%j, backfill asked for: %s; is told: %s', (wanted, backfill, told) => {
    const event = stored(wanted);
    expect(feedsScores(event, definitionOf(event.type), backfill)).toBe(told);
  });

  it('is nothing of what was erased, or of a type that nobody knows', () => {
    expect(feedsScores({ ...stored({ type: 'deal.won' }), payload: null }, definitionOf('deal.won'), true)).toBe(false);
    expect(feedsScores(stored({ type: 'deal.won' }), undefined, true)).toBe(false);
  });
});

describe('a payload without personal data', () => {
  const personal = { type: 'string', 'x-annals-pii': true };
  const schema = {
    properties: {
      plan: { type: 'string' },
      name: personal,
      seats: { type: 'object' },
      person: { type: 'object', properties: { role: { type: 'string' }, email: personal } },
      people: { type: 'array', items: { type: 'object', properties: { role: {}, email: personal } } },
      names: { type: 'array', items: personal },
      either: { anyOf: [{ type: 'number' }, personal] },
    },
  };

  it('holds what is declared and not marked, at any depth', () => {
    const payload = {
      ...{ plan: 'pro', name: 'Jane', seats: { count: 3 }, person: { role: 'buyer', email: 'j@example.com', extra: 1 } },
      ...{ people: [{ role: 'user', email: 'k@example.com' }], names: ['Kim'], either: 'Lee', undeclared: 'Max' },
    };
    expect(withoutPersonal(schema, payload)).toEqual({
      plan: 'pro',
      seats: { count: 3 },
      person: { role: 'buyer' },
      people: [{ role: 'user' }],
      names: [],
    });
  });
});

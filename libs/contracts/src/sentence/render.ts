import type { EventDefinition, EventVersion } from '../event-definition.js';
import { FILTERS, type Payload, presentFields } from './filters.js';
import { type Choice, choicesIn, parseTemplate, type Part } from './template.js';

/** What a reader sees where a field is gone for good. */
export const ERASED = '[erased]';

/** A template, parsed once. */
export interface Sentence {
  readonly parts: readonly Part[];
  readonly choices: readonly Choice[];
  readonly fields: readonly string[];
  readonly required: ReadonlySet<string>;
  /** The bare type name in words, where a part that is needed is missing. */
  readonly fallback: string;
}

const sentences = new WeakMap<EventVersion, Sentence>();

/** The sentence of one version of a type; `undefined` for a version that does not exist. */
export function sentenceFor(definition: EventDefinition, version: number): Sentence | undefined {
  const schema = definition.versions[version];
  if (!schema) return undefined;
  const known = sentences.get(schema);
  if (known) return known;
  const parts = parseTemplate(schema.summary);
  const sentence = {
    parts,
    choices: choicesIn(parts),
    fields: Object.keys(schema.payload.properties),
    required: new Set<string>(schema.payload.required ?? []),
    fallback: typeInWords(definition.type),
  };
  sentences.set(schema, sentence);
  return sentence;
}

/** `deal.stage_changed`: `deal stage changed`. */
export function typeInWords(type: string): string {
  return type.replace(/[._]/g, ' ');
}

/** `null` stands for an erased payload: what the sentence needs then reads `[erased]`, and what may be missing is left out. */
export function render(sentence: Sentence, payload: Payload | null): string {
  if (payload === null && sentence.parts.some((part) => part.kind === 'when' && !part.present)) return sentence.fallback;
  let text = '';
  for (const part of sentence.parts) {
    const rendered = renderPart(part, sentence, payload);
    if (rendered === undefined) return sentence.fallback;
    text += rendered;
  }
  return text;
}

function renderPart(part: Part, sentence: Sentence, payload: Payload | null): string | undefined {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'value':
      return valueOf(part.choices, sentence, payload) ?? (isErased(part.choices, sentence, payload) ? ERASED : undefined);
    case 'group':
      return renderGroup(part.parts, sentence, payload) ?? '';
    case 'when':
      return payload !== null && holds(payload, part.field) === part.present ? (renderGroup(part.parts, sentence, payload) ?? '') : '';
  }
}

/** `undefined` when any field inside is missing. */
function renderGroup(parts: readonly Part[], sentence: Sentence, payload: Payload | null): string | undefined {
  let text = '';
  for (const part of parts) {
    const rendered = part.kind === 'value' ? valueOf(part.choices, sentence, payload) : renderPart(part, sentence, payload);
    if (rendered === undefined) return undefined;
    text += rendered;
  }
  return text;
}

function valueOf(choices: readonly Choice[], sentence: Sentence, payload: Payload | null): string | undefined {
  if (payload === null) return undefined;
  for (const { field, filter, argument } of choices) {
    const value = Object.hasOwn(payload, field) ? payload[field] : undefined;
    const text =
      filter === null
        ? plain(value)
        : value === undefined && filter !== 'fieldNames'
          ? undefined
          : FILTERS[filter]?.(value, argument, payload, sentence.fields);
    if (text !== undefined) return text;
  }
  return undefined;
}

function plain(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** An accepted event has its required fields, so one that is gone was erased. */
function isErased(choices: readonly Choice[], { required }: Sentence, payload: Payload | null): boolean {
  return payload === null || choices.some(({ field }) => required.has(field) && (payload[field] ?? null) === null);
}

function holds(payload: Payload, field: string): boolean {
  const value = Object.hasOwn(payload, field) ? payload[field] : undefined;
  return value !== undefined && value !== null && value !== false;
}

/** The values a sentence is made of, for a client that words it in another language. */
export function paramsOf({ choices, fields }: Sentence, payload: Payload): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const { field, filter } of choices) {
    if (filter === 'fieldNames') params[field] = presentFields(payload, fields);
    else if (Object.hasOwn(payload, field)) params[field] = payload[field];
    if (filter === 'money' && Object.hasOwn(payload, 'currency')) params.currency = payload.currency;
  }
  return params;
}

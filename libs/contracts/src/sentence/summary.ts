import type { EventDefinition, ReadToday } from '../event-definition.js';
import { eventDefinition } from '../registry.js';
import type { Payload } from './filters.js';
import { paramsOf, render, sentenceFor, typeInWords } from './render.js';

/** What a sentence is made from: columns of the log. */
export interface SummarizedEvent {
  readonly type: string;
  readonly version: number;
  /** As an object or as JSON text; `null` once erased. */
  readonly payload: object | string | null;
  /** A hand-made entry's own words, shown as written. */
  readonly summary: string | null;
}

/** A sentence with what a client needs to word it anew. Key and params are `null` and empty for own words. */
export interface Summary {
  readonly summary: string;
  /** `<type>@<version>`. */
  readonly summaryKey: string | null;
  readonly summaryParams: Readonly<Record<string, unknown>>;
}

/**
 * The one-line description of an event: depends on its arguments alone, so it reads the same every time (seed 001).
 * `definition`: what `TenantTypes` resolves for the tenant; the built-in type if left out.
 */
export function summaryOf(event: SummarizedEvent, definition: EventDefinition | undefined = eventDefinition(event.type)): string {
  if (event.summary !== null) return event.summary;
  if (!definition) return typeInWords(event.type);
  const { version, payload } = readToday(definition, event.version, payloadOf(event.payload));
  const sentence = sentenceFor(definition, version);
  return sentence ? render(sentence, payload) : typeInWords(event.type);
}

/** As `summaryOf`, with key and params. A type or version unknown here reads as its name in words. */
export function describeEvent(event: SummarizedEvent, definition: EventDefinition | undefined = eventDefinition(event.type)): Summary {
  if (event.summary !== null) return { summary: event.summary, summaryKey: null, summaryParams: {} };
  const { version, payload } = definition
    ? readToday(definition, event.version, payloadOf(event.payload))
    : { version: event.version, payload: null };
  const sentence = definition && sentenceFor(definition, version);
  if (!definition || !sentence) return { summary: typeInWords(event.type), summaryKey: null, summaryParams: {} };
  return {
    summary: render(sentence, payload),
    summaryKey: `${definition.type}@${version}`,
    summaryParams: payload === null ? {} : paramsOf(sentence, payload),
  };
}

/** A stored payload as it reads today, with the version it is then of: upcasters run here and nowhere else. An erased one stays erased. */
export function readToday(
  definition: EventDefinition,
  version: number,
  payload: Payload | null,
): { readonly version: number; readonly payload: Payload | null } {
  if (definition.readToday === undefined) return { version, payload };
  const read: ReadToday = definition.readToday(version, payload ?? {});
  return { version: read.version, payload: payload && read.payload };
}

export function payloadOf(payload: object | string | null): Payload | null {
  return (typeof payload === 'string' ? JSON.parse(payload) : payload) as Payload | null;
}

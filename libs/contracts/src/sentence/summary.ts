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

/** The one-line description of an event: depends on its arguments alone, so it reads the same every time (seed 001). */
export function summaryOf(event: SummarizedEvent): string {
  if (event.summary !== null) return event.summary;
  const definition = eventDefinition(event.type);
  const sentence = definition && sentenceFor(definition, event.version);
  return sentence ? render(sentence, payloadOf(event.payload)) : typeInWords(event.type);
}

/** As `summaryOf`, with key and params. A type or version unknown here reads as its name in words. */
export function describeEvent(event: SummarizedEvent): Summary {
  if (event.summary !== null) return { summary: event.summary, summaryKey: null, summaryParams: {} };
  const definition = eventDefinition(event.type);
  const sentence = definition && sentenceFor(definition, event.version);
  if (!definition || !sentence) return { summary: typeInWords(event.type), summaryKey: null, summaryParams: {} };
  const payload = payloadOf(event.payload);
  return {
    summary: render(sentence, payload),
    summaryKey: `${definition.type}@${event.version}`,
    summaryParams: payload === null ? {} : paramsOf(sentence, payload),
  };
}

export function payloadOf(payload: object | string | null): Payload | null {
  return (typeof payload === 'string' ? JSON.parse(payload) : payload) as Payload | null;
}

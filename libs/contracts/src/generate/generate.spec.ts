import asyncApiSpecs from '@asyncapi/specs';
import { Ajv, type AnySchemaObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { buildEvent } from '../build-event.js';
import type { EventDefinition } from '../event-definition.js';
import { EVENT_DEFINITIONS } from '../events/index.js';
import { PERSONAL } from '../payload-fields.js';
import { EVENT_TYPES } from '../registry.js';
import { TOPICS } from '../topics.js';
import { asyncApi } from './async-api.js';
import { eventsMarkdown } from './events-markdown.js';
import { jsonSchemas } from './json-schemas.js';

const definitions: readonly EventDefinition[] = EVENT_DEFINITIONS;

describe('what is generated from the definitions', () => {
  it('is an AsyncAPI 3.0 document by its own schema, with every topic and type', () => {
    const ajv = new Ajv({ meta: false, validateSchema: false, strict: false, validateFormats: false });
    const validate = ajv.compile(asyncApiSpecs.schemas['3.0.0'] as AnySchemaObject);
    const document = JSON.parse(JSON.stringify(asyncApi())) as { channels: object; components: { messages: object } };
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...document, channels: { 'crm.email': { messages: 5 } } })).toBe(false);
    expect(Object.keys(document.channels)).toEqual([...TOPICS]);
    expect(Object.keys(document.components.messages)).toEqual(expect.arrayContaining([...EVENT_TYPES]));
  });

  it('refers to nothing that is not in the document', () => {
    const document = JSON.parse(JSON.stringify(asyncApi())) as object;
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map((match) => match[1]!);
    const find = (path: string) =>
      path.split('/').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
    expect(refs.length).toBeGreaterThan(100);
    expect(refs.filter((ref) => find(ref) === undefined)).toEqual([]);
  });

  describe('the JSON Schemas', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false });
    ajv.addVocabulary([PERSONAL]);
    const schemas = jsonSchemas();

    it.each(definitions)('of $type accept its examples and refuse them without id', (definition) => {
      const validate = ajv.compile(schemas[`${definition.type}.v1`] as AnySchemaObject);
      for (const { entities, actor, payload, summary } of definition.examples) {
        const input = {
          type: definition.type,
          id: 'e-1',
          source: '/s',
          tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11',
          entities,
          actor,
          summary,
          payload,
        };
        const event = JSON.parse(buildEvent(input as Parameters<typeof buildEvent>[0]).value) as Record<string, unknown>;
        expect(validate(event) ? [] : validate.errors).toEqual([]);
        delete event.id;
        expect(validate(event)).toBe(false);
      }
    });
  });

  it('describes every type, and marks personal data', () => {
    const markdown = eventsMarkdown();
    for (const type of EVENT_TYPES) expect(markdown).toContain(`\n## ${type}\n`);
    expect(markdown).toContain('`emailSubject` †');
    expect(markdown).not.toMatch(/undefined|\[object/);
  });
});

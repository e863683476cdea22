import { buildEvent } from '../build-event.js';
import { ENTITY_TYPES, pivotOf } from '../entity-types.js';
import type { EventDefinition, EventExample, EventVersion } from '../event-definition.js';
import { EVENT_DEFINITIONS } from '../events/index.js';
import { PERSONAL } from '../payload-fields.js';
import { deepLinkOf } from '../sentence/deep-link.js';
import { summaryOf } from '../sentence/summary.js';

/** `docs/events.md`: every type, for a person who emits or reads events. */
export function eventsMarkdown(): string {
  const definitions: readonly EventDefinition[] = EVENT_DEFINITIONS;
  return `${[intro(), overview(definitions), entities(), ...definitions.map(section)].join('\n\n')}\n`;
}

function intro(): string {
  const { topic, key, headers, value } = buildEvent({
    type: 'deal.stage_changed',
    id: '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e',
    source: '/producers/pipeline',
    tenantId: '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11',
    entities: [
      { type: 'deal', id: 'deal-9' },
      { type: 'account', id: 'acc-1' },
    ],
    actor: { type: 'human', id: 'jane@example.com' },
    time: '2026-01-05T14:30:00.000Z',
    payload: { fromStage: 'Proposal', toStage: 'Negotiation', amount: '12500.00', currency: 'USD' },
  });
  return `# Events

<!-- Generated from libs/contracts/src/events by tools/generate.mjs. Change the definitions, not this file. -->

A record on the topic \`${topic}\`, key \`${key}\`, header \`content-type: ${headers['content-type']}\`:

${json(JSON.parse(value))}

CloudEvents binary mode (\`ce_\` headers, the value is \`data\`) and flat JSON (\`event_id\`, \`tenant_id\`, \`type\`, \`occurred_at\`, \`actor\`,
\`account_id\`, \`contact_id\`, …, \`payload\`) are read as well. Known payload keys may be written in snake case. Keys that no schema names are kept.
Personal data is marked †.`;
}

function overview(definitions: readonly EventDefinition[]): string {
  const rows = definitions.map((d) => [
    `[\`${d.type}\`](#${d.type.replace(/\./g, '')})`,
    codes(d.aliases),
    code(d.topic),
    d.tabs.join(', ') || '—',
    seenBy(d),
  ]);
  return `${definitions.length} types.\n\n${table(['Type', 'Other names', 'Topic', 'Tab', 'Seen by'], rows)}`;
}

function entities(): string {
  const rows = ENTITY_TYPES.map((type) => [code(type), pivotOf(type) ?? 'no timeline of its own']);
  return `## Entity types\n\n${table(['Type', 'Timeline'], rows)}`;
}

function section(definition: EventDefinition): string {
  const facts = [
    ['When', definition.when],
    ['Topic', code(definition.topic)],
    ['Other names', codes(definition.aliases)],
    ['Name in `/api/crm/activity`', code(definition.activityName)],
    ['About', codes(definition.primary)],
    ['Also refers to', definition.references.map(({ type, role }) => `${code(type)}${role ? ` as ${role}` : ''}`).join(', ') || '—'],
    ['Actor', definition.defaultActor.join(', ')],
    ['Tab', definition.tabs.join(', ') || '—'],
    ['Icon', code(definition.icon)],
    ['Deep link', definition.deepLink === null ? '—' : code(definition.deepLink)],
    ['Seen by', seenBy(definition)],
    ['Fed to lead scoring', definition.scoreFeed ? 'yes' : 'no'],
  ];
  const versions = Object.entries(definition.versions).map(([version, schema]) => versionSection(version, schema));
  return [`## ${definition.type}`, table(['', ''], facts), ...versions, ...definition.examples.map((one) => example(definition, one))].join(
    '\n\n',
  );
}

function versionSection(version: string, { payload, summary }: EventVersion): string {
  const required = new Set(payload.required ?? []);
  const rows = Object.entries(payload.properties).map(([name, schema]) => [
    `\`${name}\`${PERSONAL in schema ? ' †' : ''}`,
    kindOf(schema),
    required.has(name) ? 'yes' : '',
  ]);
  return `Version ${version}, sentence \`${summary}\`\n\n${rows.length > 0 ? table(['Payload', 'Kind', 'Required'], rows) : 'No payload keys.'}`;
}

function example(definition: EventDefinition, { entities, actor, payload, summary }: EventExample): string {
  const sentence = summaryOf({ type: definition.type, version: 1, payload, summary: summary ?? null });
  const link = deepLinkOf({ type: definition.type, entities, payload });
  return `> ${actor.id} ${sentence}${link === null ? '' : ` → \`${link}\``}\n\n${json({ entities, payload, summary })}`;
}

/** A payload field in words: `integer ≥ 0`, `hard, soft or block`. */
function kindOf(schema: Readonly<Record<string, unknown>>): string {
  const { type, format, pattern, minimum, maximum, maxLength } = schema;
  if (Array.isArray(schema.enum)) return schema.enum.join(', ').replace(/, ([^,]*)$/, ' or $1');
  const kind = Array.isArray(type) ? type.join(' or ') : type === 'array' ? 'list of text' : type === 'string' ? 'text' : String(type);
  const limits = [
    format === undefined ? '' : format === 'uri' ? 'URL' : 'RFC 3339 time',
    typeof pattern === 'string' ? `\`${pattern.replaceAll('|', '\\|')}\`` : '',
    typeof minimum === 'number' ? `≥ ${minimum}` : '',
    typeof maximum === 'number' ? `≤ ${maximum}` : '',
    typeof maxLength === 'number' ? `≤ ${maxLength} characters` : '',
  ];
  return [kind, ...limits].filter((part) => part !== '').join(', ');
}

function seenBy({ visibility }: EventDefinition): string {
  return { customer: 'staff, customer', staff: 'staff', staff_only: 'staff only' }[visibility];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string) => `\`${text}\``;
const codes = (texts: readonly string[]) => texts.map(code).join(', ') || '—';
const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;

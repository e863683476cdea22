import { Type } from '@sinclair/typebox';
import { ANY_RECORD, CUSTOM_TOPIC, CUSTOM_TYPE, type EventDefinition } from '#libs/contracts';

/** Any object: what is in it, only the tenant's registered type knows. */
const ANY_PAYLOAD = Type.Object({});
const made = new Map<string, EventDefinition>();
const MADE_REMEMBERED = 1_000;

export function isCustomType(type: string): boolean {
  return CUSTOM_TYPE.test(type);
}

/** As much of a tenant's own type as a producer knows: its name, its topic, and that its payload is an object. */
export function customDefinition(type: string, version: number): EventDefinition {
  const name = `${type}:${version}`;
  const before = made.get(name);
  if (before) return before;
  const definition: EventDefinition = {
    ...{ type, aliases: [], activityName: type, topic: CUSTOM_TOPIC, when: '', primary: ANY_RECORD, references: [] },
    versions: { [version]: { payload: ANY_PAYLOAD, summary: '' } },
    ...{ tabs: [], icon: 'circle', deepLink: null, scoreFeed: false, visibility: 'staff', groupBy: null, examples: [] },
    defaultActor: ['human', 'agent', 'system'],
  };
  if (made.size >= MADE_REMEMBERED) made.clear();
  made.set(name, definition);
  return definition;
}

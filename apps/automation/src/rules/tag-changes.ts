import type { SlimEvent, TagChange } from '#libs/store';

export const TAG_TYPES = ['contact.tagged', 'contact.untagged'] as const;

/** The change that an event makes to the tags of what it is primarily about; none for other events. */
export function tagChangeOf(event: SlimEvent): TagChange[] {
  const [entity] = event.entities;
  const tag = event.payload?.['tag'];
  if (!TAG_TYPES.some((type) => type === event.type) || entity === undefined || typeof tag !== 'string') return [];
  const { tenantId, occurredAt, position } = event;
  return [{ tenantId, entity, occurredAt, position, tag, added: event.type === 'contact.tagged' }];
}

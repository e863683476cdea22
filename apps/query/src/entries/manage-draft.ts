import type { EntityRef } from '#libs/contracts';
import { meaningless } from '../http/problem-exception.js';
import type { TypeScope } from '../items/type-scope.js';
import { recordOf } from '../timelines/record-of.js';
import type { ManageDto } from './manage.dto.js';
import { managedType } from './managed-types.js';
import type { EntryDraft } from './write-entry.js';

/** Members of the body that belong into the payload, by the payload's names. */
const FIELDS = ['durationSeconds', 'text', 'pinned'] as const;

/** The entry that a body of `manage` speaks of, or 422. Whether its payload fits the type is for the decoder to say. */
export function manageDraft(scope: TypeScope, body: ManageDto): EntryDraft {
  const type = managedType(scope, body.type);
  const { type: datatype, id } = recordOf('datatype', body.datatype, body.ownerId);
  const payload = payloadOf(body);
  const isNote = type === 'note.added' && !Object.hasOwn(payload, 'text');
  return {
    type,
    entities: [{ type: datatype, id }, ...(body.entities ?? []).map(referenceOf)],
    payload: isNote && body.summary !== undefined ? { ...payload, text: body.summary } : payload,
    summary: body.summary,
    time: body.occurredAt,
  };
}

/** `metadata`, and beside it what the body names itself. */
function payloadOf(body: ManageDto): Record<string, unknown> {
  const payload = { ...body.metadata };
  for (const field of FIELDS) {
    const said = body[field];
    if (said === undefined) continue;
    if (Object.hasOwn(payload, field) && payload[field] !== said) {
      throw meaningless('contradiction', field, `differs from metadata.${field}`);
    }
    payload[field] = said;
  }
  return payload;
}

const referenceOf = ({ type, id, role }: EntityRef): EntityRef => (role === undefined ? { type, id } : { type, id, role });

/** Where in the body of `manage` a fault lies that the decoder found in the record made of it. */
export function manageField(schemaPath: string): string {
  const [root, part, name, ...rest] = schemaPath.split('/').slice(1);
  if (root === 'subject') return 'ownerId';
  if (root === 'time') return 'occurredAt';
  if (root !== 'data') return root ?? 'body';
  if (part !== 'payload') return [part, name, ...rest].filter((segment) => segment !== undefined).join('.');
  if (name === undefined) return 'metadata';
  const path = [name, ...rest].join('.');
  return FIELDS.some((field) => field === name) ? path : `metadata.${path}`;
}

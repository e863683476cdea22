import {
  checkDefinition,
  checkNamesAreFree,
  checkSize,
  checkSuccessor,
  typeDefinitionOf,
  type DefinitionFault,
  type StoredPayload,
} from '#libs/contracts';
import { registerType, type Registration } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { fieldProblem, meaningless } from '../http/problem-exception.js';
import type { QueryParts } from '../query-parts.js';
import type { RegisterTypeDto } from './register-type.dto.js';

/** Stored events that a new version is tried on, the newest. */
const SAMPLE = 100;

type Parts = Pick<QueryParts, 'app' | 'store' | 'types' | 'refreshTypes'>;

/** Registers the type, and waits until this process knows it. Ends the request with 422 for what cannot be registered. */
export async function register(parts: Parts, principal: Principal, body: RegisterTypeDto): Promise<Registered> {
  const { tenantId, userId } = principal;
  const definition = typeDefinitionOf(body);
  refuse(checkSize(definition));
  const stored = await storedPayloads(parts, tenantId, definition.type);
  const registration = await registerType(parts.app, tenantId, {
    definition,
    createdBy: userId,
    check(earlier, others) {
      const faults = [...checkDefinition(definition), ...checkNamesAreFree(definition, others)];
      // a schema that does not compile reads nothing
      return faults.length > 0 ? faults : checkSuccessor(earlier, definition, stored);
    },
  });
  const registered = accepted(registration);
  await parts.refreshTypes(tenantId);
  return registered;
}

type Registered = Extract<Registration, { registered: unknown }>;

function accepted(registration: Registration): Registered {
  switch (registration.outcome) {
    case 'registered':
    case 'known':
      return registration;
    case 'full':
      throw meaningless('too-many-types', '/type', `a tenant has at most ${registration.most} ${registration.what}`);
    case 'refused':
      refuse(registration.faults);
      throw new Error('refused without a reason');
  }
}

function refuse(faults: readonly DefinitionFault[]): void {
  if (faults.length === 0) return;
  const errors = faults.map(({ pointer, message }) => ({ field: pointer === '' ? '/' : pointer, message }));
  throw fieldProblem(422, 'invalid-type', errors);
}

async function storedPayloads({ store, types }: Parts, tenantId: string, type: string): Promise<StoredPayload[]> {
  if (types.custom(type, tenantId)?.type !== type) return [];
  const filter = { types: [type], includeRetracted: true };
  const { rows } = await store.timelinePage({ tenantId, audience: 'staff' }, { timeline: { kind: 'feed' }, filter, limit: SAMPLE });
  return rows.flatMap(({ version, payload }) =>
    payload === null ? [] : [{ version, payload: JSON.parse(payload) as StoredPayload['payload'] }],
  );
}

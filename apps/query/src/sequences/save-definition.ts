import { parseTrigger } from '#libs/rules';
import { parsePlaybook, parseSequence, typesOf, type Fault, type ReadTrigger } from '#libs/sequences';
import { inTenant, MOST_DEFINITIONS, readDefinition, saveDefinition, type DefinitionKind, type StoredDefinition } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { fieldProblem, malformed, meaningless, notFound } from '../http/problem-exception.js';
import type { QueryParts } from '../query-parts.js';

/** Reads a definition by the types of the tenant and keeps it. 422 names every fault by a JSON Pointer into the body. */
export async function putDefinition(
  parts: QueryParts,
  kind: DefinitionKind,
  { tenantId, userId }: Principal,
  id: string,
  body: { readonly id?: string },
): Promise<StoredDefinition> {
  if (body.id !== undefined && body.id !== id) throw malformed('id', 'must be the id of the path');
  await parts.refreshTypes(tenantId);
  const accepted = accept(kind, { ...body, id }, (value, pointer) =>
    parseTrigger(value, (name) => parts.types.resolve(name, tenantId), pointer),
  );
  const saved = await inTenant(parts.app, tenantId, (client) =>
    saveDefinition(client, kind, { tenantId, id, ...accepted, by: userId, head: () => parts.store.head(tenantId) }),
  );
  if (saved.outcome === 'too many') throw meaningless(`too-many-${kind}`, 'id', `a tenant has at most ${MOST_DEFINITIONS} ${kind}`);
  return saved.stored;
}

interface Accepted {
  readonly definition: string;
  readonly types: readonly string[];
}

function accept(kind: DefinitionKind, body: object, readTrigger: ReadTrigger): Accepted {
  if (kind === 'sequences') {
    const parsed = parseSequence(withoutAbsent(body), readTrigger);
    if (parsed.outcome === 'refused') throw refused('sequence', parsed.faults);
    return { definition: JSON.stringify(parsed.sequence), types: typesOf(parsed.sequence) };
  }
  const parsed = parsePlaybook(withoutAbsent(body), readTrigger);
  if (parsed.outcome === 'refused') throw refused('playbook', parsed.faults);
  return { definition: JSON.stringify(parsed.playbook), types: parsed.playbook.on };
}

/** What class-transformer has made of a member that was not given is `undefined`. */
const withoutAbsent = (body: object): object => Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

const refused = (what: string, faults: readonly Fault[]) =>
  fieldProblem(
    422,
    `${what}-not-possible`,
    faults.map(({ pointer, message }) => ({ field: pointer, message })),
  );

/** 404 where there is none. */
export async function theDefinition(
  parts: QueryParts,
  kind: DefinitionKind,
  { tenantId }: Principal,
  id: string,
): Promise<StoredDefinition> {
  const stored = await inTenant(parts.app, tenantId, (client) => readDefinition(client, kind, id));
  if (stored === null) throw notFound();
  return stored;
}

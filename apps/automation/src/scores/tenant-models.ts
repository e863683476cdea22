import { weightOf, type TenantTypes } from '#libs/contracts';
import { DEFAULT_MODEL, type VersionedModel } from '#libs/scores';
import { begunModels, type BegunModel, type Database } from '#libs/store';

const DEFAULT: BegunModel = { version: DEFAULT_MODEL.version, fromPosition: DEFAULT_MODEL.fromPosition, model: null, typeWeights: {} };

/**
 * The models of a tenant, the default among them, with what its own types are worth. What a type is worth in its first version holds from the
 * beginning, for none of its events stands before it; what a later version changed holds with the model that came of it. A model that names such
 * a type overrules both. So what holds at a position never changes.
 */
export async function tenantModels(database: Database, types: TenantTypes, tenantId: string): Promise<VersionedModel[]> {
  const first = types
    .own(tenantId)
    .map(({ type, registered: [version] }) => [type, version ? weightOf(version.definition) : null] as const);
  const begun = await begunModels(database, tenantId);
  return [DEFAULT, ...begun].map(({ version, fromPosition, model, typeWeights }) => {
    const { weights, ...rest } = model ?? DEFAULT_MODEL;
    const own = Object.entries({ ...Object.fromEntries(first), ...typeWeights }).filter(([, weight]) => weight !== null);
    return { ...rest, version, fromPosition, weights: { ...(Object.fromEntries(own) as Record<string, number>), ...weights } };
  });
}

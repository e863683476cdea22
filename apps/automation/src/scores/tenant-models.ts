import type { TenantTypes } from '#libs/contracts';
import { DEFAULT_MODEL, type VersionedModel } from '#libs/scores';
import { begunModels, type Database } from '#libs/store';

/**
 * The models of a tenant, the default among them, with what those of its own types that feed scores say they are worth: a model that names such a type overrules that.
 */
export async function tenantModels(database: Database, types: TenantTypes, tenantId: string): Promise<VersionedModel[]> {
  const own = types
    .own(tenantId)
    .flatMap(({ type, scoreFeed, scoreWeight }) => (!scoreFeed || scoreWeight === null ? [] : [[type, scoreWeight] as const]));
  const models = [DEFAULT_MODEL, ...(await begunModels(database, tenantId))];
  return models.map((model) => ({ ...model, weights: { ...Object.fromEntries(own), ...model.weights } }));
}

import { typeDefinitionOf } from '#libs/contracts';
import { canonicalModel, DEFAULT_MODEL } from '#libs/scores';
import { inTenant, loadTenantTypes, registerType, saveModel } from '#libs/store';
import { anEvent, freshDatabase, type FreshDatabase } from '#libs/testing';
import { lead, order, ScoredLog } from './scored-log.fixture.js';

let fresh: FreshDatabase;
let log: ScoredLog;
beforeAll(async () => {
  fresh = await freshDatabase();
  log = await ScoredLog.open(fresh.url, anEvent);
});
afterAll(async () => {
  await log.close();
  await fresh.drop();
});
beforeEach(() => log.begin());

const TYPE = 'custom.demo_held';

async function register(scoreWeight: number | null): Promise<void> {
  const definition = typeDefinitionOf({
    ...{ type: TYPE, summary: `held a demo worth ${scoreWeight}`, primary: ['lead'], scoreFeed: true, scoreWeight },
    schema: { type: 'object' },
  });
  const done = await registerType(log.app, log.tenant, { definition, createdBy: 'jane', check: () => [] });
  expect(done.outcome).toBe('registered');
  const stored = (await loadTenantTypes(log.parts.database)).own(log.tenant);
  log.parts.types.replace(
    log.tenant,
    stored.flatMap(({ type, registered }) => registered.map((version) => ({ type, ...version }))),
  );
}
const held = () => anEvent({ tenantId: log.tenant, entities: lead(), time: '2026-01-01T00:00:00Z' }, { type: TYPE, payload: '{}' });
const told = () => log.updates().map(({ payload: { newScore, modelVersion } }) => [newScore, modelVersion]);

describe('the weight of a tenant’s own type', () => {
  it('holds for its very first event, although no model began with it', async () => {
    await register(40);
    await log.appendEvents([held()]);
    await log.settle();
    expect(told()).toEqual([[40, 'v0']]);
  });

  it('is the next version of the model where it changes, and nothing else is', async () => {
    const versions = () => log.sql('select version, model, type_weights from annals_app.score_models where tenant_id = $1 order by 1');
    await register(40);
    expect(await versions()).toEqual([]);
    await register(10);
    await register(null);
    expect(await versions()).toEqual([
      { version: 1, model: null, type_weights: { [TYPE]: 10 } },
      { version: 2, model: null, type_weights: { [TYPE]: null } },
    ]);
  });

  it('has its place in the log when it changes: a rebuild tells the same scores by the same versions', async () => {
    await register(40);
    await log.appendEvents([held()]);
    await log.settle();
    await register(10);
    await log.settle();
    await log.appendEvents([held()]);
    await log.append(order(0));
    await log.settle();
    const model = canonicalModel({ ...DEFAULT_MODEL, weights: { 'order.placed': 30 } }, (name) => name);
    await inTenant(log.app, log.tenant, (client) => saveModel(client, log.tenant, model, 'jane'));
    await log.settle();
    await log.appendEvents([held()]);
    await log.settle();
    await register(20);
    await log.settle();
    await log.appendEvents([held()]);
    await log.settle();
    const said = log.updates();
    expect(told()).toEqual([
      [40, 'v0'],
      [20, 'v1'],
      [45, 'v1'],
      [60, 'v2'],
      [100, 'v3'],
    ]);
    const series = (all: typeof said) => all.map(({ sourceId, payload, occurredAt }) => [sourceId, payload, occurredAt]);
    expect(series(await log.rebuild())).toEqual(series(said));
  });
});

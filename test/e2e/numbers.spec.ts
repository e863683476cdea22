import { aDraft, eventually, structured, type EventDraft, type SpawnedApp } from '#libs/testing';
import { aTenant, Rig, type Sent } from './rig.js';

const PATIENT = { timeoutMs: 60_000, everyMs: 100 };
const ACCOUNT = { type: 'account', id: 'acc-1' };
const lead = (id: string) => ({ type: 'lead', id });

interface Item {
  readonly id: string;
  readonly type: string;
  readonly summary: string;
  readonly position: number;
  readonly actor: { readonly id: string };
  readonly payload: Record<string, unknown>;
}
interface Counts {
  readonly items: readonly { readonly day: string; readonly key: string; readonly count: number }[];
  readonly asOf: number;
  readonly lag: number;
}

describe('numbers that follow from the log', () => {
  let rig: Rig;
  let query: SpawnedApp;
  beforeAll(async () => {
    rig = await Rig.open(2);
    [query] = await Promise.all([rig.query(), rig.ingest()]);
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  function sent(tenantId: string, topic: string, wanted: Partial<EventDraft>): Sent {
    const { value, headers } = structured(aDraft({ tenantId, ...wanted }));
    return { topic, key: tenantId, value: Buffer.from(value as Uint8Array), headers };
  }

  async function http<T>(tenantId: string, path: string, init: RequestInit = {}): Promise<T> {
    const authorization = `Bearer ${await rig.staffToken(tenantId)}`;
    const response = await fetch(`${query.url}/api/v1/${path}`, {
      ...init,
      headers: { authorization, 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) },
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
  const rollups = (tenantId: string, more = '') => http<Counts>(tenantId, `rollups?from=2026-01-01&to=2026-01-31${more}`);
  const order = (tenantId: string, leadId: string, wanted: Partial<EventDraft> = {}): Sent =>
    sent(tenantId, 'crm.commerce', {
      type: 'order.placed',
      entities: [{ type: 'order', id: 'o-1' }, lead(leadId), ACCOUNT],
      actor: { type: 'system', id: 'shop' },
      time: '2026-01-10T10:00:00Z',
      ...wanted,
    });

  test('a dashboard sees counts per day, by the day it happened on, and loses what is retracted', async () => {
    const tenant = aTenant();
    const automation = await rig.app('automation');
    const note = (day: number, id: string) =>
      sent(tenant, 'crm.engagement', {
        id,
        type: 'note.added',
        entities: [{ type: 'contact', id: 'c' }, ACCOUNT],
        time: `2026-01-${String(day).padStart(2, '0')}T23:30:00Z`,
      });
    await rig.publish([note(20, 'late'), note(3, 'backdated'), note(20, 'another')]);
    const counted = await eventually(
      async () => {
        const answer = await rollups(tenant, '&by=type');
        return answer.asOf >= 3 && answer.lag === 0 && answer;
      },
      { describe: 'the roll-ups have the three notes', ...PATIENT },
    );
    expect(counted.items.map(({ day, key, count }) => [day, key, count])).toEqual([
      ['2026-01-03', 'note.added', 1],
      ['2026-01-20', 'note.added', 2],
    ]);
    const feed = await http<{ items: Item[] }>(tenant, 'feed');
    const written = await fetch(`${query.url}/api/v1/events/${feed.items[0]!.id}/retract`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await rig.staffToken(tenant)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'entered twice' }),
    });
    const token = written.headers.get('position-token')!;
    // the token of the write: the read waits until the roll-ups have it
    const after = await eventually(
      () => http<Counts>(tenant, 'rollups?by=account&from=2026-01-01&to=2026-01-31&type=note', { headers: { 'position-token': token } }),
      {
        describe: 'the roll-ups know of the retraction',
        ...PATIENT,
      },
    );
    expect(after.items.map(({ day, key, count }) => [day, key, count])).toEqual([
      ['2026-01-03', ACCOUNT.id, 1],
      ['2026-01-20', ACCOUNT.id, 1],
    ]);
    await automation.stop();
  }, 120_000);

  test('what may change a score goes to the score feed, and the answer stands on the lead’s timeline', async () => {
    const tenant = aTenant();
    const automation = await rig.app('automation');
    const model = {
      weights: { 'order.placed': 40 },
      halfLifeDays: 30,
      bands: [
        { name: 'cold', from: 0 },
        { name: 'hot', from: 60 },
      ],
    };
    await http(tenant, 'score-model', { method: 'PUT', body: JSON.stringify(model) });
    await eventually(
      async () =>
        (await rig.sql('select from annals_app.score_models where tenant_id = $1 and from_position is not null', [tenant])).length === 1,
      {
        describe: 'the engine has seen the model',
        ...PATIENT,
      },
    );
    const opened = { type: 'email.opened', entities: [lead('l-1')] };
    await rig.publish([
      order(tenant, 'l-1'),
      order(tenant, 'l-1', { ingestMode: 'backfill' }),
      sent(tenant, 'crm.email', { ...opened, payload: { messageId: 'm', machine: true, ip: '192.0.2.7' } }),
      sent(tenant, 'crm.email', { ...opened, payload: { messageId: 'm', ip: '192.0.2.7' } }),
      order(tenant, 'l-1'),
    ]);
    const items = await eventually(
      async () => {
        const found = await http<{ items: Item[] }>(tenant, 'timelines/lead/l-1?type=score_updated');
        return found.items.length === 2 && found.items;
      },
      { describe: 'two new scores stand on the timeline', ...PATIENT },
    );
    expect(items.map(({ summary }) => summary).sort()).toEqual([
      'score changed from 0 to 40 (cold to cold)',
      'score changed from 40 to 80 (cold to hot)',
    ]);
    expect(items[0]).toMatchObject({
      actor: { id: 'scoring-engine' },
      payload: { previousScore: 40, newScore: 80, newBand: 'hot', modelVersion: 'v1', topFactors: ['order.placed'] },
    });
    const told = (await rig.readAll('annals.lead-score'))
      .filter(({ key }) => key?.toString() === tenant)
      .map(({ value }) => value!.toString());
    const inputs = told.map(
      (text) =>
        JSON.parse(text) as { type: string; data: { eventType: string; position: number; weightHint: number; decayHintDays: number } },
    );
    expect(inputs.map(({ type, data }) => [type, data.eventType, data.weightHint, data.decayHintDays]).sort()).toEqual([
      ['leadscore.input', 'email.opened', 0, 30],
      ['leadscore.input', 'order.placed', 40, 30],
      ['leadscore.input', 'order.placed', 40, 30],
    ]);
    const positions = inputs.map(({ data }) => data.position);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(told.join()).not.toContain('192.0.2.7');
    await automation.stop();
  }, 120_000);

  test('an automation that is killed again and again tells each score once and counts each event once', async () => {
    const tenant = aTenant();
    const leads = Array.from({ length: 40 }, (_, n) => `l-${n}`);
    const rounds = 4;
    const told = async () =>
      Number(
        (
          await rig.sql<{ n: string }>(`select count(*) as n from annals.events where tenant_id = $1 and type = 'lead.score_updated'`, [
            tenant,
          ])
        )[0]!.n,
      );
    for (let round = 0; round < rounds; round++) {
      const before = await told();
      const automation = await rig.app('automation', {}, { until: 'live' });
      await rig.publish(leads.map((id) => order(tenant, id, { id: `${id}-${round}` })));
      // in the middle of its work: some scores are told, others perhaps not
      await eventually(async () => (await told()) > before, { describe: 'it tells scores', ...PATIENT });
      automation.kill('SIGKILL');
      await automation.exit;
    }
    const last = await rig.app('automation');
    await eventually(async () => (await told()) >= leads.length * rounds, { describe: 'all scores are told', ...PATIENT });
    await eventually(async () => (await rollups(tenant)).lag === 0, { describe: 'the roll-ups are at the head', ...PATIENT });
    const chains = await rig.sql<{ lead: string; chain: string }>(
      `select entities::json -> 0 ->> 'id' as lead, string_agg(payload::json ->> 'previousScore' || '-' || (payload::json ->> 'newScore'), ' ' order by position) as chain
       from annals.events where tenant_id = $1 and type = 'lead.score_updated' group by 1`,
      [tenant],
    );
    expect(chains).toHaveLength(leads.length);
    expect(new Set(chains.map(({ chain }) => chain.split(' ').sort().join(' ')))).toEqual(new Set(['0-25 25-50 50-75 75-100']));
    expect(await rig.sql('select from annals.dead_letters where tenant_id = $1', [tenant])).toEqual([]);
    const { items } = await rollups(tenant, '&by=account');
    expect(items).toEqual([expect.objectContaining({ key: ACCOUNT.id, count: leads.length * rounds })]);
    await last.stop();
  }, 180_000);
});

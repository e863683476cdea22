import pg from 'pg';
import { canonicalJson, EVENT_DEFINITIONS, LEAD_ACTIVITY_TYPES, summaryOf, type ActivityEvent } from '#libs/contracts';
import { anEvent, freshDatabase, OTHER_TENANT, TENANT, type FreshDatabase } from '#libs/testing';
import { aBatch, aSlice } from '../append/a-batch.js';
import { openIngestStore } from '../append/open-ingest-store.js';
import { connectionFor } from '../connect/connection-for.js';

const LEAD = '0192f0c4-7c1e-7b7a-9d1c-6f1b2a3c4d5e';
const NAMES = new Map(Object.entries(LEAD_ACTIVITY_TYPES).map(([name, type]) => [type as string, name]));

describe('lead_activities', () => {
  let database: FreshDatabase;
  let query: pg.Client;
  let shown: ActivityEvent[];

  beforeAll(async () => {
    database = await freshDatabase();
    const lead = { type: 'lead', id: LEAD.toUpperCase() };
    const namedExample = EVENT_DEFINITIONS.filter(({ type }) => NAMES.has(type)).flatMap(({ type, examples }) =>
      examples.map((example) => anEvent({ ...example, type })),
    );
    shown = namedExample.map((event) => ({ ...event, entities: [lead, { ...lead, role: 'twice' }] }));
    const others = [
      anEvent({ type: 'page.visited' }, { entities: [lead] }),
      anEvent({ id: 'retracted' }, { entities: [lead] }),
      anEvent({ type: 'activity.retracted', payload: { targetEventId: 'retracted' } }, { entities: [lead] }),
      anEvent({}, { entities: [{ type: 'lead', id: 'lead-xyz' }] }),
      anEvent({ tenantId: OTHER_TENANT }, { entities: [lead] }),
      anEvent({}, { entities: [{ type: 'contact', id: LEAD }] }),
    ];
    const store = await openIngestStore({ url: connectionFor(database.url, 'ingest'), poolSize: 1, applicationName: 'spec' });
    await store.append(aBatch(aSlice([...shown, ...others])));
    await store.close();
    query = new pg.Client({ connectionString: connectionFor(database.url, 'query') });
    await query.connect();
    await query.query(`set annals.tenant = '${TENANT}'; set annals.audience = 'staff'`);
  });
  afterAll(async () => {
    await query.end();
    await database.drop();
  });

  it('has the seven columns of seed 000', async () => {
    const { rows } = await query.query(
      `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'annals.lead_activities'::regclass order by attnum`,
    );
    expect(rows).toEqual([
      { name: 'tenant_id', type: 'uuid' },
      { name: 'lead_id', type: 'uuid' },
      { name: 'type', type: 'text' },
      { name: 'description', type: 'text' },
      { name: 'actor_type', type: 'text' },
      { name: 'actor_id', type: 'character varying(255)' },
      { name: 'metadata', type: 'jsonb' },
    ]);
  });

  it('shows one row per event and lead, by the names of seed 000, described as the API does, without what was retracted', async () => {
    const { rows } = await query.query<Record<string, unknown>>('select * from annals.lead_activities');
    const expected = shown.map((event) => ({
      tenant_id: TENANT,
      lead_id: LEAD,
      type: NAMES.get(event.type),
      description: summaryOf(event),
      actor_type: event.actor.type,
      actor_id: event.actor.id,
      metadata: JSON.parse(event.payload) as unknown,
    }));
    expect(new Set(expected.map(({ type }) => type))).toEqual(new Set(NAMES.values()));
    const sorted = (some: readonly object[]): string[] => some.map((row) => canonicalJson(row)).sort();
    expect(rows).toHaveLength(expected.length);
    expect(sorted(rows)).toEqual(sorted(expected));
  });

  it('has a twin for lead ids of any shape', async () => {
    const { rows } = await query.query("select lead_id, type from annals.lead_activities_text where lead_id = 'lead-xyz'");
    expect(rows).toEqual([{ lead_id: 'lead-xyz', type: 'note' }]);
  });

  it('shows a reader nothing of another tenant, and nothing to nobody', async () => {
    await query.query(`begin; set local annals.tenant = ''`);
    expect((await query.query('select from annals.lead_activities_text')).rowCount).toBe(0);
    await query.query('rollback');
  });

  it('shows a customer neither what is retracted nor what is for staff', async () => {
    await query.query(`begin; set local annals.audience = 'customer'; set local annals.customer = 'lead/${LEAD.toUpperCase()}'`);
    const { rows } = await query.query<{ type: string }>('select distinct type from annals.lead_activities order by type');
    expect(rows).toEqual([{ type: 'email_received' }, { type: 'email_sent' }]);
    await query.query('rollback');
  });
});

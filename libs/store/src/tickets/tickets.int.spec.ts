import { randomUUID } from 'node:crypto';
import { freshDatabase, type FreshDatabase } from '#libs/testing';
import { connectionFor } from '../connect/connection-for.js';
import { inTenant } from '../connect/in-tenant.js';
import { openDatabase, type Database } from '../connect/open-database.js';
import { issueTicket, redeemTicket, type TicketHolder } from './tickets.js';

let fresh: FreshDatabase;
let app: Database;
const tenantId = randomUUID();
const anHour = () => Date.now() + 3_600_000;
const holder = (): TicketHolder => ({
  tenantId,
  kind: 'customer',
  userId: 'c',
  entity: { type: 'contact', id: 'a/b' },
  expiresAt: anHour(),
});

beforeAll(async () => {
  fresh = await freshDatabase();
  app = await openDatabase({ url: connectionFor(fresh.url, 'app'), poolSize: 4, applicationName: 'spec', statementTimeoutMs: 5_000 });
});
afterAll(async () => {
  await app?.close();
  await fresh?.drop();
});

const kept = (tenant: string) =>
  inTenant(app, tenant, async (client) => (await client.query<Record<string, unknown>>('select * from annals_app.tickets')).rows);

describe('a ticket', () => {
  it('speaks for whom it was given to, and is kept as nothing that opens anything', async () => {
    const given = holder();
    const { ticket, expiresAt } = await issueTicket(app, given, 30_000);
    expect(expiresAt - Date.now()).toBeGreaterThan(25_000);
    const [row] = await kept(tenantId);
    expect(JSON.stringify(row)).not.toContain(ticket);
    expect(await kept(randomUUID())).toEqual([]);
    expect(await redeemTicket(app, ticket)).toEqual(given);
  });

  it('works once, however many ask at the same moment', async () => {
    const { ticket } = await issueTicket(app, holder(), 30_000);
    const asked = await Promise.all(Array.from({ length: 8 }, () => redeemTicket(app, ticket)));
    expect(asked.filter((found) => found !== undefined)).toHaveLength(1);
    expect(await kept(tenantId)).toEqual([]);
  });

  it('works no longer than its life or the token of its holder, and the next one takes away what has expired', async () => {
    const short = await issueTicket(app, holder(), -1);
    const late = await issueTicket(app, { ...holder(), expiresAt: Date.now() - 1 }, 30_000);
    expect(await redeemTicket(app, short.ticket)).toBeUndefined();
    expect(await redeemTicket(app, late.ticket)).toBeUndefined();
    await issueTicket(app, holder(), -1);
    await issueTicket(app, holder(), 30_000);
    expect(await kept(tenantId)).toHaveLength(1);
  });

  it.each(['', 'rubbish', 'x'.repeat(64), Buffer.alloc(48).toString('base64url')])(
    'that was never given is unknown: %j',
    async (ticket) => {
      expect(await redeemTicket(app, ticket)).toBeUndefined();
    },
  );
});

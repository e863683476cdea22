import { setTimeout as pause } from 'node:timers/promises';
import type { TenantClient } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';
import { laggingTenants } from '../relay/checkpoints.js';
import type { FailingTenants } from '../relay/failing-tenants.js';

/** A projection that is brought up to the heads in large batches. */
export interface Fold {
  /** Name of its checkpoint. */
  readonly consumer: string;
  /** Events a transaction takes at most. */
  readonly atOnce: number;
  /** Writes what the positions in (from, to] of a tenant change. The checkpoint moves in the same transaction. */
  readonly fold: (client: TenantClient, tenantId: string, from: number, to: number) => Promise<void>;
}

/** Behind every tenant it rests as long as that took, at most so long, milliseconds: all at once would keep those waiting who read live. */
const LONGEST_REST_MS = 25;

/**
 * Folds what every tenant's log has beyond the checkpoint, those first that have waited longest; returns the events folded. Exact whoever
 * runs it, however often, and wherever it is interrupted: the checkpoint is locked first and moves with what is written. Commits do not
 * wait for the disk: what a crash of the server loses it loses together with the checkpoint, and it is folded again. A tenant whose log
 * cannot be folded is set aside among `failing`; without them it rejects.
 */
export async function foldTenants(database: Database, fold: Fold, failing?: FailingTenants): Promise<number> {
  let folded = 0;
  for (const { tenantId } of await laggingTenants(database, fold.consumer)) {
    const all = async (): Promise<void> => {
      for (let step = fold.atOnce; step === fold.atOnce; folded += step) step = await foldTenant(database, tenantId, fold);
    };
    const began = performance.now();
    await (failing ? failing.attempt(fold.consumer, tenantId, all) : all());
    await pause(Math.min(performance.now() - began, LONGEST_REST_MS));
  }
  return folded;
}

async function foldTenant({ pool }: Database, tenantId: string, { consumer, atOnce, fold }: Fold): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin; set local synchronous_commit = off');
    const { from, to } = await takeRange(client, consumer, tenantId, atOnce);
    if (to > from) {
      await fold(client, tenantId, from, to);
      await client.query('update annals.checkpoints set position = $3 where consumer = $1 and tenant_id = $2', [consumer, tenantId, to]);
    }
    await client.query('commit');
    client.release();
    return Math.max(to - from, 0);
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** Locks the checkpoint: whoever else folds this tenant waits, and then goes on from there. */
async function takeRange(client: TenantClient, consumer: string, tenantId: string, atOnce: number): Promise<{ from: number; to: number }> {
  await client.query('insert into annals.checkpoints (consumer, tenant_id, position) values ($1, $2, 0) on conflict do nothing', [
    consumer,
    tenantId,
  ]);
  const { rows } = await client.query<{ from: string; to: string }>(
    `select c.position as "from", least(h.position, c.position + $3) as "to"
     from annals.checkpoints c join annals.heads h using (tenant_id) where c.consumer = $1 and c.tenant_id = $2 for update of c`,
    [consumer, tenantId, atOnce],
  );
  return { from: Number(rows[0]?.from ?? 0), to: Number(rows[0]?.to ?? 0) };
}

import type { TenantClient } from '../connect/in-tenant.js';
import { at, refText, type EnrollmentWrite } from './enrollment-rows.js';

export interface NewEnrollment extends EnrollmentWrite {
  readonly enrolledAtMs: number;
  readonly address?: string;
  readonly name?: string;
}

/** Answers with the ids of those that are new: who is in the sequence already is not enrolled again. */
export async function insertEnrollments(client: TenantClient, list: readonly NewEnrollment[]): Promise<Set<string>> {
  if (list.length === 0) return new Set();
  const { rows } = await client.query<{ id: string }>(
    `insert into annals_app.enrollments (tenant_id, id, sequence_id, version, lead, contact, account, state, step, channel, due_at, told,
       address, name, enrolled_at, changed_at)
     select g.tenant_id, g.id, g.sequence_id, g.version, g.lead, g.contact, g.account, g.state, g.step, g.channel, g.due_at, g.told,
       g.address, g.name, g.enrolled_at, g.enrolled_at
     from jsonb_to_recordset($1) g (tenant_id uuid, id uuid, sequence_id text, version int, lead text, contact text, account text, state text,
       step int, channel text, due_at timestamptz, told int, address text, name text, enrolled_at timestamptz)
     on conflict do nothing returning id`,
    [JSON.stringify(list.map(newRow))],
  );
  return new Set(rows.map(({ id }) => id));
}

function newRow({ enrollment, channel, enrolledAtMs, address, name }: NewEnrollment): object {
  const { tenantId, id, sequenceId, version, lead, contact, account, state, step, dueAt, told } = enrollment;
  return {
    ...{ tenant_id: tenantId, id, sequence_id: sequenceId, version, state, step, channel, told, address, name },
    ...{ lead: refText(lead), contact: contact && refText(contact), account: account && refText(account) },
    ...{ due_at: at(dueAt), enrolled_at: at(enrolledAtMs) },
  };
}

/**
 * Writes what became of enrolments that are locked. `settled`: the step that was due is done with, so no message of it is leaving and
 * its failed attempts do not count any more.
 */
export async function updateEnrollments(
  client: TenantClient,
  list: readonly EnrollmentWrite[],
  nowMs: number,
  settled: boolean,
): Promise<void> {
  if (list.length === 0) return;
  const of = list.map(({ enrollment }) => enrollment);
  await client.query({
    name: `annals.update_enrollments_${settled}`,
    text: `update annals_app.enrollments e
      set state = g.state, step = g.step, channel = g.channel, due_at = g.due_at, told = g.told, changed_at = $8::timestamptz
          ${settled ? ', delivery = null, attempts = 0, not_before = null' : ''}
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::timestamptz[], $7::int[])
        g (tenant_id, id, state, step, channel, due_at, told)
      where e.tenant_id = g.tenant_id and e.id = g.id`,
    values: [
      of.map(({ tenantId }) => tenantId),
      of.map(({ id }) => id),
      of.map(({ state }) => state),
      of.map(({ step }) => step),
      list.map(({ channel }) => channel),
      of.map(({ dueAt }) => at(dueAt)),
      of.map(({ told }) => told),
      at(nowMs),
    ],
  });
}

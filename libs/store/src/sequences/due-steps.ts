import type { TenantClient } from '../connect/in-tenant.js';
import type { Database } from '../connect/open-database.js';
import { at, ENROLLMENT_COLUMNS, toEnrollment, type EnrollmentRow, type StoredEnrollment } from './enrollment-rows.js';

/** An e-mail that is due, with whom it is for. */
export interface DueEmail extends StoredEnrollment {
  readonly address: string | null;
  readonly name: string | null;
}

/** Enrolments whose next step is a reminder that is due, locked; those that others have locked are left out. */
export async function takeDueReminders(client: TenantClient, nowMs: number, limit: number): Promise<StoredEnrollment[]> {
  const { rows } = await client.query<EnrollmentRow>({
    name: 'annals.take_due_reminders',
    text: `select ${ENROLLMENT_COLUMNS} from annals_app.enrollments e
      where e.state = 'active' and e.channel <> 'email' and e.due_at <= $1 order by e.due_at limit $2 for update skip locked`,
    values: [at(nowMs), limit],
  });
  return rows.map(toEnrollment);
}

/** Enrolments whose next step is an e-mail that is due, locked; those that others have locked are left out. */
export async function takeDueEmails(client: TenantClient, nowMs: number, limit: number): Promise<DueEmail[]> {
  const { rows } = await client.query<EnrollmentRow & { address: string | null; name: string | null }>(
    `with due as materialized (
       select * from annals_app.enrollments
       where state = 'active' and channel = 'email' and delivery is null and greatest(due_at, not_before) <= $1
       order by greatest(due_at, not_before) limit $2 for update skip locked)
     select ${ENROLLMENT_COLUMNS}, coalesce(e.address, l.address, c.address) as address, coalesce(e.name, l.name, c.name) as name
     from due e left join annals_app.sequence_people l on l.tenant_id = e.tenant_id and l.ref = e.lead
     left join annals_app.sequence_people c on c.tenant_id = e.tenant_id and c.ref = e.contact
     order by e.due_at`,
    [at(nowMs), limit],
  );
  return rows.map((row) => ({ ...toEnrollment(row), address: row.address, name: row.name }));
}

/** Enrolments whose sender has not told in time what became of the message, locked. */
export async function takeLapsedSends(client: TenantClient, nowMs: number, limit: number): Promise<StoredEnrollment[]> {
  const { rows } = await client.query<EnrollmentRow>(
    `select ${ENROLLMENT_COLUMNS} from annals_app.enrollments e
     where e.delivery = 'sending' and e.not_before <= $1 order by e.not_before limit $2 for update skip locked`,
    [at(nowMs), limit],
  );
  return rows.map(toEnrollment);
}

/** From here to what becomes of it the message may have left: whoever finds this after `untilMs` must not send it again. */
export async function markSending(client: TenantClient, list: readonly StoredEnrollment[], untilMs: number): Promise<void> {
  await client.query(
    `update annals_app.enrollments e set delivery = 'sending', not_before = $3 from unnest($1::uuid[], $2::uuid[]) g (tenant_id, id)
     where e.tenant_id = g.tenant_id and e.id = g.id`,
    [list.map(({ tenantId }) => tenantId), list.map(({ id }) => id), at(untilMs)],
  );
}

/** The message did not leave for sure: the step is tried again, not before `notBeforeMs`. */
export async function tryAgain(
  { pool }: Pick<Database, 'pool'>,
  { tenantId, id, step }: StoredEnrollment,
  notBeforeMs: number,
): Promise<void> {
  await pool.query(
    `update annals_app.enrollments set delivery = null, attempts = attempts + 1, not_before = $4
     where tenant_id = $1 and id = $2 and step = $3 and delivery = 'sending'`,
    [tenantId, id, step, at(notBeforeMs)],
  );
}

/** How many enrolments there are in each state. */
export async function countEnrollments({ pool }: Database): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ state: string; count: string }>('select state, count(*) from annals_app.enrollments group by state');
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
}

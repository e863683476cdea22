import type { EntityRef } from '#libs/contracts';
import type { TenantClient } from '../connect/in-tenant.js';
import { ENROLLMENT_COLUMNS, refText, toEnrollment, type EnrollmentRow, type StoredEnrollment } from './enrollment-rows.js';

export interface TenantRef {
  readonly tenantId: string;
  readonly entity: EntityRef;
}

const columns = (refs: readonly TenantRef[]): [string[], string[]] => [
  refs.map(({ tenantId }) => tenantId),
  refs.map(({ entity }) => refText(entity)),
];

/** The live enrolments of these leads, contacts and accounts, locked until the end of the transaction. */
export async function liveEnrollments(client: TenantClient, refs: readonly TenantRef[]): Promise<StoredEnrollment[]> {
  if (refs.length === 0) return [];
  const { rows } = await client.query<EnrollmentRow>(
    `with wanted as materialized (select distinct * from unnest($1::uuid[], $2::text[]) w (tenant_id, ref)),
          found as materialized (${['lead', 'contact', 'account']
            .map(
              (member) =>
                `select e.tenant_id, e.id from wanted w join annals_app.enrollments e on e.tenant_id = w.tenant_id and e.${member} = w.ref
                 where e.state in ('active', 'paused')`,
            )
            .join(' union ')})
     select ${ENROLLMENT_COLUMNS} from found f join annals_app.enrollments e using (tenant_id, id)
     where e.state in ('active', 'paused') order by e.tenant_id, e.id for update of e`,
    columns(refs),
  );
  return rows.map(toEnrollment);
}

/** Which sequences these have ever been enrolled in, as `tenant sequence type/id`. */
export async function enrolledEver(client: TenantClient, leads: readonly TenantRef[]): Promise<Set<string>> {
  if (leads.length === 0) return new Set();
  const { rows } = await client.query<{ tenant_id: string; sequence_id: string; lead: string }>(
    `select distinct e.tenant_id, e.sequence_id, e.lead from unnest($1::uuid[], $2::text[]) w (tenant_id, ref)
     join annals_app.enrollments e on e.tenant_id = w.tenant_id and e.lead = w.ref`,
    columns(leads),
  );
  return new Set(rows.map((row) => `${row.tenant_id} ${row.sequence_id} ${row.lead}`));
}

export const everKey = (tenantId: string, sequenceId: string, lead: EntityRef): string => `${tenantId} ${sequenceId} ${refText(lead)}`;

/** One enrolment, locked until the end of the transaction; null: there is none. */
export async function lockEnrollment(client: TenantClient, tenantId: string, id: string): Promise<StoredEnrollment | null> {
  const { rows } = await client.query<EnrollmentRow>(
    `select ${ENROLLMENT_COLUMNS} from annals_app.enrollments e where e.tenant_id = $1 and e.id = $2 for update`,
    [tenantId, id],
  );
  return rows[0] ? toEnrollment(rows[0]) : null;
}

/** Inside `inTenant`: the live enrolment of a lead, locked; null: there is none. */
export async function liveEnrollment(client: TenantClient, sequenceId: string, lead: EntityRef): Promise<StoredEnrollment | null> {
  const { rows } = await client.query<EnrollmentRow>(
    `select ${ENROLLMENT_COLUMNS} from annals_app.enrollments e
     where e.sequence_id = $1 and e.lead = $2 and e.state in ('active', 'paused') for update`,
    [sequenceId, refText(lead)],
  );
  return rows[0] ? toEnrollment(rows[0]) : null;
}

export interface EnrollmentsWanted {
  readonly sequenceId: string;
  readonly limit: number;
  readonly state?: string | undefined;
  /** Id of the last one of the page before. */
  readonly after?: string | undefined;
}

/** Inside `inTenant`: enrolments of a sequence by id. */
export async function listEnrollments(
  client: TenantClient,
  { sequenceId, limit, state, after }: EnrollmentsWanted,
): Promise<StoredEnrollment[]> {
  const { rows } = await client.query<EnrollmentRow>(
    `select ${ENROLLMENT_COLUMNS} from annals_app.enrollments e
     where e.sequence_id = $1 and ($3::text is null or e.state = $3) and ($4::uuid is null or e.id > $4) order by e.id limit $2`,
    [sequenceId, limit, state, after],
  );
  return rows.map(toEnrollment);
}

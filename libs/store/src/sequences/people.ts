import type { TenantClient } from '../connect/in-tenant.js';
import { refText } from './enrollment-rows.js';
import type { TenantRef } from './find-enrollments.js';

/** What an event tells of a person. Personal data. */
export interface ToldPerson extends TenantRef {
  readonly position: bigint;
  readonly name?: string;
  readonly address?: string;
}

/** Keeps what was told; the later event counts, and what it does not tell stays. In position order. */
export async function keepPeople(client: TenantClient, people: readonly ToldPerson[]): Promise<void> {
  if (people.length === 0) return;
  await client.query(
    `insert into annals_app.sequence_people as p (tenant_id, ref, name, address, position)
     select g.tenant_id, g.ref, (array_agg(g.name order by g.position desc) filter (where g.name is not null))[1],
            (array_agg(g.address order by g.position desc) filter (where g.address is not null))[1], max(g.position)
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[]) g (tenant_id, ref, name, address, position) group by 1, 2
     on conflict (tenant_id, ref) do update
     set name = coalesce(excluded.name, p.name), address = coalesce(excluded.address, p.address), position = excluded.position
     where excluded.position > p.position`,
    [
      people.map(({ tenantId }) => tenantId),
      people.map(({ entity }) => refText(entity)),
      people.map(({ name }) => name ?? null),
      people.map(({ address }) => address ?? null),
      people.map(({ position }) => String(position)),
    ],
  );
}

/** Deletes what is known of people who have been erased. */
export async function forgetPeople(client: TenantClient, refs: readonly TenantRef[]): Promise<void> {
  if (refs.length === 0) return;
  const values = [refs.map(({ tenantId }) => tenantId), refs.map(({ entity }) => refText(entity))];
  const wanted = 'unnest($1::uuid[], $2::text[]) g (tenant_id, ref)';
  await client.query(`delete from annals_app.sequence_people p using ${wanted} where p.tenant_id = g.tenant_id and p.ref = g.ref`, values);
  await client.query(
    `update annals_app.enrollments e set address = null, name = null from ${wanted}
     where e.tenant_id = g.tenant_id and (e.lead = g.ref or e.contact = g.ref)`,
    values,
  );
}

import type { BenchDatabase } from '../stack/databases.js';

const STEPS = ['first', 'second', 'third'];
/** Reminders of one enrolment, each due as soon as the one before is done. */
export const STEPS_EACH = STEPS.length;

const SEQUENCE = {
  id: 'bench',
  name: 'Reminders without delay',
  enrollOn: [],
  steps: STEPS.map((id, i) => ({ id, channel: i === 1 ? 'call' : 'task', delay: {} })),
  // always open, but asked as any hours are
  hours: { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' },
  exitOn: [],
  pauseOn: [],
  resumeOn: [],
};

export async function saveBenchSequence({ client }: BenchDatabase, tenant: string): Promise<void> {
  await client.query(
    `insert into annals_app.sequences (tenant_id, id, version, definition, types, from_position, created_by)
     values ($1, 'bench', 1, $2, '{}', 0, 'bench')`,
    [tenant, JSON.stringify(SEQUENCE)],
  );
}

/** So many leads whose first step is due. They appear all at once. */
export async function seedEnrollments({ client }: BenchDatabase, tenant: string, count: number): Promise<void> {
  await client.query(
    `insert into annals_app.enrollments (tenant_id, id, sequence_id, version, lead, contact, account, state, step, channel, due_at, told, enrolled_at, changed_at)
     select $1, id, 'bench', 1, 'lead/' || id, 'contact/' || id, 'account/acc-1', 'active', 0, 'task', now(), 2, now(), now()
     from (select gen_random_uuid() as id from generate_series(1, $2)) leads`,
    [tenant, count],
  );
}

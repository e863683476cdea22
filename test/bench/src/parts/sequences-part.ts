import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../../../apps/cli/src/start/node-flags.js';
import { connectionFor } from '#libs/store';
import { tenantOfRank } from '../events/population.js';
import { createTopics } from '../events/publish.js';
import type { Fixtures } from '../fixtures.js';
import { loadRow, watchLoad, type Load } from '../ingest/load.js';
import { rounds } from '../measure/rounds.js';
import { medianOf } from '../measure/spread.js';
import { saveBenchSequence, seedEnrollments, STEPS_EACH } from '../sequences/seed-enrollments.js';
import { startChild } from '../stack/child-app.js';
import { connectTo, emptyAnnals } from '../stack/databases.js';
import { freePort, respondsOk } from '../stack/http-port.js';
import type { PartResult } from './ingest-parts.js';

const ENTRY = fileURLToPath(new URL('../../../../apps/sequence-engine/src/main.js', import.meta.url));
const TENANT = tenantOfRank(0);

/** Reminders that are due, carried out and told, beside the relay that publishes what is told. */
export async function benchSequences(fixtures: Fixtures): Promise<PartResult> {
  const { stack, sizes } = fixtures;
  await createTopics(stack);
  const database = await emptyAnnals(stack, 'sequences');
  await saveBenchSequence(database, TENANT);
  const port = await freePort();
  const app = await startChild({
    name: 'the sequence engine',
    entry: ENTRY,
    nodeFlags: nodeFlags('sequence-engine'),
    env: {
      KAFKA_BROKERS: stack.brokers.join(','),
      SEQUENCES_DATABASE_URL: connectionFor(database.url, 'sequences'),
      HEALTH_HOST: '127.0.0.1',
      HEALTH_PORT: String(port),
    },
    ready: () => respondsOk(`http://127.0.0.1:${port}/health/ready`),
  });
  const watching = await connectTo(database);
  const leads = Math.min(10_000, sizes.ingest / 10);
  const loads: Load[] = [];
  try {
    for (const round of rounds('Sequences', sizes, 30)) {
      const watched = {
        ...{ database: { ...database, client: watching }, postgresPid: stack.postgresPid, nodePid: app.pid },
        countSql: 'select sum(step) as count from annals_app.enrollments',
        target: round * leads * STEPS_EACH,
      };
      const [load] = await Promise.all([watchLoad(watched), seedEnrollments(database, TENANT, leads)]);
      loads.push(load);
    }
  } finally {
    await watching.end();
    await app.stop();
  }
  return {
    section: {
      title: `${STEPS_EACH} reminders each of ${leads.toLocaleString('en-US')} leads, all due at once`,
      unit: 'steps/s',
      rows: [loadRow('sequence engine, one instance', loads)],
    },
    figures: { sequenceStepsPerSecond: medianOf(loads.map(({ eventsPerSecond }) => eventsPerSecond)) },
  };
}

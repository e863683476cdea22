import { loadAutomation, saveFiftyRules } from '../automation/load-automation.js';
import type { Fixtures } from '../fixtures.js';
import type { AnnalsLoad } from '../ingest/annals.js';
import { loadRow } from '../ingest/load.js';
import { rounds } from '../measure/rounds.js';
import { medianOf } from '../measure/spread.js';
import { settle } from '../stack/databases.js';
import type { PartResult } from './ingest-parts.js';

/** Fifty rules of every tenant over a log that is there. */
export async function benchAutomation(fixtures: Fixtures): Promise<PartResult> {
  const { stack, sizes } = fixtures;
  const store = await fixtures.store();
  // first, while nothing has followed this log yet
  await saveFiftyRules(store);
  await settle(store);
  const all = await loadAutomation(stack, store, sizes.ingest, 'all');
  const loads: AnnalsLoad[] = [];
  for (const _round of rounds('Automation', sizes, 60)) {
    await saveFiftyRules(store);
    await settle(store);
    loads.push(await loadAutomation(stack, store, sizes.ingest, 'rules'));
  }
  const { rows } = await store.client.query<{ fired: string; effects: string }>(
    "select count(*) filter (where outcome = 'fired') as fired, count(*) as effects from annals_app.effects",
  );
  const note = `${rows[0]?.effects ?? 0} effects, ${rows[0]?.fired ?? 0} fired`;
  return {
    section: {
      title: `Fifty rules of each tenant over ${sizes.ingest.toLocaleString('en-US')} events`,
      unit: 'events/s',
      rows: [loadRow('automation, rules and notifications', loads, note), loadRow('automation, all jobs', [all])],
    },
    figures: {
      automationEventsPerSecond: medianOf(loads.map(({ eventsPerSecond }) => eventsPerSecond)),
      automationAllJobsEventsPerSecond: all.eventsPerSecond,
    },
  };
}

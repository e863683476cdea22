import type { Fixtures } from '../fixtures.js';
import { loadAnnals, type AnnalsLoad } from '../ingest/annals.js';
import { loadRow } from '../ingest/load.js';
import { rounds } from '../measure/rounds.js';
import { emptyAnnals, settle } from '../stack/databases.js';
import { ratioInRounds, type PartResult } from './ingest-parts.js';

/** The same events into a large store and into an empty one, in turn. */
export async function benchGrown(fixtures: Fixtures): Promise<PartResult> {
  const { stack, sizes } = fixtures;
  const grown = await fixtures.grown();
  const into: { grown: AnnalsLoad[]; empty: AnnalsLoad[] } = { grown: [], empty: [] };
  for (const round of rounds('Ingest into the large store and into an empty one', sizes, 120, 800)) {
    const set = await fixtures.newSet({ count: sizes.intoGrown });
    const empty = await emptyAnnals(stack, `empty_${round}`);
    for (const database of [empty, grown]) {
      await set.beginHere(database);
      await settle(database);
      into[database === grown ? 'grown' : 'empty'].push(await loadAnnals(stack, database, set.count));
    }
    await empty.drop();
  }
  const stored = `${sizes.grown.toLocaleString('en-US')} stored`;
  return {
    section: {
      title: `Ingest of ${sizes.intoGrown.toLocaleString('en-US')} events from Kafka`,
      unit: 'events/s',
      rows: [loadRow('annals, none stored', into.empty), loadRow(`annals, ${stored}`, into.grown)],
    },
    figures: { ingestAt5MVsEmpty: ratioInRounds(into.grown, into.empty) },
  };
}

import { BusProducer } from '#libs/bus';
import { prepareSteadily, publishSteadily, type SteadyOptions, type SteadyRecords } from './publish-steadily.js';

/** What the parent asks for: first what to hold ready, then one after the other to publish it. */
export type PublisherWish =
  { readonly wish: 'prepare'; readonly brokers: readonly string[]; readonly all: readonly SteadyOptions[] } | { readonly wish: 'publish' };

/** What the parent is told: that all is ready, and after each `publish` the events a second that were reached. */
export type PublisherWord = { readonly word: 'ready' } | { readonly word: 'published'; readonly perSecond: number };

const ignore = (): void => undefined;
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

let producer: BusProducer | undefined;
let ready: SteadyRecords[] = [];

async function obey(wish: PublisherWish): Promise<PublisherWord> {
  if (wish.wish === 'prepare') {
    producer = new BusProducer({ config: { brokers: [...wish.brokers], clientId: 'annals-bench-live' }, log: SILENT });
    ready = wish.all.map(prepareSteadily);
    return { word: 'ready' };
  }
  const next = ready.shift();
  if (!next || !producer) throw new Error('nothing is ready to be published');
  return { word: 'published', perSecond: await publishSteadily(producer, next) };
}

process.on('message', (wish: PublisherWish) => {
  obey(wish).then(
    (word) => process.send?.(word),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));

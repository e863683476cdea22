import { parseArgs } from 'node:util';

export const PARTS = [
  'ingest',
  'usual-way',
  'all-roles',
  'grown',
  'page',
  'deep-page',
  'page-grown',
  'automation',
  'webhook',
  'live',
  'kit',
  'sequences',
] as const;
export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: ReadonlySet<Part>;
  /** Leave the data behind and say where. */
  readonly keep: boolean;
  /** Exit with 1 when a figure misses what is asked of it. */
  readonly assert: boolean;
  readonly sizes: Sizes;
}

/** How much is measured. Counts are events unless said otherwise. */
export interface Sizes {
  readonly ingest: number;
  readonly usualWay: number;
  readonly deepAccount: number;
  readonly grown: number;
  readonly intoGrown: number;
  readonly repeats: number;
  readonly secondsPerRead: number;
  readonly sequentialReads: number;
  /** Of the time that parts of the full run may take until they begin no further round. */
  readonly budgetShare: number;
  /** How long events are published for live streams in a round. */
  readonly liveSeconds: number;
}

const FULL: Sizes = {
  ingest: 200_000,
  usualWay: 10_000,
  deepAccount: 100_000,
  grown: 5_000_000,
  intoGrown: 100_000,
  repeats: 5,
  secondsPerRead: 5,
  sequentialReads: 300,
  budgetShare: 1,
  liveSeconds: 5,
};
const QUICK: Sizes = {
  ...{ ...FULL, ingest: 100_000, usualWay: 2_000, deepAccount: 60_000 },
  ...{ repeats: 3, secondsPerRead: 2, sequentialReads: 150, budgetShare: 0.25, liveSeconds: 4 },
};
/** To see that everything runs; its figures mean nothing. */
const SMOKE: Sizes = {
  ...{ ingest: 10_000, usualWay: 300, deepAccount: 60_000, grown: 100_000, intoGrown: 5_000 },
  ...{ repeats: 1, secondsPerRead: 1, sequentialReads: 20, budgetShare: 1, liveSeconds: 2 },
};

export const HELP = `npm run bench -- [options]
Measures annals side by side with what it is compared to, on a Kafka and a PostgreSQL of its own in a temporary folder.
Tables and, as the last line, one line of JSON go to standard output, progress to standard error. See docs/benchmarks.md.

  --quick         3 minutes, without the large store (otherwise at most 15)
  --smoke         a minute, tiny sizes: shows that everything runs, the figures mean nothing
  --only <name>   one part, may be repeated: ${PARTS.join(', ')}
  --assert        exit with 1 when a figure misses what is asked of it
  --keep          leave the data folder behind and say where it is
  --help          this text
`;

/** `fault`: a sentence for people, when the arguments make no sense. */
export type Parsed =
  | { readonly outcome: 'run'; readonly options: BenchOptions }
  | { readonly outcome: 'help' }
  | { readonly outcome: 'fault'; readonly message: string };

export function parseOptions(args: readonly string[]): Parsed {
  try {
    const options = readOptions(args);
    return options === 'help' ? { outcome: 'help' } : { outcome: 'run', options };
  } catch (error) {
    return { outcome: 'fault', message: error instanceof Error ? error.message : String(error) };
  }
}

function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      assert: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const unknown = values.only.filter((name) => !isPart(name));
  if (unknown.length > 0) throw new Error(`--only does not know ${unknown.join(', ')}; it knows ${PARTS.join(', ')}`);
  const asked = values.only.length > 0 ? values.only.filter(isPart) : PARTS.filter((part) => !values.quick || !LARGE.has(part));
  const sizes = values.smoke ? SMOKE : values.quick ? QUICK : FULL;
  return { parts: new Set(asked), keep: values.keep, assert: values.assert, sizes };
}

const LARGE: ReadonlySet<Part> = new Set<Part>(['grown', 'page-grown']);
const isPart = (name: string): name is Part => (PARTS as readonly string[]).includes(name);

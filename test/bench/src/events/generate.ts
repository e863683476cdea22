import { BUSY_KINDS } from './kinds.js';
import { RECORD_KINDS } from './kinds-records.js';
import { drawCast } from './population.js';
import { randomFrom, weighted, type Random } from './random.js';

/** One record to publish: a structured CloudEvent, keyed by its tenant. */
export interface GeneratedRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: string;
}

export interface GenerateOptions {
  readonly count: number;
  /** Sets with different seeds share no identity. */
  readonly seed: number;
  /** The newest event happens here; milliseconds since the Unix epoch. */
  readonly untilMs: number;
  /** Over how many days the events spread; 1 when left out. */
  readonly days?: number;
  /** Every event is about this account of the busiest tenant. */
  readonly onlyAccount?: string;
}

const DAY_MS = 86_400_000;
const KINDS = [...BUSY_KINDS, ...RECORD_KINDS];
const drawKind = weighted(KINDS.map(({ weight }) => weight));

/** The header that marks a record as a structured CloudEvent. */
export const STRUCTURED = { 'content-type': 'application/cloudevents+json; charset=utf-8' };

/** Events as a CRM makes them, in time order, the same for the same options. */
export function* generateEvents(options: GenerateOptions): Generator<GeneratedRecord> {
  const random = randomFrom(options.seed);
  const stepMs = ((options.days ?? 1) * DAY_MS) / options.count;
  for (let i = 1; i <= options.count; i++) yield generateOne(options, random, Math.floor(options.untilMs - (options.count - i) * stepMs));
}

function generateOne(options: GenerateOptions, random: Random, madeMs: number): GeneratedRecord {
  const cast = drawCast(random, options.onlyAccount === undefined ? undefined : { account: options.onlyAccount });
  const kind = KINDS[drawKind(random)];
  if (kind === undefined) throw new Error('no kind of event drawn');
  const { entities, payload, human } = kind.say(cast, random);
  const primary = entities[0];
  const event = {
    specversion: '1.0',
    id: uuidV7(madeMs, random),
    source: `/producers/${kind.topic.slice(4)}`,
    type: kind.type,
    subject: `${primary.type}/${primary.id}`,
    time: new Date(madeMs - backdatedMs(random)).toISOString(),
    dataschema: `urn:annals:schema:${kind.type}:1`,
    tenantid: cast.tenantId,
    actortype: human ? 'human' : 'system',
    actorid: human ? cast.colleague : `${kind.topic.slice(4)}-service`,
    recordedtime: new Date(madeMs).toISOString(),
    ...(random.chance(0.25) && { traceparent: `00-${random.hex(32)}-${random.hex(16)}-01` }),
    data: { entities, payload },
  };
  return { topic: kind.topic, key: cast.tenantId, value: JSON.stringify(event) };
}

/** Most facts are reported within seconds; some days, a few years later. */
function backdatedMs(random: Random): number {
  const luck = random.next();
  if (luck < 0.95) return Math.floor(random.exponential(2_000));
  return Math.floor(luck < 0.995 ? random.exponential(3 * DAY_MS) : random.next() * 900 * DAY_MS);
}

function uuidV7(ms: number, random: Random): string {
  const time = ms.toString(16).padStart(12, '0');
  const rest = random.hex(18);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-b${rest.slice(3, 6)}-${rest.slice(6)}`;
}

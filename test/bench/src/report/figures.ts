/** A number that goes into the JSON line, and what is asked of it. */
export interface Figure {
  readonly name: FigureName;
  readonly means: string;
  readonly floor?: { readonly atLeast: number } | { readonly atMost: number };
}

const FIGURE_LIST = [
  { name: 'ingestVsCopySameTables', means: 'ingest, share of COPY into the same tables', floor: { atLeast: 0.38 } },
  { name: 'ingestVsBareCopy', means: 'ingest, share of COPY into a bare table', floor: { atLeast: 0.12 } },
  { name: 'ingestVsNestTypeorm', means: 'ingest, times the usual way', floor: { atLeast: 40 } },
  { name: 'ingestCpuMicrosPerEvent', means: 'ingest, processor time per event, µs', floor: { atMost: 50 } },
  { name: 'ingestEventsPerSecond', means: 'ingest, events/s' },
  { name: 'ingestAllRolesEventsPerSecond', means: 'ingest with relay and counters, events/s' },
  { name: 'ingestAllRolesCpuMicrosPerEvent', means: 'ingest with relay and counters, µs' },
  { name: 'ingestAt5MVsEmpty', means: 'ingest into 5 M events, share of into none', floor: { atLeast: 0.8 } },
  { name: 'pageVsBareFastify', means: 'page of 50, share of bare Fastify', floor: { atLeast: 0.7 } },
  { name: 'pageVsNestTypeorm', means: 'page of 50, times Nest and TypeORM', floor: { atLeast: 1.5 } },
  { name: 'deepPageByCursor', means: 'page 1,000 by cursor, times page 1', floor: { atMost: 1.2 } },
  { name: 'deepPageByNumber', means: 'page 1,000 by number, times page 1', floor: { atMost: 15 } },
  { name: 'pageAt5MVs200k', means: 'page at 5 M events, times at 200,000', floor: { atMost: 1.3 } },
  { name: 'ingestRssMb', means: 'ingest, most resident memory, MB', floor: { atMost: 250 } },
  { name: 'queryRssMb', means: 'query, most resident memory, MB', floor: { atMost: 200 } },
  { name: 'livePublishToSseP99Ms', means: 'publish to live stream, feeds of 20 tenants, p99, ms', floor: { atMost: 150 } },
  { name: 'livePublishToSseOneTenantP99Ms', means: 'the same, all on one tenant, p99, ms' },
  { name: 'liveIdleReadersMb', means: 'query with 2,000 idle streams, resident, MB', floor: { atMost: 250 } },
  { name: 'automationEventsPerSecond', means: 'automation, 50 rules a tenant, events/s', floor: { atLeast: 10_000 } },
  { name: 'webhookEventsPerSecond', means: 'email webhook, batches of 100 of SendGrid, events/s', floor: { atLeast: 2_000 } },
  { name: 'sequenceStepsPerSecond', means: 'sequence engine, reminders that are due, steps/s', floor: { atLeast: 1_000 } },
  { name: 'automationAllJobsEventsPerSecond', means: 'automation with scores and roll-ups, events/s' },
  { name: 'kitVsBareKafkajs', means: 'producer kit, share of bare kafkajs', floor: { atLeast: 0.8 } },
  { name: 'bytesPerEvent', means: 'on disk per event, all tables, bytes' },
] as const;

export type FigureName = (typeof FIGURE_LIST)[number]['name'];
export const FIGURES: readonly Figure[] = FIGURE_LIST;

/** What was measured; a part that was not run leaves its figures out. */
export type Figures = Partial<Record<FigureName, number>>;

export function meets(figure: Figure, value: number): boolean | undefined {
  if (figure.floor === undefined) return undefined;
  return 'atLeast' in figure.floor ? value >= figure.floor.atLeast : value <= figure.floor.atMost;
}

/** Names of the figures that were measured and miss what is asked. */
export function missed(figures: Figures): FigureName[] {
  return FIGURES.filter((figure) => {
    const value = figures[figure.name];
    return value !== undefined && meets(figure, value) === false;
  }).map(({ name }) => name);
}

import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { EventRow, StreamPage } from '#libs/store';
import type { Principal } from '../auth/principal.js';
import { unavailable } from '../http/problem-exception.js';
import { printCustomerItem } from '../items/customer-item.js';
import { printPassingItem } from '../items/staff-item.js';
import type { TypeScope } from '../items/type-scope.js';
import { QUERY_PARTS, type QueryParts } from '../query-parts.js';
import { scopeOf } from '../timelines/read-scope.js';
import { itemFrame } from './frames.js';
import { Admission } from './admission.js';
import { Hubs } from './hubs.js';
import { LIVE_DEFAULTS, type LiveOptions } from './live-options.js';
import { Reader } from './reader.js';
import { badLastEventId, streamIds, type StreamIds } from './resume.js';
import { SseClient } from './sse-client.js';
import { streamMetrics, type StreamMetrics } from './stream-metrics.js';
import { StreamPages, type ReadPage, type StreamWish } from './stream-pages.js';

interface OpenStream {
  readonly client: SseClient;
  readonly reader: Reader;
  readonly ids: StreamIds;
  readonly expiresAt: number;
  /** The position that the client's last id stands for, as far as heartbeats know. */
  told: bigint;
}

const TICK_MS = 500;
const LONGEST_GOODBYE_MS = 500;

/** Where a stream begins, and how it goes on. */
interface Beginning {
  readonly read: ReadPage;
  readonly first: StreamPage;
  readonly from: bigint;
}

/** The live streams of this instance: admits, watches and ends them. */
@Injectable()
export class LiveFeed implements OnModuleDestroy {
  private readonly options: LiveOptions;
  private readonly hubs: Hubs;
  private readonly streams = new Set<OpenStream>();
  private readonly admission: Admission;
  private readonly pages: StreamPages;
  private readonly metrics: StreamMetrics;
  private readonly ticking: NodeJS.Timeout;
  private stopping = false;

  constructor(@Inject(QUERY_PARTS) private readonly parts: QueryParts) {
    this.options = parts.live ?? LIVE_DEFAULTS;
    this.hubs = new Hubs(parts);
    this.pages = new StreamPages(parts.store);
    this.admission = new Admission(this.options.maxClients);
    this.metrics = streamMetrics(parts.metrics, () => this.streams.size);
    this.ticking = setInterval(() => this.tick(Date.now()), TICK_MS).unref();
  }

  /**
   * Reads where the stream begins, then calls `hijack` for the connection and streams on it until one of both ends it; resolves when it is
   * open. Rejects with a problem while nothing has been written.
   */
  async open(wish: StreamWish, hijack: () => ServerResponse): Promise<void> {
    const leave = this.stopping ? undefined : this.admission.enter(wish.principal);
    if (leave === undefined) throw unavailable('no further live stream here now; try again');
    let gone: Promise<unknown> = Promise.resolve();
    try {
      const ids = streamIds(this.parts.sealed, wish.principal);
      const after = wish.lastEventId === undefined ? undefined : ids.parse(wish.lastEventId);
      const read = this.pages.of(wish);
      const first = await read(after);
      if (after !== undefined && after > first.head) throw badLastEventId();
      gone = this.run(wish, ids, { read, first, from: after ?? first.head }, hijack());
    } finally {
      void gone.then(leave);
    }
  }

  /** Ends all streams, so that their clients go on elsewhere; within half a second. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    clearInterval(this.ticking);
    const clients = [...this.streams].map(({ client }) => client);
    for (const client of clients) client.end('stopping');
    await Promise.race([Promise.all(clients.map(({ gone }) => gone)), pause(LONGEST_GOODBYE_MS, undefined, { ref: false })]);
    for (const client of clients) client.cut();
    this.hubs.close();
  }

  /** Resolves when the connection is gone. */
  private run(wish: StreamWish, ids: StreamIds, { read, first, from }: Beginning, response: ServerResponse): Promise<unknown> {
    const { principal, filter, hierarchy } = wish;
    const types = { types: this.parts.types, tenantId: principal.tenantId };
    const client = new SseClient(response, this.options, (count) => this.metrics.written(count));
    const reader = new Reader(
      {
        output: client,
        channel: { filter, audience: scopeOf(principal).audience, below: hierarchy !== undefined },
        read,
        frame: (row) => itemFrame(ids.print(BigInt(row.position)), printFor(types, principal, row)),
        hub: (position) => this.hubs.of(principal.tenantId, position),
        onFailure: (err) => this.parts.logger.error({ err }, 'live stream cannot read the log'),
      },
      from,
    );
    const stream: OpenStream = { client, reader, ids, expiresAt: principal.expiresAt, told: from };
    this.streams.add(stream);
    void client.gone.then((reason) => {
      reader.close();
      this.streams.delete(stream);
      this.metrics.closed(reason);
    });
    client.open(ids.print(from));
    void reader.start(first);
    return client.gone;
  }

  private tick(nowMs: number): void {
    for (const stream of this.streams) {
      if (nowMs >= stream.expiresAt) stream.client.end('expired');
      else stream.client.tick(nowMs, () => progressOf(stream));
    }
    this.hubs.tick(nowMs, this.options.pollMs);
  }
}

function progressOf(stream: OpenStream): string | undefined {
  const { reached } = stream.reader;
  if (stream.ids.plain && reached === stream.told) return undefined;
  stream.told = reached;
  return stream.ids.print(reached);
}

function printFor(scope: TypeScope, principal: Principal, row: EventRow): string {
  return principal.kind === 'customer' ? printCustomerItem(scope, row, principal.entity) : printPassingItem(scope, row);
}

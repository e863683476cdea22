import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { CommitResult, LaneGroup } from '#libs/bus';
import type { AppendBatch, AppendOutcome, EncodedRows, IngestStore } from '#libs/store';
import { INGEST_PARTS, type IngestParts } from '../ingest-parts.js';
import { COMMIT_GROUP, LANES, PREPARE_GROUP } from '../transport/lane.server.js';
import { prepareGroup } from './prepare-group.js';
import { RowsPool } from './rows-pool.js';

type Committed = Extract<AppendOutcome, { outcome: 'committed' }>;

/** A group and when its preparation began, milliseconds of the process clock. */
interface PreparedGroup {
  readonly lane: number;
  readonly beganAt: number;
  readonly batch: AppendBatch;
  readonly rows: EncodedRows;
}

/** Where Kafka meets the log. */
@Controller()
export class AppendController {
  private readonly store: IngestStore;
  private readonly pool = new RowsPool();

  constructor(@Inject(INGEST_PARTS) private readonly parts: IngestParts) {
    this.store = parts.store;
  }

  @MessagePattern<string>(PREPARE_GROUP, LANES)
  async prepare(@Payload() group: LaneGroup): Promise<PreparedGroup> {
    const { topicPrefix, types } = this.parts;
    const beganAt = performance.now();
    const rows = this.pool.take();
    const batch = await prepareGroup(group, { topicPrefix, decoding: { nowMs: Date.now(), registry: types }, rows });
    return { lane: group.lane, beganAt, rows, batch };
  }

  @MessagePattern<string>(COMMIT_GROUP, LANES)
  async commit(@Payload() { lane, beganAt, rows, batch: whole }: PreparedGroup): Promise<CommitResult> {
    const seek: CommitResult['seek'][number][] = [];
    for (let batch = whole; batch.slices.length > 0; batch = without(batch, seek)) {
      const outcome = await this.store.append(batch);
      if (outcome.outcome === 'committed') {
        this.report(lane, beganAt, batch, outcome);
        break;
      }
      seek.push(...outcome.seek);
    }
    this.pool.giveBack(rows);
    if (seek.length > 0) this.parts.logger.warn({ lane, partitions: seek.length }, 'fetched beyond what the log holds, reading again');
    return { seek };
  }

  private report(lane: number, beganAt: number, batch: AppendBatch, outcome: Committed): void {
    const seconds = (performance.now() - beganAt) / 1000;
    this.parts.metrics.count(outcome, seconds);
    const { appended, duplicates, conflicts, deadLetters, skipped } = outcome;
    const counts = { appended, duplicates, conflicts, deadLetters, skipped };
    this.parts.logger.info({ lane, slices: batch.slices.length, ...counts, ms: Math.round(seconds * 1000) }, 'batch');
    if (deadLetters + conflicts > 0) this.parts.onDeadLetters();
  }
}

/** Nothing of a batch is written when any partition of it is behind: the others go on without it. */
function without(batch: AppendBatch, behind: CommitResult['seek']): AppendBatch {
  const isBehind = ({ topic, partition }: AppendBatch['slices'][number]) =>
    behind.some((one) => one.topic === topic && one.partition === partition);
  return { ...batch, slices: batch.slices.filter((slice) => !isBehind(slice)) };
}

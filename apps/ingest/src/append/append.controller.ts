import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { CommitResult, LaneGroup } from '#libs/bus';
import type { AppendBatch, IngestStore } from '#libs/store';
import { INGEST_PARTS, type IngestParts } from '../ingest-parts.js';
import { COMMIT_GROUP, LANES, PREPARE_GROUP } from '../transport/lane.server.js';
import { prepareGroup } from './prepare-group.js';

/** A group and when its preparation began, milliseconds of the process clock. */
interface PreparedGroup {
  readonly lane: number;
  readonly beganAt: number;
  readonly batch: AppendBatch;
}

/** Where Kafka meets the log. */
@Controller()
export class AppendController {
  private readonly store: IngestStore;

  constructor(@Inject(INGEST_PARTS) private readonly parts: IngestParts) {
    this.store = parts.store;
  }

  @MessagePattern<string>(PREPARE_GROUP, LANES)
  prepare(@Payload() group: LaneGroup): PreparedGroup {
    return { lane: group.lane, beganAt: performance.now(), batch: prepareGroup(group, this.parts.topicPrefix, Date.now()) };
  }

  @MessagePattern<string>(COMMIT_GROUP, LANES)
  async commit(@Payload() { lane, beganAt, batch }: PreparedGroup): Promise<CommitResult> {
    const { logger, metrics } = this.parts;
    const outcome = await this.store.append(batch);
    const seconds = (performance.now() - beganAt) / 1000;
    if (outcome.outcome === 'behind') {
      logger.warn({ lane, partitions: outcome.seek.length }, 'fetched beyond what the log holds, reading again from there');
      return { seek: outcome.seek };
    }
    metrics.count(batch, outcome, seconds);
    const { appended, duplicates, conflicts, deadLetters, skipped } = outcome;
    logger.info({ lane, appended, duplicates, conflicts, deadLetters, skipped, ms: Math.round(seconds * 1000) }, 'batch');
    return { seek: [] };
  }
}

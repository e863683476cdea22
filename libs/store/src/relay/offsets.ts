import type { Database } from '../connect/open-database.js';

export interface StoredOffset {
  readonly clusterId: string;
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  /** The offset ingest takes next. */
  readonly nextOffset: bigint;
  readonly updatedAt: Date;
}

interface OffsetRow {
  readonly cluster_id: string;
  readonly topic_id: string;
  readonly topic: string;
  readonly partition: number;
  readonly next_offset: string;
  readonly updated_at: Date;
}

/** How far each partition is in the log, by topic and partition. */
export async function listOffsets({ pool }: Database): Promise<StoredOffset[]> {
  const { rows } = await pool.query<OffsetRow>('select * from annals.offsets order by topic, partition, cluster_id, topic_id');
  return rows.map((row) => ({
    clusterId: row.cluster_id,
    topicId: row.topic_id,
    topic: row.topic,
    partition: row.partition,
    nextOffset: BigInt(row.next_offset),
    updatedAt: row.updated_at,
  }));
}

/**
 * Says where ingest goes on, for a broker that came back from a backup with fewer records than were taken: nothing else moves an offset back.
 * Records that come again are duplicates by identity. Needs the admin role. False: the partition is not known.
 */
export async function resetOffset({ pool }: Database, clusterId: string, topicId: string, partition: number, to: bigint): Promise<boolean> {
  const { rowCount } = await pool.query(
    'update annals.offsets set next_offset = $4, updated_at = clock_timestamp() where cluster_id = $1 and topic_id = $2 and partition = $3',
    [clusterId, topicId, partition, String(to)],
  );
  return rowCount === 1;
}

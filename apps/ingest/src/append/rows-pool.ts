import { EncodedRows } from '#libs/store';

/** As many as groups are in hand. */
const KEPT = 4;
/** Buffers that a group of huge payloads has grown beyond this are not kept. */
const KEPT_BYTES = 16 << 20;

/** Buffers of groups that are committed, for groups to come: memory that is asked for anew costs page faults and collections. */
export class RowsPool {
  private readonly free: EncodedRows[] = [];

  take(): EncodedRows {
    const rows = this.free.pop() ?? new EncodedRows();
    rows.restart();
    return rows;
  }

  /** Only once nothing reads them any more. Those never given back are left to the collector. */
  giveBack(rows: EncodedRows): void {
    if (this.free.length < KEPT && rows.capacity <= KEPT_BYTES) this.free.push(rows);
  }
}

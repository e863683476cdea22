const CHUNK = 128 * 1024;
const COPY_DATA = 0x64;
const LENGTH_ITSELF = 4;
/** CopyData with `PGCOPY\n\377\r\n\0`, flags and extension length, both 0. */
const BEGIN = Buffer.from('64000000175047434f50590aff0d0a000000000000000000', 'hex');
/** CopyData with the mark that no row follows, and CopyDone. */
const END = Buffer.from('6400000006ffff6300000004', 'hex');

/** Puts binary rows into CopyData messages, as views: no byte is copied before the socket does. */
export class CopyData {
  readonly pieces: Buffer[] = [];
  private source: Buffer = BEGIN;
  private from = 0;
  private to = 0;

  begin(): void {
    this.pieces.push(BEGIN);
  }

  /** A row. Those that lie one behind the other travel together. */
  row(source: Buffer, from: number, to: number): void {
    if (source !== this.source || from !== this.to || to - this.from > CHUNK) {
      this.flush();
      this.source = source;
      this.from = from;
    }
    this.to = to;
  }

  end(): void {
    this.flush();
    this.pieces.push(END);
  }

  private flush(): void {
    if (this.to > this.from) {
      const head = Buffer.allocUnsafe(1 + LENGTH_ITSELF);
      head[0] = COPY_DATA;
      head.writeInt32BE(LENGTH_ITSELF + this.to - this.from, 1);
      this.pieces.push(head, this.source.subarray(this.from, this.to));
    }
    this.source = BEGIN;
    this.from = this.to = 0;
  }
}

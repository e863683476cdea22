import { UndecodableError } from '../codecs/undecodable-error.js';

/** Reads Kafka's binary types one after the other. Reading beyond the end throws {@link UndecodableError}. */
export class Cursor {
  constructor(
    private readonly bytes: Buffer,
    public at = 0,
    public readonly end = bytes.length,
  ) {}

  get left(): number {
    return this.end - this.at;
  }

  int8(): number {
    return this.bytes.readInt8(this.step(1));
  }
  int16(): number {
    return this.bytes.readInt16BE(this.step(2));
  }
  int32(): number {
    return this.bytes.readInt32BE(this.step(4));
  }
  int64(): bigint {
    return this.bytes.readBigInt64BE(this.step(8));
  }

  string(): string | null {
    const length = this.int16();
    return length < 0 ? null : this.take(length).toString('utf8');
  }

  /** Zigzag varint of up to 64 bits; exact up to 2^53. */
  varint(): number {
    const raw = this.uvarint();
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  uvarint(): number {
    let byte = this.byte();
    if (byte < 0x80) return byte;
    let result = byte & 0x7f;
    for (let factor = 128; byte >= 0x80; factor *= 128) {
      if (factor > 2 ** 63) throw new UndecodableError('a number is too long');
      byte = this.byte();
      result += (byte & 0x7f) * factor;
    }
    return result;
  }

  /** A view, not a copy. */
  take(length: number): Buffer {
    const from = this.step(length);
    return this.bytes.subarray(from, from + length);
  }

  /** Varint length, -1 for null. */
  varBytes(): Buffer | null {
    const length = this.varint();
    if (length < -1) throw new UndecodableError('a length is negative');
    return length === -1 ? null : this.take(length);
  }

  /** Varint length, -1 for null: passes over what `varBytes` would read. */
  skipVarBytes(): void {
    const length = this.varint();
    if (length < -1) throw new UndecodableError('a length is negative');
    if (length > 0) this.step(length);
  }

  /** Passes over the bytes up to `end` if they are the same as those. */
  skipIfEqual(bytes: Buffer, end: number): boolean {
    const { length } = bytes;
    if (end - this.at !== length || end > this.end) return false;
    for (let i = 0; i < length; i++) if (this.bytes[this.at + i] !== bytes[i]) return false;
    this.at = end;
    return true;
  }

  /** A view of what was passed over since. */
  since(start: number): Buffer {
    return this.bytes.subarray(start, this.at);
  }

  /** Another one over the same bytes. */
  from(at: number): Cursor {
    return new Cursor(this.bytes, at, this.end);
  }

  compactString(): string | null {
    const length = this.uvarint();
    return length === 0 ? null : this.take(length - 1).toString('utf8');
  }

  skipTags(): void {
    for (let tags = this.uvarint(); tags > 0; tags--) {
      this.uvarint();
      this.take(this.uvarint());
    }
  }

  private byte(): number {
    if (this.at >= this.end) throw new UndecodableError('ends early');
    return this.bytes[this.at++] as number;
  }

  private step(length: number): number {
    const from = this.at;
    if (length < 0 || from + length > this.end) throw new UndecodableError('ends early');
    this.at = from + length;
    return from;
  }
}

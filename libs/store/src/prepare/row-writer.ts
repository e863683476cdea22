import { writeHex, writeLatin1, writeUtf8 } from './bytes.js';
import { writeRef } from './ref-digest.js';

const PG_EPOCH_MICROS = 946_684_800_000_000n;
const PG_EPOCH_MICROS_NUMBER = Number(PG_EPOCH_MICROS);
const TWO_32 = 2 ** 32;

/** Rows in PostgreSQL's binary COPY format, one behind the other in one buffer that grows and is used again. */
export class RowWriter {
  private room: Buffer;
  private end = 0;

  constructor(initialBytes: number) {
    this.room = Buffer.allocUnsafeSlow(initialBytes);
  }

  get buffer(): Buffer {
    return this.room;
  }

  /** Where the next row begins. */
  get at(): number {
    return this.end;
  }

  /** Forgets all rows. */
  restart(): void {
    this.end = 0;
  }

  /** Makes room behind the rows, the same each time it is asked for, and says where it begins. */
  roomBehind(bytes: number): number {
    this.reserve(bytes);
    return this.end;
  }

  /** `maxBytes` must hold the whole row. */
  beginRow(columns: number, maxBytes: number): void {
    this.reserve(maxBytes + 64);
    this.int16(columns);
  }

  /** The same row once more. */
  repeatRow(from: number, to: number): void {
    this.reserve(to - from);
    this.room.copyWithin(this.end, from, to);
    this.end += to - from;
  }

  /** Over a bigint or timestamp written before, whose length stands at `at`. */
  overwriteBigint(at: number, value: number): void {
    setInt32(this.room, at + 4, Math.floor(value / TWO_32));
    setInt32(this.room, at + 8, value);
  }

  /** Over a ref written before, whose length stands at `at`. */
  overwriteRef(at: number, type: string, id: string): void {
    writeRef(type, id, this.room, at + 4);
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.room.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.room.length * 2, this.end + bytes));
    this.room.copy(larger, 0, 0, this.end);
    this.room = larger;
  }

  private int16(value: number): void {
    this.room[this.end++] = value >>> 8;
    this.room[this.end++] = value;
  }

  private int32(value: number): void {
    setInt32(this.room, this.end, value);
    this.end += 4;
  }

  null(): void {
    this.int32(-1);
  }

  boolean(value: boolean): void {
    this.int32(1);
    this.room[this.end++] = value ? 1 : 0;
  }

  smallint(value: number): void {
    this.int32(2);
    this.int16(value);
  }

  integer(value: number): void {
    this.int32(4);
    this.int32(value);
  }

  /** A safe integer. */
  bigint(value: number): void {
    this.int32(8);
    this.int32(Math.floor(value / TWO_32));
    this.int32(value);
  }

  /** Microseconds since the Unix epoch. */
  timestamp(micros: bigint): void {
    const number = Number(micros);
    if (Number.isSafeInteger(number)) return this.bigint(number - PG_EPOCH_MICROS_NUMBER);
    this.int32(8);
    this.end = this.room.writeBigInt64BE(micros - PG_EPOCH_MICROS, this.end);
  }

  bytes(value: Buffer): void {
    const { length } = value;
    this.int32(length);
    const { room: buffer, end: at } = this;
    for (let i = 0; i < length; i++) buffer[at + i] = value[i] as number;
    this.end = at + length;
  }

  /** `annals.ref(type, id)`. */
  ref(type: string, id: string): void {
    this.int32(16);
    this.end = writeRef(type, id, this.room, this.end);
  }

  /** A character a byte. */
  latin1(value: string): void {
    this.int32(value.length);
    this.end = writeLatin1(value, this.room, this.end);
  }

  /** Two digits a byte. */
  hex(value: string): void {
    this.int32(value.length / 2);
    this.end = writeHex(value, this.room, this.end);
  }

  text(value: string): void {
    const start = this.end + 4;
    const end = writeUtf8(value, this.room, start);
    this.int32(end - start);
    this.end = end;
  }

  textOrNull(value: string | null | undefined): void {
    if (value === null || value === undefined) this.null();
    else this.text(value);
  }
}

function setInt32(buffer: Buffer, at: number, value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
}

/** As `timestamp` writes it. A safe integer unless the time lies before 1684. */
export const postgresMicros = (micros: bigint): number => Number(micros - PG_EPOCH_MICROS);

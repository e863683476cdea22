import fc from 'fast-check';
import type { ActivityEvent } from '#libs/contracts';
import { EncodedRows } from '../prepare/encoded-rows.js';
import { CopyData } from './copy-data.js';
import { inKeyOrder } from './timeline-order.js';

const TENANTS = ['0b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a11', '5b1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a12', 'fb1f0c3e-0d5e-4c53-8a3e-0f4c5f3b9a13'];

const anEvent = fc.record({
  tenant: fc.integer({ min: 0, max: 2 }),
  month: fc.integer({ min: 0, max: 3 }),
  accounts: fc.array(fc.nat(50), { maxLength: 5 }),
});

function encoded(rows: EncodedRows, { tenant, month, accounts }: { tenant: number; month: number; accounts: number[] }, index: number) {
  const event: ActivityEvent = {
    ...{ tenantId: TENANTS[tenant] as string, source: '/s', sourceId: `e-${index}`, type: 'note.added', sourceType: 'note', version: 1 },
    entities: [{ type: 'contact', id: 'c' }, ...accounts.map((account) => ({ type: 'account', id: `a-${account}` }))],
    ...{ actor: { type: 'human', id: 'jane@example.com' }, occurredAt: BigInt(Date.UTC(2026, month, 3)) * 1000n, timeQuality: 'producer' },
    ...{ recordedAt: null, correlationId: null, causationId: null, traceparent: null, ingestMode: 'live', summary: null },
    ...{ payload: '{"text":"hello"}', customerVisible: false, effect: null },
  };
  const place = { topic: 'crm.test', partition: 0, offset: BigInt(index) };
  return rows.add(event, place, { ...place, event: () => event, raw: () => ({ key: null, value: null, headers: {}, recordTimeMs: 0 }) });
}

/** The bytes inside the CopyData messages, without the signature before and the mark behind the rows. */
function rowsIn({ pieces }: CopyData): Buffer {
  const data = pieces.slice(1, -1);
  const heads = data.filter((_, index) => index % 2 === 0);
  const bodies = data.filter((_, index) => index % 2 === 1);
  expect(heads.map((head) => [head[0], head.readInt32BE(1)])).toEqual(bodies.map((body) => [0x64, body.length + 4]));
  return Buffer.concat(bodies);
}

/** All rows of these events have one length: only the ref differs. */
const split = (bytes: Buffer, length: number): string[] =>
  Array.from({ length: bytes.length / length }, (_, index) => bytes.toString('hex', index * length, (index + 1) * length));

describe('the timeline rows of a batch', () => {
  it('are all sent, each once, by tenant, month and beginning of the ref', () => {
    fc.assert(
      fc.property(fc.array(anEvent, { minLength: 1, maxLength: 60 }), (given) => {
        const rows = new EncodedRows();
        const events = given.map((one, index) => encoded(rows, one, index));
        const { timelineFrom, timelineTo, timelineRows } = events[0] as (typeof events)[0];
        const length = (timelineTo - timelineFrom) / timelineRows;
        const unordered = split(Buffer.from(rows.timeline.buffer.subarray(0, rows.timeline.at)), length);
        const data = new CopyData();
        data.begin();
        inKeyOrder(events, data);
        data.end();
        const sent = split(rowsIn(data), length);
        expect([...sent].sort()).toEqual([...unordered].sort());
        const places = sent.map(placeOf);
        expect(places).toEqual([...places].sort());
      }),
    );
  });

  it('may be arranged again, as after an error', () => {
    const rows = new EncodedRows();
    const events = Array.from({ length: 500 }, (_, index) =>
      encoded(rows, { tenant: index % 3, month: index % 2, accounts: [index % 40] }, index),
    );
    const arranged = (): Buffer => {
      const data = new CopyData();
      data.begin();
      inKeyOrder(events, data);
      data.end();
      return rowsIn(data);
    };
    const first = Buffer.from(arranged());
    expect(arranged().equals(first)).toBe(true);
  });
});

/** Tenant, month and the first 12 bits of the ref, as hex of one length. See `TIMELINE_COLUMNS`. */
function placeOf(row: string): string {
  const bytes = Buffer.from(row, 'hex');
  const [ref, tenant, month] = [6, 50, 90];
  return (
    bytes.toString('hex', tenant, tenant + 16) + bytes.toString('hex', month, month + 2) + bytes.toString('hex', ref, ref + 2).slice(0, 3)
  );
}

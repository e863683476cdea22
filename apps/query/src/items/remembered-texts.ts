import type { EventRow } from '#libs/store';

interface Entry {
  readonly tenantId: string;
  readonly payloadUnits: number;
  readonly wording: number;
  readonly text: string;
}
type About = Omit<Entry, 'text'>;

/** Units of JavaScript strings in one generation; two are kept: some 8 MB an instance at most, and each name of types has one. */
const GENERATION_UNITS = 2_000_000;
const LONGEST_UNITS = 20_000;

/**
 * What was printed for an event, for the next reader. Nothing in the log ever changes, so a text once printed stays
 * right; only erasure takes payloads away, and a row without payload is never looked up here. Timelines are read again
 * and again from their newest end, and parsing payloads and wording sentences is a third of the work of a page.
 * Bounded: when a generation is full, what has not been asked for since the last one goes.
 */
export class RememberedTexts {
  private young = new Map<string, Entry>();
  private old = new Map<string, Entry>();
  private units = 0;

  /**
   * The text of `row`, printed by `print` the first time, and again where `wording` (of the type) is another than it was. `tenantId` is
   * checked again: no id, however made, crosses tenants.
   */
  textOf(tenantId: string, row: EventRow, print: (row: EventRow) => string, wording = 0): string {
    if (row.payload === null || row.retractedAtPosition !== null) return print(row);
    const known = this.young.get(row.id);
    if (known?.tenantId === tenantId && known.payloadUnits === row.payload.length && known.wording === wording) return known.text;
    const about = { tenantId, payloadUnits: row.payload.length, wording };
    return this.fromOld(row, about) ?? this.printed(row, about, print);
  }

  private fromOld(row: EventRow, { tenantId, payloadUnits, wording }: About): string | undefined {
    const known = this.old.get(row.id);
    if (known?.tenantId !== tenantId || known.payloadUnits !== payloadUnits || known.wording !== wording) return undefined;
    this.keep(row.id, known);
    return known.text;
  }

  private printed(row: EventRow, about: About, print: (row: EventRow) => string): string {
    const text = print(row);
    if (text.length <= LONGEST_UNITS) this.keep(row.id, { ...about, text: ownCopy(text) });
    return text;
  }

  private keep(id: string, entry: Entry): void {
    if (this.units > GENERATION_UNITS) {
      this.old = this.young;
      this.young = new Map();
      this.units = 0;
    }
    this.units += entry.text.length;
    this.young.set(ownCopy(id), entry);
  }
}

/** A text that was cut out of a page would keep the whole page alive. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}

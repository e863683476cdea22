import { refDigest, type EventRow } from '#libs/store';
import { entitiesOf } from '../items/read-event.js';
import { itemFrame } from './frames.js';

/** An event as it goes round among the streams of a tenant: written once, however many read it. */
export class LiveEvent {
  readonly position: bigint;
  private written: string | undefined;

  constructor(
    readonly row: EventRow,
    private readonly print: (row: EventRow) => string,
  ) {
    this.position = BigInt(row.position);
  }

  /** The timelines it stands on, as `StreamPage.refs` names them. */
  refs(): readonly string[] {
    return entitiesOf(this.row).map(({ type, id }) => refOf(type, id));
  }

  /** For staff. */
  frame(): string {
    return (this.written ??= itemFrame(this.row.position, this.print(this.row)));
  }

  /** Whether other timelines are read as one from here on. */
  get changesRefs(): boolean {
    return this.row.type === 'contact.merged' || this.unmerges;
  }

  /** Whether accounts may stand below others than before, now or at an earlier time. */
  get changesTrees(): boolean {
    return this.row.type === 'account.parent_changed' || this.row.type === 'activity.retracted';
  }

  /** The two of a merge. */
  merging(): readonly string[] {
    if (this.row.type !== 'contact.merged' || this.row.payload === null) return [];
    const { fromContactId, intoContactId } = JSON.parse(this.row.payload) as Partial<Record<string, string>>;
    return [fromContactId, intoContactId].flatMap((id) => (id === undefined ? [] : [refOf('contact', id)]));
  }

  get unmerges(): boolean {
    return this.row.type === 'contact.unmerged';
  }

  /** Whether it may change what shows of events before it. */
  get changesOthers(): boolean {
    return CONTROL.has(this.row.type);
  }
}

const CONTROL: ReadonlySet<string> = new Set([
  'activity.retracted',
  'comment.deleted',
  'contact.merged',
  'contact.unmerged',
  'subject.erased',
]);

const refOf = (type: string, id: string): string => refDigest(type, id).toString('hex');

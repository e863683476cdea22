import type { Trigger } from './sequence.js';

/** What is wrong with a definition, and where: a JSON Pointer (RFC 6901) into it. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

export type Members = Readonly<Record<string, unknown>>;

/** Reads `on` and `if`; pointers of its faults begin with `pointer`. `libs/rules` has one. */
export type ReadTrigger = (
  value: Members,
  pointer: string,
) => { readonly outcome: 'trigger'; readonly trigger: Trigger } | { readonly outcome: 'refused'; readonly faults: readonly Fault[] };

export const LIMITS = {
  steps: 50,
  triggers: 20,
  actions: 20,
  idLength: 64,
  nameLength: 200,
  subjectLength: 300,
  textLength: 20_000,
  htmlLength: 100_000,
  /** A year, in minutes. */
  delayMinutes: 366 * 24 * 60,
} as const;

/** More would not help anybody to mend it. */
const MOST_FAULTS = 20;
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
/** What the engine itself publishes: a definition that started on it could start itself. */
const OWN = /^(nurture\.|playbook\.executed$)/;

export const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

/** Reads values and collects what is wrong with them. What it answers for a faulty value means nothing. */
export class DefinitionReader {
  readonly faults: Fault[] = [];

  constructor(private readonly readTrigger: ReadTrigger) {}

  fault(pointer: string, message: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push({ pointer, message });
  }

  /** An object with none but the known members. */
  object(value: unknown, pointer: string, known: readonly string[]): Members {
    if (!isObject(value)) {
      this.fault(pointer, 'must be an object');
      return {};
    }
    for (const name of Object.keys(value)) {
      if (!known.includes(name)) this.fault(`${pointer}/${escaped(name)}`, `is not known here; known are ${known.join(', ')}`);
    }
    return value;
  }

  list<T>(value: unknown, pointer: string, [least, most]: readonly [number, number], read: (item: unknown, pointer: string) => T): T[] {
    if (value === undefined && least === 0) return [];
    if (Array.isArray(value) && value.length >= least && value.length <= most) return value.map((item, i) => read(item, `${pointer}/${i}`));
    this.fault(pointer, `must be a list of ${least} to ${most}`);
    return [];
  }

  id(value: unknown, pointer: string): string {
    if (isId(value)) return value;
    this.fault(pointer, `must be an id of 1 to ${LIMITS.idLength} letters, digits, dots, dashes and underscores`);
    return '';
  }

  /** One line, without control characters: safe in a header. */
  line(value: unknown, pointer: string, most: number): string {
    if (typeof value === 'string' && value.trim() !== '' && value.length <= most && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)) {
      return value.trim();
    }
    this.fault(pointer, `must be one line of 1 to ${most} characters, without control characters`);
    return '';
  }

  /** Lines of text. */
  text(value: unknown, pointer: string, most: number): string {
    // no control character but tab and line breaks
    if (typeof value === 'string' && value !== '' && value.length <= most && !/[^\P{Cc}\t\n\r]|\p{Cs}/u.test(value)) return value;
    this.fault(pointer, `must be text of 1 to ${most} characters, without control characters`);
    return '';
  }

  wholeNumber(value: unknown, pointer: string, [least, most]: readonly [number, number]): number {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    this.fault(pointer, `must be a whole number from ${least} to ${most}`);
    return least;
  }

  trigger(value: Members, pointer: string): Trigger {
    const read = this.readTrigger(value, pointer);
    if (read.outcome === 'refused') {
      for (const { pointer: at, message } of read.faults) this.fault(at, message);
      return { on: [] };
    }
    if (read.trigger.on.some((type) => OWN.test(type))) this.fault(`${pointer}/on`, 'must not name what the engine itself publishes');
    return read.trigger;
  }
}

const escaped = (name: string): string => name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');

/** The members that were given. */
export function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

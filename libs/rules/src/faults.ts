/** What is wrong with a rule, and where: a JSON Pointer (RFC 6901) into it. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** More would not help anybody to mend the rule. */
const MOST = 20;

/** Collects what is wrong while a rule is read. */
export class Faults {
  readonly found: Fault[] = [];

  /** Answers `undefined`, for the caller to pass on. */
  add(pointer: string, message: string): undefined {
    if (this.found.length < MOST) this.found.push({ pointer, message });
    return undefined;
  }
}

export const member = (pointer: string, name: string | number): string =>
  `${pointer}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;

export type Members = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Faults for every member that is not among the known ones. */
export function refuseUnknown(value: Members, known: readonly string[], pointer: string, faults: Faults): void {
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) faults.add(member(pointer, name.slice(0, 64)), `is not known here; known are ${known.join(', ')}`);
  }
}

/** A clock that stands still until it is moved. Called, it answers milliseconds since the Unix epoch. */
export interface FixedClock {
  (): number;
  advance(ms: number): void;
}

export function fixedClock(at = '2026-01-15T10:00:00.000Z'): FixedClock {
  let nowMs = Date.parse(at);
  return Object.assign(() => nowMs, {
    advance(ms: number) {
      nowMs += ms;
    },
  });
}

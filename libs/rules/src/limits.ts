/** Bounds of a rule, so that none can be saved that would be slow for everybody. */
export const LIMITS = {
  types: 50,
  actions: 20,
  /** Levels of all, any and not. */
  depth: 8,
  /** Comparisons, all, any and not together. */
  conditions: 100,
  listed: 100,
  nameLength: 200,
  textLength: 1000,
  /** Ids of users, records and events. */
  idLength: 255,
  /** A year. */
  ageHours: 8760,
} as const;

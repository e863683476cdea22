import { rngOf } from './rng.js';

/** What becomes of somebody who asks for a demo. Who leaves does not answer mail. */
export type Fate = 'buys' | 'declines' | 'leaves';

/** Follows from the address alone, so that whoever reads the mail and whoever tells of the deal agree. */
export function fateOf(address: string): Fate {
  return rngOf(`fate/${address}`).pick(['buys', 'buys', 'buys', 'declines', 'leaves']);
}

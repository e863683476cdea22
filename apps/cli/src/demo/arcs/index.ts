import type { Arc } from '../step.js';
import { accountMoves, newCustomer } from './founding.js';
import { erasure, hastyComment, mergedByMistake, tagged, wrongNote } from './housekeeping.js';
import { bouncedMail, broadcast, leadNurtured, siteVisit } from './marketing.js';
import { deal, lostDeal, wonDeal } from './sales.js';
import { order, reservation, ticket } from './service.js';

export { accountOpened, contactJoins } from './founding.js';

/** What goes on happening. Each is told once in every round, in another order. */
export const ARCS: readonly Arc[] = [
  siteVisit,
  siteVisit,
  broadcast,
  broadcast,
  bouncedMail,
  leadNurtured,
  deal,
  lostDeal,
  wonDeal,
  ticket,
  reservation,
  order,
  order,
  tagged,
  mergedByMistake,
  wrongNote,
  hastyComment,
  accountMoves,
  newCustomer,
  erasure,
];

import type { Arc } from '../step.js';
import { accountMoves, newCustomer } from './founding.js';
import { erasure, hastyComment, mergedByMistake, tagged, wrongNote } from './housekeeping.js';
import { journey } from './lead.js';
import { bouncedMail, broadcast, vipNoticed } from './mail.js';
import { expansion, renewal } from './sales.js';
import { order, reservation, ticket } from './service.js';

export { accountOpened, contactJoins } from './founding.js';
export { leadOf } from './lead.js';

/** What goes on happening. Each is told once in every round, in another order. */
export const ARCS: readonly Arc[] = [
  journey,
  journey,
  broadcast,
  broadcast,
  broadcast,
  vipNoticed,
  bouncedMail,
  expansion,
  renewal,
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

/** What the present begins with, so that every program has something to do at once. */
export const OPENING: readonly Arc[] = [vipNoticed, ticket, journey, newCustomer, bouncedMail, order];

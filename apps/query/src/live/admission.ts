import type { Principal } from '../auth/principal.js';

/** Streams of one customer on one instance: several pages and devices, and never everybody else's places. */
const MOST_OF_A_CUSTOMER = 20;

/** Counts the streams of this instance, those that are being opened among them. */
export class Admission {
  private inside = 0;
  private readonly byCustomer = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** A place, to be given back once by calling it; `undefined`: there is none for this caller now. */
  enter(principal: Principal): (() => void) | undefined {
    const customer = customerOf(principal);
    const own = customer === undefined ? 0 : (this.byCustomer.get(customer) ?? 0);
    if (this.inside >= this.most || own >= MOST_OF_A_CUSTOMER) return undefined;
    this.inside++;
    if (customer !== undefined) this.byCustomer.set(customer, own + 1);
    return () => this.leave(customer);
  }

  private leave(customer: string | undefined): void {
    this.inside--;
    if (customer === undefined) return;
    const left = (this.byCustomer.get(customer) ?? 1) - 1;
    if (left > 0) this.byCustomer.set(customer, left);
    else this.byCustomer.delete(customer);
  }
}

function customerOf(principal: Principal): string | undefined {
  return principal.kind === 'customer' ? JSON.stringify([principal.tenantId, principal.entity.type, principal.entity.id]) : undefined;
}

import type { Principal } from '../auth/principal.js';
import { Admission } from './admission.js';

const caller = { tenantId: 't', userId: 'u', scopes: [], expiresAt: 0 };
const staff: Principal = { ...caller, kind: 'user' };
const customer = (id: string): Principal => ({ ...caller, kind: 'customer', entity: { type: 'contact', id } });

describe('the places for live streams', () => {
  it('are as many as the instance serves, and free again when they are given back', () => {
    const admission = new Admission(2);
    const first = admission.enter(staff);
    expect([first, admission.enter(staff), admission.enter(staff)].map((place) => place !== undefined)).toEqual([true, true, false]);
    first?.();
    expect(admission.enter(staff)).toBeDefined();
  });

  it('are not all for one customer', () => {
    const admission = new Admission(100);
    const places = Array.from({ length: 30 }, () => admission.enter(customer('a')));
    expect(places.filter((place) => place !== undefined)).toHaveLength(20);
    expect([admission.enter(customer('b')), admission.enter(staff)]).not.toContain(undefined);
    places[0]?.();
    expect([admission.enter(customer('a')) === undefined, admission.enter(customer('a')) === undefined]).toEqual([false, true]);
  });
});

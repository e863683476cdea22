/** The tabs of seed 001's account page. `all` holds every type; the others hold the types that name them. */
export const TABS = ['all', 'email', 'signals', 'notes', 'comments', 'hierarchy'] as const;
export type Tab = (typeof TABS)[number];

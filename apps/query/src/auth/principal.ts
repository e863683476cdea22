export interface CustomerEntity {
  readonly type: string;
  readonly id: string;
}

interface Caller {
  /** Lower-case UUID: the one tenant of this request. */
  readonly tenantId: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  /** When the token ends; milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

/** Who is asking, and for which tenant. */
export type Principal =
  | (Caller & { readonly kind: 'user' | 'service' })
  /** Sees the timeline of `entity`, and of that only what is marked for customers. */
  | (Caller & { readonly kind: 'customer'; readonly entity: CustomerEntity });

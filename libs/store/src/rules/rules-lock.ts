/** Key of the advisory lock between the saving of a tenant's rules (exclusive) and their evaluation (shared). `tenant`: SQL of a uuid. */
export const rulesLock = (tenant: string): string => `hashtextextended('annals rules ' || ${tenant}::text, 0)`;

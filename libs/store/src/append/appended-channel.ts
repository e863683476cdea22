/** NOTIFY channel of every append. The payload is tenant:position pairs, comma-separated, or `*`: look at all. */
export const APPENDED_CHANNEL = 'annals_appended';

/** PostgreSQL takes less than 8,000 bytes: 140 pairs of at most 53 and a comma. */
const PAIRS = 140;
const MOST_NOTIFICATIONS = 8;

/** One NOTIFY, or a few if there are very many tenants. Only a hint: the log is the data. */
export function notifyStatements(positions: ReadonlyMap<string, number>): string[] {
  const pairs = [...positions].map(([tenant, position]) => `${tenant}:${position}`);
  if (pairs.length > PAIRS * MOST_NOTIFICATIONS) return [`notify ${APPENDED_CHANNEL}, '*'`];
  const statements: string[] = [];
  for (let i = 0; i < pairs.length; i += PAIRS) statements.push(`notify ${APPENDED_CHANNEL}, '${pairs.slice(i, i + PAIRS).join()}'`);
  return statements;
}

/**
 * Splits `limit` among those who want so much each, in the same order: evenly, and what one leaves the others get. Nobody gets more than it wants, and
 * all of `limit` is given unless all have what they want. With more who want than there is, who comes first in the order gets one each.
 */
export function fairShares(wanted: readonly number[], limit: number): number[] {
  const shares = wanted.map(() => 0);
  const served = [...wanted.keys()].slice(0, limit).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  let left = limit;
  for (const [done, i] of served.entries()) {
    const share = Math.min(wanted[i] ?? 0, Math.floor(left / (served.length - done)));
    shares[i] = share;
    left -= share;
  }
  return shares;
}

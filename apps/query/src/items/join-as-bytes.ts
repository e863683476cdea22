const SCRATCH_BYTES = 1024 * 1024;
/** UTF-8 needs at most so many bytes for a unit of a JavaScript string. */
const LONGEST_UNIT = 3;

let scratch: Buffer | undefined;

/**
 * The texts one after the other, as UTF-8. Each is encoded where it comes to lie: joined into one string first, a single
 * “ would widen all of it to two bytes a letter, and a page of fifty takes five times as long (77 against 421 µs).
 */
export function joinAsBytes(texts: readonly string[]): Buffer {
  let units = 0;
  for (const text of texts) units += text.length;
  const fits = units * LONGEST_UNIT <= SCRATCH_BYTES;
  const target = fits ? (scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES)) : Buffer.allocUnsafe(units * LONGEST_UNIT);
  let end = 0;
  for (const text of texts) end += target.write(text, end, 'utf8');
  return fits ? Buffer.from(target.subarray(0, end)) : target.subarray(0, end);
}

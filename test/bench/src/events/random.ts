/** A stream of numbers that is the same in every run (sfc32). */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number below `n`. */
  below(n: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  chance(probability: number): boolean;
  /** Hex digits. */
  hex(digits: number): string;
  /** Exponential with this mean. */
  exponential(mean: number): number;
}

export function randomFrom(seed: number): Random {
  let [a, b, c, d] = [seed | 0, 0x9e3779b9, 0x243f6a88, 1];
  const bits = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const next = (): number => bits() / 0x100000000;
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    pick: (from) => from[below(from.length)] ?? from[0],
    chance: (probability) => next() < probability,
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += bits().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
    exponential: (mean) => -Math.log(1 - next()) * mean,
  };
}

/** Draws an index below `weights.length`, each as often as its weight says. */
export function weighted(weights: readonly number[]): (random: Random) => number {
  const cumulative = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, i) => (cumulative[i] = sum += weight));
  return (random) => {
    const x = random.next() * sum;
    let [low, high] = [0, cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((cumulative[middle] ?? Infinity) > x) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Popularity falls with rank: the first is drawn most often. */
export function zipf(n: number, exponent: number): (random: Random) => number {
  return weighted(Array.from({ length: n }, (_, i) => 1 / (i + 1) ** exponent));
}

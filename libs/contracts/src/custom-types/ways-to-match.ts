/** Patterns are read as far as it takes to bound what a backtracking matcher can do with them. */
interface Piece {
  /** Ways in which it can be matched, at most. */
  readonly ways: number;
  /** Length once its counted repetitions are written out. */
  readonly size: number;
}

/** What is not bounded here: back references, look-around, names, and what no regular expression is. */
class Unbounded extends Error {}

/**
 * How many paths a matcher can try for `pattern` on a text of `length` characters, at most; `undefined` where that is not known. Every
 * repetition of a piece that can itself be matched in several ways multiplies them, so that `(a+)+` comes out as what it is. The
 * pattern is valid under the flag `u`.
 */
export function waysToMatch(pattern: string, length: number): number | undefined {
  try {
    const reader = new PatternReader(pattern, length);
    const { ways, size } = reader.readAll();
    if (size > LARGEST_SIZE) return undefined;
    const starts = pattern.startsWith('^') && !reader.hasChoiceAtTop ? 1 : length + 1;
    return ways * starts;
  } catch (error) {
    if (error instanceof Unbounded) return undefined;
    throw error;
  }
}

const LARGEST_SIZE = 5_000;
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/;

class PatternReader {
  hasChoiceAtTop = false;
  private at = 0;

  constructor(
    private readonly pattern: string,
    private readonly length: number,
  ) {}

  readAll(): Piece {
    const piece = this.readChoices(0);
    if (this.at < this.pattern.length) throw new Unbounded();
    return piece;
  }

  private readChoices(depth: number): Piece {
    if (depth > 20) throw new Unbounded();
    let all = this.readSequence(depth);
    while (this.pattern[this.at] === '|') {
      this.at++;
      if (depth === 0) this.hasChoiceAtTop = true;
      const next = this.readSequence(depth);
      all = { ways: all.ways + next.ways, size: all.size + next.size };
    }
    return all;
  }

  private readSequence(depth: number): Piece {
    let all: Piece = { ways: 1, size: 1 };
    while (this.at < this.pattern.length && this.pattern[this.at] !== '|' && this.pattern[this.at] !== ')') {
      const piece = this.repeated(this.readAtom(depth));
      all = { ways: all.ways * piece.ways, size: all.size + piece.size };
    }
    return all;
  }

  private readAtom(depth: number): Piece {
    switch (this.pattern[this.at]) {
      case '(':
        return this.readGroup(depth);
      case '[':
        this.skipClass();
        break;
      case '\\':
        this.skipEscape();
        break;
      default:
        this.at++;
    }
    return { ways: 1, size: 1 };
  }

  private readGroup(depth: number): Piece {
    this.at++;
    if (this.pattern.startsWith('?:', this.at)) this.at += 2;
    else if (this.pattern[this.at] === '?') throw new Unbounded();
    const piece = this.readChoices(depth + 1);
    this.at++;
    return piece;
  }

  private skipClass(): void {
    while (this.at < this.pattern.length && this.pattern[this.at] !== ']') this.at += this.pattern[this.at] === '\\' ? 2 : 1;
    this.at++;
  }

  private skipEscape(): void {
    const letter = this.pattern[this.at + 1] ?? '';
    if (/[1-9k]/.test(letter)) throw new Unbounded();
    const isBraced = /[pPu]/.test(letter) && this.pattern[this.at + 2] === '{';
    this.at = isBraced ? this.pattern.indexOf('}', this.at) + 1 : this.at + 2;
  }

  private repeated(piece: Piece): Piece {
    const found = QUANTIFIER.exec(this.pattern.slice(this.at));
    if (!found) return piece;
    this.at += found[0].length;
    const [least, most] = bounds(found);
    const often = Math.min(most, Math.max(least, this.length));
    return { ways: sumOfPowers(piece.ways, least, often), size: piece.size * Math.max(1, least, Number.isFinite(most) ? most : 0) };
  }
}

function bounds([text, least, comma, most]: RegExpExecArray): [number, number] {
  if (least === undefined) return [text.startsWith('+') ? 1 : 0, text.startsWith('?') ? 1 : Infinity];
  if (comma === '') return [Number(least), Number(least)];
  return [Number(least), most === '' ? Infinity : Number(most)];
}

/** base^least + … + base^most; Infinity is an answer. */
function sumOfPowers(base: number, least: number, most: number): number {
  if (base === 1) return most - least + 1;
  let sum = 0;
  for (let i = least; i <= most && Number.isFinite(sum); i++) sum += base ** i;
  return sum;
}

/** For short texts loops are faster than `Buffer.write`, which costs some 200 ns before the first byte. All return where they end. */
export function writeLatin1(text: string, into: Buffer, at: number): number {
  const { length } = text;
  for (let i = 0; i < length; i++) into[at + i] = text.charCodeAt(i);
  return at + length;
}

/** Shorter texts are faster copied in JavaScript than handed to the encoder. */
const SHORT_TEXT = 48;

/** Three bytes a UTF-16 unit must be free. */
export function writeUtf8(text: string, into: Buffer, at: number): number {
  return (text.length < SHORT_TEXT && writeAscii(text, into, at)) || at + into.write(text, at, 'utf8');
}

/** 0: not ASCII. */
function writeAscii(text: string, into: Buffer, at: number): number {
  const { length } = text;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return 0;
    into[at + i] = code;
  }
  return at + length;
}

/** Digits of either case, two a byte; nothing else may be among them. */
export function writeHex(digits: string, into: Buffer, at: number): number {
  const length = digits.length >>> 1;
  for (let i = 0; i < length; i++) into[at + i] = (valueOf(digits, 2 * i) << 4) | valueOf(digits, 2 * i + 1);
  return at + length;
}

/** Letters have the bit 64, and their low bits begin with 1. */
function valueOf(digits: string, at: number): number {
  const code = digits.charCodeAt(at);
  return (code & 15) + (code >>> 6) * 9;
}

const began = Date.now();

/** One line on standard error, with the seconds since the start in front. */
export function progress(text: string): void {
  const seconds = ((Date.now() - began) / 1000).toFixed(1).padStart(6);
  process.stderr.write(`${seconds} s  ${text}\n`);
}

/** White space as Python's str knows it; JavaScript's has another three characters more or less. */
const SPACE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');
const BETWEEN = new RegExp(`${SPACE}+`);
const NUMBER = /^[+-]?(?:(?:\d+(?:_\d+)*)?\.?(?:\d+(?:_\d+)*)?(?:e[+-]?\d+(?:_\d+)*)?|inf(?:inity)?|nan)$/i;

/** `text.strip()`. */
export function strip(text: string): string {
  return text.replace(ENDS, '');
}

/** `text.split()`: words, none of them empty. */
export function splitWords(text: string): string[] {
  return strip(text)
    .split(BETWEEN)
    .filter((word) => word !== '');
}

/** `float(text)`, or undefined where Python raises ValueError. */
export function readFloat(text: string): number | undefined {
  // Digits of other widths are digits to Python.
  const clean = strip(text).normalize('NFKC');
  if (!NUMBER.test(clean) || !/\d|inf|nan/i.test(clean) || /^[+-]?\.?e/i.test(clean)) return undefined;
  const [, sign, rest] = /^([+-]?)(.*)$/.exec(clean)!;
  const size = /^inf/i.test(rest) ? Infinity : /^nan/i.test(rest) ? NaN : Number(rest.replaceAll('_', ''));
  return sign === '-' ? -size : size;
}

/** A location or segmentation token written out in an answer. */
export interface AnswerToken {
  readonly kind: 'loc' | 'seg';
  /** Its number, which may be out of range; NaN when it is not written the way the model writes it. */
  readonly value: number;
  /** Offsets in the answer, UTF-16 units; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

/** How many digits the model writes. */
const DIGITS = { loc: 4, seg: 3 } as const;

/**
 * All `<loc0012>` and `<seg012>` of an answer, in order. `<loc12>`, `<loc>` and a token cut off by the end of the
 * text are found too, with NaN as their value; `<location>` is a word. Linear time.
 */
export function findAnswerTokens(raw: string): AnswerToken[] {
  const tokens: AnswerToken[] = [];
  for (const match of raw.matchAll(/<(loc|seg)(?:(\d+)(>?)|>|$)/g)) {
    const kind = match[1] as AnswerToken['kind'];
    const digits = match[2] ?? '';
    const isWellFormed = digits.length === DIGITS[kind] && match[3] === '>';
    tokens.push({
      kind,
      value: isWellFormed ? Number(digits) : NaN,
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return tokens;
}

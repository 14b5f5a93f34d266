const WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );

/** A word for a number from zero to `max` as digits, `none` as 0; undefined for any other word. Small letters. */
export function numberOfWord(word: string, max: number): string | undefined {
  if (word === 'none') return '0';
  const number = WORDS.indexOf(word);
  return number === -1 || number > max ? undefined : String(number);
}

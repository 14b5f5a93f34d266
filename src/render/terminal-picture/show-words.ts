/** How pictures may be drawn in a terminal, in the words of --show and /preview; `auto` takes the best that it can. */
export const showWords = [
  'auto',
  'kitty',
  'iterm2',
  'sixel',
  'blocks',
  'half',
  'quadrants',
  'sextants',
  'ascii',
  'off',
] as const;
export type ShowWord = (typeof showWords)[number];

/** Other words that people try. */
const synonyms: Readonly<Record<string, ShowWord>> = {
  iterm: 'iterm2',
  never: 'off',
  none: 'off',
  on: 'auto',
};
export const showSynonyms: readonly string[] = Object.keys(synonyms);

/** The word that is meant, in any case; undefined for none. */
export function readShowWord(text: string): ShowWord | undefined {
  const word = text.toLowerCase();
  return (
    showWords.find((one) => one === word) ?? (Object.hasOwn(synonyms, word) ? synonyms[word] : undefined)
  );
}

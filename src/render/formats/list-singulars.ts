/** Plurals that no ending tells, as the last word of a label. */
const IRREGULAR: Readonly<Record<string, string>> = {
  people: 'person',
  children: 'child',
  mice: 'mouse',
  geese: 'goose',
  feet: 'foot',
  teeth: 'tooth',
};

/**
 * The words that a label in small letters may be a plural of, itself included, without its article: `a cow` and `cows`
 * are `cow`, and `the red buses` are `red bus`. Two labels mean the same when they share one.
 */
export function listSingulars(label: string): string[] {
  const name = label.replace(/^(?:an?|the) (?=.)/, '');
  const irregular = name.replace(/\w+$/, (word) => IRREGULAR[word] ?? word.replace(/men$/, 'man'));
  const endings: readonly [RegExp, string][] = [
    [/ies$/, 'y'],
    [/ves$/, 'f'],
    [/ves$/, 'fe'],
    [/es$/, ''],
    [/(?<!s)s$/, ''],
  ];
  const regular = endings.map(([ending, singular]) => name.replace(ending, singular));
  return [...new Set([name, irregular, ...regular])].filter((word) => word !== '');
}

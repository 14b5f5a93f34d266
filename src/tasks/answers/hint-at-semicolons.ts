/**
 * What to say when a list of things looks as if it were meant as several, and nothing was found: `cow tractor`.
 *
 * @param things that were asked for: one who separated several knows how.
 * @param found labels that were found with a score above 0.
 * @returns undefined when there is nothing to say.
 */
export function hintAtSemicolons(things: readonly string[], found: ReadonlySet<string>): string | undefined {
  const [thing] = things;
  if (things.length !== 1 || found.size > 0 || !/\S\s+\S/.test(thing) || thing.includes(','))
    return undefined;
  return `"${thing}" was asked for as one thing; semicolons separate several.`;
}

/** Labels that were found with a score that is not 0 when it is rounded as it is shown. */
export function foundLabels(
  detections: readonly { label: string; score?: number | undefined }[] = [],
): Set<string> {
  return new Set(detections.filter(({ score = 1 }) => score >= 0.005).map(({ label }) => label));
}

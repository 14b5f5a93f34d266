import { tokenizeCaptions } from './tokenize-captions.js';

/** The caption of a picture, and what people wrote about it. */
export interface CaptionCase {
  readonly answer: string;
  /** One or more. */
  readonly references: readonly string[];
}

/** The same as lists of words. */
export interface CaptionTokens {
  readonly answer: readonly string[];
  readonly references: readonly (readonly string[])[];
}

/** Cut answers and references into words; each side is one text, as in coco-caption. */
export function toCaptionTokens(cases: readonly CaptionCase[]): CaptionTokens[] {
  const answers = tokenizeCaptions(cases.map(({ answer }) => answer));
  const references = tokenizeCaptions(cases.flatMap((one) => one.references));
  let place = 0;
  return cases.map((one, i) => ({
    answer: answers[i],
    references: references.slice(place, (place += one.references.length)),
  }));
}

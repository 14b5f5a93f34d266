import { basename } from 'node:path';
import type { Size } from '../base/geometry.js';
import type { Answered, AnsweredObject } from './answered.js';
import type { Example } from './example.js';
import type { FoundResult } from './read-results.js';

/** Results with their examples. */
export interface MatchedResults {
  readonly answered: readonly Answered[];
  /** Examples that have no result, or whose result is an error. */
  readonly missing: readonly Example[];
  /** Results that belong to no example. */
  readonly strangers: number;
}

/**
 * Find the example of each result: by its id, else by the picture's name and what was asked, else by the picture alone.
 * Several rows of boxes of one picture are one answer. Of two answers the last counts.
 *
 * @param categories labels by COCO's number of the class, for results that name no labels.
 */
export function matchResults(
  results: readonly FoundResult[],
  examples: readonly Example[],
  categories: ReadonlyMap<number, string>,
): MatchedResults {
  const byId = new Map(examples.map((example) => [example.id, example]));
  const byQuestion = new Map(examples.map((example) => [keyOf(example.picture, example.text), example]));
  const byPicture = new Map(examples.map((example) => [basename(example.picture), example]));
  const isAlone = byPicture.size === examples.length;
  const answers = new Map<Example, { text: string; objects: AnsweredObject[]; size?: Size }>();
  let strangers = 0;
  for (const result of results) {
    const example = find(result);
    if (example === undefined) strangers++;
    else if (!result.isError) add(example, result);
  }
  return {
    answered: examples.flatMap((example) => {
      const answer = answers.get(example);
      return answer === undefined ? [] : [{ example, answer }];
    }),
    missing: examples.filter((example) => !answers.has(example)),
    strangers,
  };

  function find({ ids, picture, prompt }: FoundResult): Example | undefined {
    const known = ids.map((id) => byId.get(id)).find((example) => example !== undefined);
    if (known !== undefined || picture === undefined) return known;
    const asked = prompt === undefined ? undefined : byQuestion.get(keyOf(picture, prompt));
    return asked ?? (isAlone ? byPicture.get(basename(picture)) : undefined);
  }

  function add(example: Example, result: FoundResult): void {
    const [category] = result.categoryIds ?? [];
    const objects = (result.objects ?? []).map((object) =>
      category === undefined ? object : { ...object, label: categories.get(category) ?? '' },
    );
    const isRow = category !== undefined;
    const before = isRow ? answers.get(example) : undefined;
    const size = result.size ?? before?.size;
    answers.set(example, {
      text: result.text ?? '',
      objects: [...(before?.objects ?? []), ...objects],
      ...(size && { size }),
    });
  }
}

/** A prompt may have the question's task and language before it. */
function keyOf(picture: string, prompt: string): string {
  return `${basename(picture)}\n${prompt.replace(/^(?:answer|question)\s+[a-z-]{2,5}\s+/, '').trim()}`;
}

import { readFileSync } from 'node:fs';
import { fixturePath } from '../../../fixtures/index.js';
import { parseRecords } from '../../../src/answers/parse-records.js';
import type { LoadedModel } from '../../../src/engine/model/loaded-model.js';
import type { PaliTokenizer } from '../../../src/tokens/tokenizer.js';
import { decodeGreedily, type GreedyAnswer, type GreedyPrompt } from './decode-greedily.mjs';
import { readPixels } from './reference-golden.js';

/** A prompt about a golden picture; fixtures/golden/README.md explains the fields. */
export interface GoldenPrompt {
  readonly pictures: readonly string[];
  readonly task: string;
  readonly prompt: string;
  /** [y0, x0, y1, x1] as fractions. */
  readonly truth_boxes?: readonly (readonly number[])[];
  readonly truth_labels?: readonly string[];
  readonly tail_ids: readonly number[];
  readonly output_ids: readonly number[];
  readonly output: string;
  readonly margins: readonly number[];
}

/** An object that an answer names. */
export interface NamedBox {
  readonly label: string;
  /** [y0, x0, y1, x1] as fractions. */
  readonly box: readonly number[];
}

/** Most tokens of a golden answer. */
export const GOLDEN_MAX_TOKENS = 110;

export function readGoldenPrompts(): GoldenPrompt[] {
  const lines = readFileSync(fixturePath('golden', 'golden.jsonl'), 'utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const { image, images, prompts } = JSON.parse(line) as {
      image?: string;
      images?: string[];
      prompts: Omit<GoldenPrompt, 'pictures'>[];
    };
    return prompts.map((prompt) => ({ ...prompt, pictures: images ?? [image!] }));
  });
}

/** Answer golden prompts, eight together. Each picture is encoded once. */
export async function answerGolden(
  model: LoadedModel,
  prompts: readonly GoldenPrompt[],
): Promise<GreedyAnswer[]> {
  const encoded = new Map<string, Float32Array>();
  const list: GreedyPrompt[] = [];
  for (const { pictures, tail_ids } of prompts) {
    const features: Float32Array[] = [];
    for (const picture of pictures) {
      const known =
        encoded.get(picture) ??
        (await model.encodeImage(
          await readPixels(fixturePath('golden', picture), model.spec.vision.imageSize),
        ));
      encoded.set(picture, known);
      features.push(known);
    }
    list.push({ features, ids: tail_ids, maxNewTokens: GOLDEN_MAX_TOKENS });
  }
  return decodeGreedily(model, list, 8);
}

/** The objects in the tokens of a detect answer. */
export function readBoxes(ids: readonly number[], eos: number, tokenizer: PaliTokenizer): NamedBox[] {
  const text = tokenizer.decode(
    ids.filter((id) => id !== eos),
    { skipSpecial: false },
  );
  return parseRecords(text).records.map(({ label, bins }) => ({
    label,
    box: bins.map((bin) => bin / 1023),
  }));
}

/** How many of `expected` a list of boxes finds: same label, IoU of at least `least`, each box used once. */
export function countMatches(found: readonly NamedBox[], expected: readonly NamedBox[], least = 0.5): number {
  const left = [...found];
  let matches = 0;
  for (const { label, box } of expected) {
    const ious = left.map((other) => (other.label === label ? intersectionOverUnion(other.box, box) : -1));
    const best = ious.indexOf(Math.max(...ious));
    if (best < 0 || ious[best] < least) continue;
    left.splice(best, 1);
    matches++;
  }
  return matches;
}

function intersectionOverUnion(a: readonly number[], b: readonly number[]): number {
  const height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = (box: readonly number[]): number => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fixturePath } from '../../../fixtures/index.js';
import { decodeImage } from '../../../src/image/decode/decode-image.js';
import { normalizePixels } from '../../../src/image/resize/normalize-pixels.js';
import { toModelPixels } from '../../../src/image/resize/to-model-pixels.js';

/** A line of fixtures/reference/golden/NAME/golden.jsonl; its README explains the fields. */
export interface ReferenceLine {
  readonly id: string;
  readonly prompt: string;
  readonly images: readonly string[];
  readonly input_ids: readonly number[];
  readonly image_tokens: number;
  readonly image_features: { readonly first8: readonly number[]; readonly mean_abs: number };
  readonly image_features_npy?: string;
  readonly first_logits: {
    readonly top20_ids: readonly number[];
    readonly top20_values: readonly number[];
    readonly lse: number;
  };
  readonly first_logits_npy?: string;
  readonly steps: {
    readonly ids: readonly number[];
    readonly logits: readonly number[];
    readonly margins: readonly number[];
    readonly lse: readonly number[];
  };
}

/** A given answer and what the model thinks of it. */
export interface TeacherForced {
  readonly input_ids: readonly number[];
  readonly prefix_length: number;
  readonly image: string;
  readonly suffix: readonly number[];
  readonly suffix_logprobs: readonly number[];
  readonly top5_ids: readonly (readonly number[])[];
  readonly top5_values: readonly (readonly number[])[];
  readonly lse: readonly number[];
}

export function readReferenceLines(name: string): ReferenceLine[] {
  const text = readFileSync(fixturePath('referenceGolden', `${name}/golden.jsonl`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ReferenceLine);
}

export function readTeacherForced(name: string): TeacherForced {
  const path = fixturePath('referenceGolden', `${name}/teacher-forced.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as TeacherForced;
}

/** Where a picture that a reference line names lies. */
export function referencePicture(image: string): string {
  return fixturePath('images', basename(image));
}

/** A picture file as the model takes it: [3, side, side]. */
export async function readPixels(path: string, side: number): Promise<Float32Array> {
  return normalizePixels(toModelPixels(await decodeImage(path), side));
}

import type { InputError } from '../base/errors.js';
import type { Box } from '../base/geometry.js';
import type { TaskName } from '../base/task-name.js';
import type { MaskRuns } from '../metrics/objects/mask-runs.js';

/** A picture with a prompt and what people say the answer is. */
export interface Example {
  /** The same in every run over this data set: how answers that exist find their example. */
  readonly id: string;
  /** Path of the picture. */
  readonly picture: string;
  /** Where it stands in the data set, for messages: `line 12`. */
  readonly place: string;
  readonly task: TaskName;
  /** The prompt, or what fills the prompt's place: the question, or the things to look for. */
  readonly text: string;
  /** The prompt is sent as it stands. */
  readonly isPrompt?: boolean;
  readonly truth: Truth;
  /** A part of the data set that is also reported by itself: POPE's splits, VQA's types of answers. */
  readonly group?: string;
  /** Questions of one pair, as MMVP counts them. */
  readonly pair?: number;
}

/** An example that cannot be used. */
export interface FaultyExample {
  readonly id: string;
  readonly place: string;
  readonly error: InputError;
}

/** What the answer should be. */
export type Truth = TextTruth | ObjectsTruth | ReferredTruth;

/** One or more texts. */
export interface TextTruth {
  readonly kind: 'text';
  readonly answers: readonly string[];
  /** What MMVP lets one choose from. */
  readonly choices?: readonly string[];
}

/** All objects of the data set's classes; possibly none. */
export interface ObjectsTruth {
  readonly kind: 'objects';
  readonly objects: readonly LabelledObject[];
  /** Boxes and polygons are shares of the picture's sides, 0 to 1, rather than pixels. */
  readonly isRelative?: boolean;
}

/** The one object that an expression means. */
export interface ReferredTruth {
  readonly kind: 'referred';
  readonly object: LabelledObject;
  readonly isRelative?: boolean;
}

/** An object that a person marked. */
export interface LabelledObject {
  readonly label: string;
  readonly box: Box;
  readonly mask?: LabelledMask;
  /** COCO's area, pixels; the mask's or the box's where absent. */
  readonly area?: number;
  readonly isCrowd: boolean;
}

/** Corners of polygons, x and y in turns, or run lengths. */
export type LabelledMask = { readonly polygons: readonly (readonly number[])[] } | MaskRuns;

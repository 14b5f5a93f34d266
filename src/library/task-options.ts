import type { Box } from '../base/geometry.js';
import type { RedactStyle } from '../base/redact-style.js';

/** Options of every task, named as on the command line. */
export interface CommonOptions {
  /** Stop the answer after this many tokens, 1 to 4096; the task's own limit when absent. */
  readonly maxTokens?: number | undefined;
  /** Above 0: random answers. 0 to 100, default 0. */
  readonly temperature?: number | undefined;
  /** Random answers: from the likeliest tokens that add up to this share, above 0, 1 at most. Default 1. */
  readonly topP?: number | undefined;
  /** Random answers: the same seed, the same answer. 0 to 2^32 - 1, default 0. */
  readonly seed?: number | undefined;
  /** Give the answer's tokens, each with this many alternatives, 0 to 20; no tokens when absent. */
  readonly logprobs?: number | undefined;
  /** Stops the work; it then fails with a CancelledError. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of tasks that answer in a language. */
export interface LanguageOptions extends CommonOptions {
  /** Its code, such as `en`, `es`, `zh`. Default `en`. */
  readonly lang?: string | undefined;
}

/** For `answer` and `question`. */
export type AnswerOptions = LanguageOptions;

/** A part of a picture: pixels of the picture as shown, or percent of its sides. */
export interface Region extends Box {
  /** Default `pixels`. */
  readonly unit?: 'pixels' | 'percent' | undefined;
}

/** For `caption`. */
export interface CaptionOptions extends LanguageOptions {
  /** A few words instead of a sentence. */
  readonly short?: boolean | undefined;
  /** Only this part of the picture; such a caption has no language. */
  readonly region?: Region | undefined;
}

/** Options of answers that hold places in the picture. */
export interface AskOptions extends CommonOptions {
  /** 1023 as in training, or 1024 as some tools. Default 1023. */
  readonly locScale?: 1023 | 1024 | undefined;
}

/** For `detect` and `segment`. */
export interface ObjectOptions extends AskOptions {
  /** Ask for each thing in a prompt of its own. */
  readonly perClass?: boolean | undefined;
  /** Leave out objects that score below this, 0 to 1. */
  readonly minScore?: number | undefined;
  /** For small things: look also at overlapping tiles, 2 to 8 along the longer side. */
  readonly tiles?: number | undefined;
  /** Let the model name objects otherwise than they were asked for. */
  readonly anyLabel?: boolean | undefined;
  /** `false` lets the model write anything, not only boxes and masks. */
  readonly constrain?: boolean | undefined;
}

/** For videos. Times are seconds from the video's beginning. */
export interface VideoOptions {
  /** Frames a second. One of `fps`, `every`, `frames`, `scenes` and `frameNumbers` says which; default: fps 1. */
  readonly fps?: number | undefined;
  /** Seconds from one frame to the next. */
  readonly every?: number | undefined;
  /** This many frames, evenly spaced. */
  readonly frames?: number | undefined;
  /** The first frame of each shot; a cut changes more than this, 0 to 1 (`true`: 0.2). */
  readonly scenes?: number | true | undefined;
  /** These frames, counted from 0. */
  readonly frameNumbers?: readonly number[] | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** How long to look, instead of `end`. */
  readonly duration?: number | undefined;
  /** Drop frames that come faster than answers; decided by the kind of input when absent. */
  readonly live?: boolean | undefined;
  /** Reuse the answer where no part changed by more than this, 0 to 1 (`true`: 0.03). */
  readonly skipSimilar?: number | true | undefined;
  /** One prompt about this many frames together (`true`: 8); for models tuned on videos. */
  readonly joint?: number | true | undefined;
  /** Only the different answers. */
  readonly summary?: boolean | undefined;
  /** Give objects ids that stay with them: `frame.trackIds`. */
  readonly track?: boolean | undefined;
  /** Write the video with what was found or answered: a path that ends in .mp4, .webm or .gif. */
  readonly annotate?: string | undefined;
  /** Hide what was found in the annotated video. */
  readonly redact?: RedactStyle | undefined;
  /** Write a grid of the frames: the path of a picture. */
  readonly contactSheet?: string | undefined;
  /** Keep results in this file as JSON lines, and go on from what is in it. */
  readonly resume?: string | undefined;
}

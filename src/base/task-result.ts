import type { Detection, RejectedRecord } from './detection.js';
import type { Device, Dtype } from './dtype.js';
import type { Size } from './geometry.js';
import { isObjectTask, type TaskName } from './task-name.js';

/** A token of the answer, for --logprobs. Natural logarithms. */
export interface ResultToken {
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
  readonly top?: readonly { readonly id: number; readonly text?: string; readonly logprob: number }[];
}

/** Milliseconds. */
export interface ResultTimings {
  readonly loadMs: number;
  readonly decodeMs: number;
  readonly visionMs: number;
  readonly prefillMs: number;
  readonly generateMs: number;
  readonly tokensPerSecond: number;
  /** Tokens that were guessed right and so came several in a run; absent where none were guessed. */
  readonly acceptedTokens?: number;
}

/** An input that failed, as in JSON results. */
export interface ResultError {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The frame of a video that a result is about. Times are seconds from the video's beginning. */
export interface ResultFrame {
  /** Number in the video, from 0. */
  readonly index: number;
  /** When it begins; the start of the part that was asked for, where it was shown then already. */
  readonly timeSeconds: number;
  /** Of one frame for each of several equal parts: where its part begins. */
  readonly startSeconds?: number;
  /** Where the next frame that was looked at begins, or its part; or the part of the video ends. */
  readonly endSeconds: number;
  /** Ids of the detections, in their order, that stay with an object from frame to frame. */
  readonly trackIds?: readonly number[];
  /** The frame hardly differs from the one with this number, whose answer was reused. */
  readonly sameAs?: number;
  /** Live input only: frames skipped since the previous result because a newer one arrived before their turn. */
  readonly dropped?: number;
}

/** What one input gave. Fields that do not apply are absent. render/ turns it into every output format. */
export interface TaskResult {
  /** As the user named it. */
  readonly input: string;
  readonly task: TaskName;
  readonly prompt: string;
  readonly model?: { readonly name: string; readonly dtype: Dtype; readonly device: Device };
  /** Size of the picture as shown, pixels. */
  readonly image?: Size;
  /** The readable answer of a text task: control characters removed, location tokens taken out. */
  readonly text?: string;
  /** The answer with its special tokens; control characters other than newline and tab removed. */
  readonly raw?: string;
  /** The answer was cut at the token limit. */
  readonly truncated?: boolean;
  /** Present whenever the answer holds location tokens or the task is detect or segment. */
  readonly detections?: readonly Detection[];
  readonly rejected?: readonly RejectedRecord[];
  /** Present when the input is a video and the result is about one of its frames. */
  readonly frame?: ResultFrame;
  readonly tokens?: readonly ResultToken[];
  readonly timings?: ResultTimings;
  readonly error?: ResultError;
}

/** Whether a result is a list of objects rather than a sentence. */
export function isObjectResult({ task, detections }: TaskResult): boolean {
  return detections !== undefined && (detections.length > 0 || isObjectTask(task));
}

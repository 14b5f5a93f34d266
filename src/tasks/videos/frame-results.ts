import { ObjectTracker } from '../../answers/track-objects.js';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import type { TaskOutput } from '../answers/task-output.js';
import type { Frame } from './choose-frame-steps.js';

/** A frame without its pixels, which may be gone. */
export type FrameMoment = Omit<Frame, 'image' | 'release'>;

/** A frame and its answer. */
export interface FrameOutcome {
  readonly frame: FrameMoment;
  /** Absent when the answer of the frame before is taken. */
  readonly output?: TaskOutput;
  /** Where pictures are handed on. */
  readonly image?: RgbImage;
}

/** One frame's result. */
export interface VideoTaskOutput extends TaskOutput {
  /** When a shot began, where one did at this frame or since the one before; seconds. */
  readonly cutSeconds?: number;
}

/** Completes the results of a video's frames with what only their order tells. */
export class FrameResults {
  readonly #tracker: ObjectTracker | undefined;
  #answered: TaskOutput | undefined;

  /** @param isTracked give detections ids that stay with an object. */
  constructor(isTracked: boolean) {
    this.#tracker = isTracked ? new ObjectTracker() : undefined;
  }

  /** The next frame, in their order. */
  add({ frame, output, image }: FrameOutcome): VideoTaskOutput {
    const { index, timeSeconds, cutSeconds, live } = frame;
    const answered = output ?? this.#answered;
    if (answered === undefined) throw new Error('The first frame has no answer of its own.');
    this.#answered = answered;
    const result = output === undefined ? withoutCosts(answered.result) : output.result;
    const source = answered.result.frame;
    const sameAs = source?.sameAs ?? (output === undefined ? source?.index : undefined);
    const trackIds = this.#tracker?.update(result.detections ?? [], timeSeconds, cutSeconds !== undefined);
    return {
      ...answered,
      result: {
        ...result,
        frame: {
          index,
          timeSeconds,
          endSeconds: live?.readEndSeconds() ?? frame.endSeconds,
          ...(trackIds && result.detections && { trackIds }),
          ...(sameAs !== undefined && { sameAs }),
          ...(live && { dropped: live.droppedBefore }),
        },
      },
      ...(image && { image }),
      ...(cutSeconds !== undefined && { cutSeconds }),
    };
  }
}

/** Nothing was spent on an answer that is taken again. */
function withoutCosts({ timings: _timings, tokens: _tokens, ...result }: TaskResult): TaskResult {
  return result;
}

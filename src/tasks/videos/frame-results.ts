import { ObjectTracker } from '../../answers/track-objects.js';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import type { TaskOutput } from '../answers/task-output.js';
import type { Frame } from './choose-frame-steps.js';

/** A frame without its pixels, which may have been released. */
export type FrameMoment = Omit<Frame, 'image' | 'release'>;

/** A frame and its answer. */
export interface FrameOutcome {
  readonly frame: FrameMoment;
  /** Absent if the previous frame's answer is reused. */
  readonly output?: TaskOutput;
  /** Present if pictures are passed on. */
  readonly image?: RgbImage;
}

/** One frame's result. */
export interface VideoTaskOutput extends TaskOutput {
  /** When a shot began, if one did at this frame or since the previous one; in seconds. */
  readonly cutSeconds?: number;
}

/** Adds to the results of a video's frames what depends on their order. */
export class FrameResults {
  readonly #tracker: ObjectTracker | undefined;
  #answered: TaskOutput | undefined;

  /** @param isTracked give detections ids that follow an object across frames. */
  constructor(isTracked: boolean) {
    this.#tracker = isTracked ? new ObjectTracker() : undefined;
  }

  /** Add the next frame; frames must come in order. */
  add({ frame, output, image }: FrameOutcome): VideoTaskOutput {
    const { index, timeSeconds, startSeconds, cutSeconds, live } = frame;
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
          ...(startSeconds !== undefined && { startSeconds }),
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

/** A reused answer cost nothing. */
function withoutCosts({ timings: _timings, tokens: _tokens, ...result }: TaskResult): TaskResult {
  return result;
}

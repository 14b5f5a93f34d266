import type { TaskResult } from '../../base/task-result.js';
import { sketchDifference, sketchFrame, type FrameSketch } from '../../video/frames/frame-difference.js';
import type { LiveFrame } from '../../video/frames/live-frames.js';
import type { VideoFrame } from '../../video/frames/sample-frames.js';

/** A frame of a file, or of live input. */
export type Frame = VideoFrame & Partial<Pick<LiveFrame, 'live'>>;

/**
 * What to do with a frame: ask about it, use its answer from the journal, or reuse the answer for the last frame asked
 * about.
 */
export interface FrameStep {
  readonly frame: Frame;
  readonly known?: TaskResult | undefined;
  /** Otherwise the answer is `known`, or that of the previous frame. */
  readonly isAsked: boolean;
}

/**
 * Decide for each frame whether to ask about it.
 * @param similarity skip a frame that differs by this or less from the last one asked about; when absent, ask about
 * all.
 * @param readKnown finds the answer of an earlier run about the frame with this number.
 */
export async function* chooseFrameSteps(
  frames: AsyncIterable<Frame>,
  similarity: number | undefined,
  readKnown: (index: number) => Promise<TaskResult | undefined> = async () => undefined,
): AsyncGenerator<FrameStep, void, undefined> {
  let asked: FrameSketch | undefined;
  for await (const frame of frames) {
    const known = await readKnown(frame.index);
    if (similarity === undefined) {
      yield { frame, known, isAsked: known === undefined };
      continue;
    }
    const sketch = sketchFrame(frame.image);
    const isSimilar =
      known === undefined && asked !== undefined && sketchDifference(sketch, asked) <= similarity;
    if (!isSimilar && known?.frame?.sameAs === undefined) asked = sketch;
    yield { frame, known, isAsked: known === undefined && !isSimilar };
  }
}

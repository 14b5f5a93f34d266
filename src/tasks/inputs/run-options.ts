import type { LastAnswers } from '../answers/last-answers.js';
import type { LocScale } from '../../answers/to-detections.js';
import type { ResultJournal } from '../journal/result-journal.js';
import type { StreamEvent } from '../../base/stream-event.js';
import type { SamplingOptions } from '../../engine/engine.js';

/** How to run a task. */
export interface RunOptions {
  readonly sampling: SamplingOptions;
  /** The task's own limit when absent. */
  readonly maxTokens?: number | undefined;
  /** Let the model produce only what the task's grammar allows. */
  readonly isConstrained: boolean;
  /** With `isConstrained`: allow objects to have names other than those asked for. */
  readonly isAnyLabel?: boolean | undefined;
  /** If the pictures are frames: the answers about earlier frames, which the next may resemble. */
  readonly lastAnswers?: LastAnswers | undefined;
  /** Report tokens with this many alternatives (0 to 20); no tokens when absent. */
  readonly alternatives?: number | undefined;
  readonly locScale: LocScale;
  /** Objects whose score is below this, 0 to 1, are left out; none when absent. */
  readonly minScore?: number | undefined;
  /** How many inputs are processed at the same time, 1 or more: some pictures are decoded while others are answered. */
  readonly jobs: number;
  /** Results that may wait for one before them while others are worked on; none when absent. */
  readonly spare?: number | undefined;
  /**
   * Answers for each input, 1 or more, each a separate result: the seeds are `sampling.seed` and those after it. One
   * when absent.
   */
  readonly answers?: number | undefined;
  /** Also ask about overlapping tiles, this many along the longer side of the picture; 1 or absent for none. */
  readonly tiles?: number | undefined;
  /**
   * Called at the start of each input, and with tokens and boxes as they arrive; not at the end: that is the result.
   */
  readonly onEvent?: ((event: StreamEvent) => void) | undefined;
  /** Answers of an earlier run: what is in it is not asked again, and new answers are added. */
  readonly journal?: ResultJournal | undefined;
  /** Return the decoded pictures with the results, for drawing on them. */
  readonly keepsImages: boolean;
  readonly signal: AbortSignal;
}

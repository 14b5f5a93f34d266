import type { RedactStyle } from '../../base/redact-style.js';
import type { SheetPage } from '../../base/sheet-page.js';
import type { LabelStyle } from '../../render/drawing/label-style.js';
import type { Sampling } from '../../base/video/sampling.js';

/** What to do with a video. */
export interface VideoOptions {
  readonly sampling: Sampling;
  /** Seconds from the video's beginning. */
  readonly startSeconds?: number | undefined;
  readonly endSeconds?: number | undefined;
  /** How long to analyse, as an alternative to `endSeconds`. */
  readonly durationSeconds?: number | undefined;
  /** Whether to drop frames that arrive faster than answers; depends on the kind of input when absent. */
  readonly isLive?: boolean | undefined;
  /** One prompt about this many frames, instead of one per frame. */
  readonly jointFrames?: number | undefined;
  /** One result with the different answers, instead of one per frame. */
  readonly isSummary: boolean;
  readonly isTracked: boolean;
  /** 0..1; see video/frames/frame-difference. */
  readonly similarity?: number | undefined;
  /** A video to write, with what was found drawn on it or hidden. */
  readonly annotate?: string | undefined;
  /** What is written at boxes; names when absent. */
  readonly labels?: LabelStyle | undefined;
  readonly redact?: RedactStyle | undefined;
  /** A picture of all frames analysed. */
  readonly contactSheet?: string | undefined;
  /** What that picture is for; a screen when absent. */
  readonly sheetPage?: SheetPage | undefined;
  /** Leave no copy or sheet of a video that the user stopped halfway. */
  readonly isWholeOrNothing?: boolean | undefined;
  /** Folders that are made with the copy or sheet in them; every other folder has to be there. */
  readonly foldersToMake?: readonly string[] | undefined;
}

import { ReaderGoneError } from '../../base/errors.js';
import { printablePath } from '../../render/printable-path.js';
import type { Inputs } from '../inputs/read-inputs.js';
import type { CommandCall } from '../options/command-definition.js';
import type { PictureOptions } from '../options/picture-options.js';
import { readText } from '../options/read-option.js';
import type { VideoCall } from '../options/video-options.js';
import type { BatchSummary } from './batch-summary.js';
import { describeStop } from './describe-stop.js';

/** A run that is over. */
export interface EndedRun {
  readonly summary: BatchSummary;
  readonly options: PictureOptions;
  readonly video: VideoCall;
  readonly inputs: Inputs;
  /** It was stopped, or failed. */
  readonly isCutShort: boolean;
  /** A later run can skip the pictures whose files are there. */
  readonly canSkip: boolean;
}

/**
 * Tell people who waited at a terminal what was done, or after Ctrl-C what is kept and how to go on. Logs get nothing.
 */
export function tellEnd(run: EndedRun, call: CommandCall): void {
  if (run.options.isQuiet || !process.stderr.isTTY || call.signal.reason instanceof ReaderGoneError) return;
  const isWatch = readText(call.options, 'watch') !== undefined;
  // Nothing but Ctrl-C ends the watching.
  if (!run.isCutShort || (isWatch && call.signal.aborted)) {
    if (run.summary.isBatch) process.stderr.write(`${describeEnd(run)}\n`);
  } else if (call.signal.aborted && !(run.inputs.isSingle && run.summary.done < 2)) {
    process.stderr.write(`${describeStopped(run, call).join('\n')}\n`);
  }
}

function describeEnd({ summary, options, video }: EndedRun): string {
  const { resume, output, overlay, masks, cutout, framesTo } = options;
  const { annotate, contactSheet } = video.options;
  const places = [output, overlay, masks, cutout, framesTo, annotate, contactSheet];
  return printablePath(
    summary.describe(
      places.filter((place) => place !== undefined),
      resume,
    ),
  );
}

function describeStopped({ summary, options, inputs, canSkip }: EndedRun, call: CommandCall): string[] {
  const stopped = {
    answered: summary.answered,
    kept: summary.kept,
    // How many frames a video has is not counted here.
    total: summary.hasVideo ? undefined : inputs.total,
    resume: options.resume,
    // In a folder a video that was stopped has no file.
    output: canSkip && summary.hasVideo ? undefined : options.output,
    canSkip,
    filesFrom: readText(call.options, 'filesFrom'),
  };
  return describeStop(stopped, process.argv.slice(2));
}

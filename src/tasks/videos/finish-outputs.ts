import type { RunOptions } from '../inputs/run-options.js';
import type { FrameOutput } from './run-video-task.js';
import { summarizeResults } from './summarize-results.js';
import type { TaskOutput } from '../answers/task-output.js';
import type { VideoOptions } from './video-options.js';
import { writeContactSheet } from './write-contact-sheet.js';

/** Whether frames' pictures must stay with their results. */
export function keepsImages({ contactSheet }: VideoOptions, options: RunOptions): boolean {
  return options.keepsImages || contactSheet !== undefined;
}

/** The results of all frames as the options ask: also on a contact sheet, or as one summary. */
export function finishOutputs(
  outputs: AsyncIterable<FrameOutput>,
  { contactSheet, isSummary }: VideoOptions,
): AsyncIterable<TaskOutput> {
  const shown = contactSheet === undefined ? outputs : writeContactSheet(outputs, contactSheet);
  return isSummary ? summarizeResults(shown) : shown;
}

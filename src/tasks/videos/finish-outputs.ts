import type { VideoTaskOutput } from './frame-results.js';
import { summarizeResults } from './summarize-results.js';
import type { TaskOutput } from '../answers/task-output.js';
import type { VideoOptions } from './video-options.js';
import { writeContactSheet } from './write-contact-sheet.js';

/** The results of all frames, as the options specify: also on a contact sheet, or as one summary. */
export function finishOutputs(
  outputs: AsyncIterable<VideoTaskOutput>,
  { contactSheet, sheetPage, isSummary, isWholeOrNothing = false, foldersToMake }: VideoOptions,
): AsyncIterable<TaskOutput> {
  const shown =
    contactSheet === undefined
      ? outputs
      : writeContactSheet(outputs, contactSheet, { isWholeOrNothing, foldersToMake, page: sheetPage });
  return isSummary ? summarizeResults(shown) : shown;
}

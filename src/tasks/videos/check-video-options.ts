import { UsageError } from '../../base/errors.js';
import { mayFindObjects } from '../../base/task-name.js';
import { imageFormatOf } from '../../image/draw/encode-image.js';
import { videoFormatOf } from '../../video/write/video-format.js';
import type { Task } from '../prompts/task.js';
import type { VideoOptions } from './video-options.js';

/**
 * Reject options that cannot be satisfied, before the model does any work.
 * @throws {UsageError} they contradict each other or the task, or name a file of an unknown kind.
 */
export function checkVideoOptions(
  options: VideoOptions,
  task: Pick<Task, 'name'>,
  hasJournal: boolean = false,
): void {
  const { annotate, redact, contactSheet, jointFrames, isSummary, isTracked } = options;
  if (!mayFindObjects(task.name) && (redact !== undefined || isTracked)) {
    throw new UsageError('OPTION_VALUE', '--redact and --track need objects.', {
      hint: 'Use them with: pali detect, pali segment or pali ask',
    });
  }
  const perFrame =
    [annotate, contactSheet].some((path) => path !== undefined) || hasJournal || isSummary || isTracked;
  if (jointFrames !== undefined && (perFrame || options.similarity !== undefined)) {
    throw new UsageError(
      'OPTION_VALUE',
      '--joint gives one answer for all frames, so other options about frames do not go with it.',
    );
  }
  if (annotate !== undefined) videoFormatOf(annotate);
  if (contactSheet !== undefined) imageFormatOf(contactSheet);
}

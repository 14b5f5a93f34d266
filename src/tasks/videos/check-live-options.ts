import { UsageError } from '../../base/errors.js';
import type { VideoOptions } from './video-options.js';

/**
 * Reject options that live input cannot satisfy: frames from another time, or frames read twice.
 * @throws {UsageError} with what to do instead.
 */
export function checkLiveOptions(options: VideoOptions, hasJournal: boolean = false): void {
  const { annotate, startSeconds, endSeconds, sampling, jointFrames, durationSeconds } = options;
  if (annotate !== undefined) {
    throw new UsageError('OPTION_VALUE', '--annotate reads a video twice, but live input comes only once.', {
      hint: 'Record it first: ffmpeg -i INPUT -t 30 -c copy clip.mkv',
    });
  }
  if (hasJournal) {
    throw new UsageError('OPTION_VALUE', '--resume continues a video, but live input is over by then.', {
      hint: 'Write results as they come: --format jsonl --output results.jsonl',
    });
  }
  if (startSeconds !== undefined || endSeconds !== undefined) {
    throw new UsageError('OPTION_VALUE', '--start and --end are for videos; live input begins now.', {
      hint: 'Say how long to look: --duration 30s',
    });
  }
  if ((sampling.kind === 'count' || jointFrames !== undefined) && durationSeconds === undefined) {
    throw new UsageError('OPTION_VALUE', 'Evenly spaced frames need a length, but live input has none.', {
      hint: 'Say how long to look: --duration 30s',
    });
  }
}

/**
 * The same for a video whose bytes arrive only once but wait for us.
 * @throws {UsageError}
 */
export function checkOnceOptions({ annotate, sampling, jointFrames }: VideoOptions): void {
  const needsLength = sampling.kind === 'count' || jointFrames !== undefined;
  if (annotate === undefined && !needsLength) return;
  const option = needsLength ? 'Evenly spaced frames need' : '--annotate needs';
  throw new UsageError('OPTION_VALUE', `${option} a video that can be read twice, and this one comes once.`, {
    hint: 'Name the file instead of sending it.',
  });
}

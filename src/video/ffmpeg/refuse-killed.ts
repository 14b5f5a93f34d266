import { EngineError } from '../../base/errors.js';
import type { FfmpegEnd } from './run-ffmpeg.js';

/**
 * Refuse to take what a killed ffmpeg gave for all there is.
 * @param what it was doing, as the end of a sentence.
 * @throws {EngineError} it was killed, or crashed.
 */
export function refuseKilled({ killedBy, error }: FfmpegEnd, what: string): void {
  if (killedBy === undefined) return;
  throw new EngineError('FFMPEG_KILLED', `ffmpeg was ended by ${killedBy} while it ${what}.`, {
    hint: 'Run it again. The system may have ended it because memory was short.',
    cause: error,
  });
}

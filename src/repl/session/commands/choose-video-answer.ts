import { extname } from 'node:path';
import { UsageError } from '../../../base/errors.js';
import type { SessionAnswer, SessionState } from '../state/session-state.js';

/** Endings of files that only answers about a whole video can be saved to: copies of it, and subtitles. */
const VIDEO_ENDINGS = ['.mp4', '.webm', '.gif', '.srt', '.vtt'];

/**
 * The answer for a file of a video when the last answer is not about one, as after a question about a single frame: the
 * last answer that is. Undefined when the file can hold any answer, or the last answer fits.
 *
 * @throws {UsageError} no answer is about a video.
 */
export function chooseVideoAnswer(
  { answers, lastAnswer }: Pick<SessionState, 'answers' | 'lastAnswer'>,
  path: string,
): SessionAnswer | undefined {
  const isLive = lastAnswer?.picture.video?.stream !== undefined;
  if (lastAnswer?.video !== undefined || isLive || !VIDEO_ENDINGS.includes(extname(path).toLowerCase()))
    return;
  const answer = answers.findLast(
    ({ video, picture }) => video !== undefined && picture.video?.stream === undefined,
  );
  if (answer !== undefined) return answer;
  throw new UsageError('COMMAND', `${path} is for a video, but no answer is about one.`, {
    hint: 'Ask about the whole video first (/video goes back to it), or let the name end in .png, .jpg, .webp or .svg.',
  });
}

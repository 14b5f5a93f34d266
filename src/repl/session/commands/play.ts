import { InputError, UsageError } from '../../../base/errors.js';
import { parseSeconds } from '../../../base/parse-seconds.js';
import { formatClock } from '../../../render/format-time.js';
import { askedThings } from '../../../render/drawing/asked-things.js';
import { playVideo } from '../play/play-video.js';
import { shownIn } from './picture-commands.js';
import { tell, type SessionCall } from './session-call.js';
import { needVideo } from './video-commands.js';
import { countNoun } from '../../../render/count-noun.js';

/** Play the open video, with what the last answers about it say. */
export async function play(call: SessionCall): Promise<void> {
  const { session, signal } = call;
  const { name, video } = needVideo(call);
  const { timeline, settings } = session.state;
  const { fromSeconds = video.place?.timeSeconds ?? 0, speed = 1 } = readPlay(call.words);
  const { durationSeconds } = video.info;
  if (durationSeconds !== undefined && fromSeconds >= durationSeconds) {
    throw new InputError('FRAME_MISSING', `${name} is ${formatClock(durationSeconds, 1)} long.`);
  }
  const screen = session.host.openPlayer?.(shownIn(settings));
  if (screen === undefined) {
    throw new UsageError('COMMAND', 'This terminal shows no pictures that move.', {
      hint: 'Save a copy with boxes instead: /save out.mp4',
    });
  }
  const answer = timeline?.info === video.info ? timeline : undefined;
  const labels = answer?.frames.flatMap(({ result }) => [
    ...askedThings(result),
    ...(result.detections ?? []).map(({ label }) => label),
  ]);
  const report = await playVideo(screen, video.info, {
    ...{ fromSeconds, speed, answer, signal },
    labels: [...new Set(labels)],
    now: () => session.host.now(),
  }).finally(() => screen.close());
  const left = report.dropped === 0 ? '' : `, ${report.dropped} left out as the terminal was busy`;
  const frames = countNoun(report.shown, 'frame');
  tell(call, `Played to ${formatClock(report.timeSeconds, 1)}: ${frames} shown${left}.`);
}

/** `/play`, `/play 0:07`, `/play 0.5x`, `/play 0:07 2x`. @throws {UsageError} */
function readPlay(words: readonly string[]): { fromSeconds?: number; speed?: number } {
  const read: { fromSeconds?: number; speed?: number } = {};
  for (const word of words) {
    const speed = /^(?:x(\d*\.?\d+)|(\d*\.?\d+)[x×])$/i.exec(word);
    const seconds = parseSeconds(word);
    if (speed !== null) read.speed = Number(speed[1] ?? speed[2]);
    else if (!Number.isNaN(seconds) && read.fromSeconds === undefined) read.fromSeconds = seconds;
    else if (/^\d*\.?\d+$/.test(word)) read.speed = Number(word);
    else throw wrong(word);
  }
  if (read.speed !== undefined && !(read.speed >= 0.1 && read.speed <= 16)) throw wrong(`${read.speed}x`);
  return read;
}

function wrong(word: string): UsageError {
  return new UsageError('COMMAND', `/play cannot start at, or be as fast as, '${word}'.`, {
    hint: 'Give a time and a speed from 0.1x to 16x: /play 0:07, /play 0.5x, /play 0:07 2x',
  });
}

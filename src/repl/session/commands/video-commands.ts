import { parseSeconds } from '../../../base/parse-seconds.js';
import { InputError, UsageError } from '../../../base/errors.js';
import { sampleTimes } from '../../../tasks/videos/sample-times.js';
import { takeFrame } from '../../../tasks/videos/take-frame.js';
import type { CommandAction, SessionCall } from './session-call.js';
import { openMedia } from '../prompts/open-media.js';
import { decimalsOf } from '../state/sample-decimals.js';
import { currentPicture, type OpenPicture, type VideoPicture } from '../state/session-state.js';
import { showVideo } from '../prompts/start-video.js';
import { untilAborted } from '../state/until-aborted.js';
import { samplingOf } from '../state/video-settings.js';
import type { FrameAnswer, Moment, MomentLook, OpenVideo, VideoAnswer } from '../state/video-state.js';

/** Two times less than this far apart are the same frame, seconds. */
const SAME_SECONDS = 0.001;

/** The commands that move around in a video. */
export const videoCommands = {
  video: async (call) => {
    const { session, words, line, signal } = call;
    if (words.length > 0) return void (await openMedia(session, words, line, signal));
    const { name, video } = needVideo(call);
    const whole = { name, ...video.poster, video: { ...video, place: undefined } };
    session.store.dispatch({ type: 'move', picture: whole });
    await showVideo(session, whole, line);
  },
  frame: async (call) => {
    const picture = needVideo(call);
    const [text] = call.words;
    const times = await timesOf(call, picture);
    await moveTo(call, picture, times, readPlace(text, times));
  },
} satisfies Record<string, CommandAction>;

/** Go to the next or previous sample of the current video. @returns false when the current picture is not a video. */
export async function turnInVideo(call: SessionCall, step: 1 | -1): Promise<boolean> {
  const picture = currentPicture(call.session.state);
  if (!isVideo(picture)) return false;
  const times = await timesOf(call, picture);
  refuseLive(picture);
  const { place } = picture.video;
  const now = place?.timeSeconds ?? -Infinity;
  const seconds =
    step === 1
      ? times.find((time) => time > now + SAME_SECONDS)
      : times.findLast((time) => time < times[(place?.number ?? 1) - 1] - SAME_SECONDS);
  if (seconds === undefined) {
    const end = step === 1 ? 'last' : 'first';
    throw new InputError('FRAME_MISSING', `That was the ${end} of ${times.length} samples.`, {
      hint:
        call.session.state.pictures.length > 1
          ? '/video goes back to the whole video, /open lists what else is open.'
          : '/video goes back to the whole video.',
    });
  }
  await moveTo(call, picture, times, seconds);
  return true;
}

async function moveTo(
  { session, line, signal }: SessionCall,
  { name, video }: VideoPicture,
  times: readonly number[],
  seconds: number,
): Promise<void> {
  const { info } = video;
  const frame = await untilAborted(takeFrame(info, seconds, signal), signal);
  const { index, timeSeconds, image, decodeMs, thumbnail } = frame;
  const number = Math.max(1, times.filter((time) => time <= timeSeconds + SAME_SECONDS).length);
  const endSeconds =
    times.find((time) => time > timeSeconds + SAME_SECONDS) ?? info.durationSeconds ?? timeSeconds;
  const place = { index, timeSeconds, endSeconds, number, total: times.length };
  const picture = { name, image, decodeMs, thumbnail, video: { ...video, place } };
  session.store.dispatch({ type: 'move', picture });
  const answer = findAnswer(session.state.timeline, info, timeSeconds);
  const { host, state } = session;
  const shown = await host.drawPicture(picture, answer?.result.detections ?? [], state.settings.preview);
  const position = `${number}/${times.length}`;
  session.addBlock({ type: 'picture', line, picture, position, shown, moment: answer && toMoment(answer) });
}

/** What the last answers about this video say about the frame at this time. */
function findAnswer(
  timeline: VideoAnswer | undefined,
  info: OpenVideo['info'],
  timeSeconds: number,
): FrameAnswer | undefined {
  if (timeline?.info !== info) return undefined;
  return timeline.frames.find(
    ({ result }) => Math.abs((result.frame?.timeSeconds ?? -1) - timeSeconds) < SAME_SECONDS,
  );
}

function toMoment({ result }: FrameAnswer): { moment: Moment; look: MomentLook } {
  const seconds = result.frame?.timeSeconds ?? 0;
  const decimals = decimalsOf(seconds);
  const labels = (result.detections ?? []).map(({ label }) => label);
  return {
    moment: { results: [result], startSeconds: seconds, lastSeconds: seconds },
    look: { decimals, timeColumns: 0, labels },
  };
}

function readPlace(text: string, times: readonly number[]): number {
  if (/^\d+$/.test(text)) {
    const seconds = times[Number(text) - 1];
    if (seconds !== undefined) return seconds;
    throw new UsageError('COMMAND', `There is no sample ${text}.`, {
      hint: `They are 1 to ${times.length}; a time is written as 0:07 or 7.5s.`,
    });
  }
  const seconds = parseSeconds(text);
  if (!Number.isNaN(seconds)) return seconds;
  throw new UsageError('COMMAND', `/frame cannot go to '${text}'.`, {
    hint: 'Give the number of a sample, from 1, or a time such as 0:07 or 7.5s.',
  });
}

async function timesOf(
  { session, signal }: SessionCall,
  { video }: VideoPicture,
): Promise<readonly number[]> {
  const work = sampleTimes(video.info, samplingOf(session.state.settings), signal);
  return untilAborted(work, signal);
}

/** The current video, or the one that was current last. @throws {InputError} */
export function needVideo({ session }: SessionCall): VideoPicture {
  const { state } = session;
  const picture = isVideo(currentPicture(state)) ? currentPicture(state) : state.pictures.findLast(isVideo);
  if (isVideo(picture)) return refuseLive(picture);
  throw new InputError('NO_VIDEO', 'No video is open.', { hint: 'Open one with: /video PATH' });
}

/** @throws {InputError} it is live. */
function refuseLive(picture: VideoPicture): VideoPicture {
  if (picture.video.stream === undefined) return picture;
  throw new InputError('NO_VIDEO', `${picture.name} is live: it has no frames to go to.`, {
    hint: 'A line such as detect cat looks at its newest frames until Esc.',
  });
}

function isVideo(picture: OpenPicture | undefined): picture is VideoPicture {
  return picture?.video !== undefined;
}

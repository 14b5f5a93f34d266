import { InputError } from '../../../base/errors.js';
import { limitConcurrency } from '../../../base/semaphore.js';
import type { VideoInfo } from '../../../base/video/video-info.js';
import { plannedTimes } from '../../../tasks/videos/sample-times.js';
import { shrinkFrame, takeFrame, type PreparedFrame } from '../../../tasks/videos/take-frame.js';
import { pickEvenly } from './even-sampler.js';
import { decimalsOf } from '../state/sample-decimals.js';
import type { Session } from '../state/session.js';
import type { OpenPicture, VideoBlock } from '../state/session-state.js';
import { untilAborted } from '../state/until-aborted.js';
import { samplingOf, type VideoSettings } from '../state/video-settings.js';
import type { StripFrame } from '../state/video-state.js';
import { countNoun } from '../../../render/count-noun.js';

/** Processes that look for frames at the same time. */
const SEEKS = 2;

/**
 * Get what is shown of a video: its first frame, and some evenly spaced ones where the terminal shows a strip.
 *
 * @throws {InputError} the first frame cannot be decoded. {ToolMissingError} {CancelledError}
 */
export async function startVideo(
  session: Session,
  { info, path, name }: { readonly info: VideoInfo; readonly path: string; readonly name: string },
  line: string | undefined,
  signal: AbortSignal,
): Promise<OpenPicture> {
  const { run, settings } = session.state;
  session.store.dispatch({
    type: 'run',
    run: {
      ...{ line: line ?? '', isObjectTask: false, ...run, step: 'opening the video' },
      opening: describeVideo({ name, info }, settings),
    },
  });
  const times = stripTimes(info, settings, session.host.stripLength(settings.preview));
  const limit = limitConcurrency(SEEKS);
  const [first, ...others] = times.map((seconds) => limit(() => takeFrame(info, seconds, signal)));
  for (const frame of others) frame.catch(() => undefined);
  const { image, decodeMs, thumbnail } = await untilAborted(first, signal);
  const frames = await untilAborted(Promise.all([first, ...others].map(toStripFrame)), signal);
  const poster = { image, decodeMs, thumbnail };
  const strip = frames.filter((frame) => frame !== undefined);
  return { ...poster, name, video: { info, path, poster, strip } };
}

/** Show the whole video in a block: what it is, how it is sampled, its strip. */
export async function showVideo(
  session: Session,
  picture: OpenPicture,
  line: string | undefined,
  strip: readonly StripFrame[] = picture.video?.strip ?? [],
): Promise<void> {
  const { host, state } = session;
  const { settings } = state;
  const { video } = picture;
  if (video === undefined) return;
  const decimals = Math.max(0, ...strip.map(({ timeSeconds }) => decimalsOf(timeSeconds)));
  const labels = strip.flatMap(({ detections }) => detections.map(({ label }) => label));
  const shown = await host.drawStrip(strip, { decimals, labels }, settings.preview);
  session.addBlock({
    ...describeVideo({ name: picture.name, info: video.info }, settings),
    ...{ line, strip: shown },
  });
}

/** What it is, and how it is sampled, without its frames. */
function describeVideo(
  { name, info }: { readonly name: string; readonly info: VideoInfo },
  settings: VideoSettings,
): VideoBlock {
  const isLive = info.durationSeconds === undefined;
  const isUsual = samplingOf(settings).kind === 'every' && settings.framesPerSecond === 1;
  const samples = isLive ? describeLive(settings) : describeSamples(info, settings);
  return { type: 'video', name, info, samples, hint: `change with /set fps ${isUsual ? 2 : 1}` };
}

/** Frames come as they come where their number or shots would choose them. */
function describeLive(settings: VideoSettings): string {
  return samplingOf(settings).kind === 'every' ? `live, looked at ${settings.framesPerSecond} fps` : 'live';
}

/** `8 samples at 1 fps`. */
function describeSamples(info: VideoInfo, settings: VideoSettings): string {
  const sampling = samplingOf(settings);
  if (sampling.kind === 'scenes') return 'a sample for each shot';
  const count = plannedTimes(info, sampling)?.length ?? 1;
  const samples = countNoun(count, 'sample');
  return sampling.kind === 'every' ? `${samples} at ${settings.framesPerSecond} fps` : samples;
}

/** Sample times from the first to the last; if only decoding can tell them, times that divide the video evenly. */
function stripTimes(info: VideoInfo, settings: VideoSettings, length: number): readonly number[] {
  const even = { kind: 'count', count: Math.max(1, length) } as const;
  const times = plannedTimes(info, samplingOf(settings)) ?? plannedTimes(info, even) ?? [];
  return [0, ...pickEvenly(times, Math.max(1, length)).slice(1)];
}

/** @returns undefined when the frame does not exist: sound may last longer than the picture. */
async function toStripFrame(work: Promise<PreparedFrame>): Promise<StripFrame | undefined> {
  try {
    const { timeSeconds, thumbnail, image } = await work;
    const { width, height } = image;
    return { timeSeconds, image: await shrinkFrame(thumbnail), detections: [], size: { width, height } };
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

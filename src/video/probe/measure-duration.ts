import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.js';
import { toolEnvironment } from '../ffmpeg/tool-environment.js';
import { cleanSeconds } from './clean-seconds.js';
import type { VideoInfo } from '../../base/video/video-info.js';

/** Times that go back by more than this begin anew; less is a decoder's disorder. Seconds. */
export const JUMP_BACK_SECONDS = 0.5;
/** In a broadcast stream, times that go on by more than this do so as well: nothing is sent meanwhile. */
export const JUMP_ON_SECONDS = 10;

/** Streams as they are broadcast: two can be joined end to end, each with times of its own, and no header knows it. */
export function isBroadcastStream({ container }: Pick<VideoInfo, 'container'>): boolean {
  return /^(mpegts|mpeg)$/.test(container);
}

/** It is on this machine, where it costs little to read it once more. */
export function isFile({ source }: Pick<VideoInfo, 'source'>): boolean {
  return source.address.startsWith('file:');
}

/** What the packets of a video say. */
export interface Timeline {
  /** From the first frame to the end of the last, with times that begin anew going on where those before ended. */
  readonly durationSeconds: number | undefined;
  /** Times nowhere begin anew. */
  readonly isSteady: boolean;
}

/**
 * The same video with its length, read from its packets where the header does not say it, or cannot know it; without,
 * where the packets have no times either, or its bytes come only once. Reads the whole file.
 */
export async function measureDuration(video: VideoInfo, signal?: AbortSignal): Promise<VideoInfo> {
  const isKnown = video.durationSeconds !== undefined && !(isBroadcastStream(video) && isFile(video));
  if (isKnown || video.source.bytes !== undefined) return video;
  const { durationSeconds } = await readTimeline(video, signal);
  return durationSeconds === undefined ? video : { ...video, durationSeconds };
}

/** Read the times of all packets. Reads the whole file, but decodes nothing. */
export async function readTimeline(video: VideoInfo, signal?: AbortSignal): Promise<Timeline> {
  const { ffprobePath } = await findFfmpeg();
  const { inputOptions, address, env } = video.source;
  const packets = ['-select_streams', String(video.streamIndex), '-show_entries', 'packet=pts_time,dts_time'];
  const child = spawn(ffprobePath, ['-v', 'error', ...inputOptions, '-of', 'csv=p=0', ...packets, address], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: toolEnvironment(env),
    windowsHide: true,
    killSignal: 'SIGKILL',
    ...(signal && { signal }),
  });
  const ended = once(child, 'close').catch(() => undefined);
  const frameSeconds = 1 / video.framesPerSecond;
  const jumpOn = isBroadcastStream(video) ? JUMP_ON_SECONDS : Infinity;
  let [added, before, last] = [0, NaN, -Infinity];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [pts = NaN, dts = NaN] = line.split(',').map(Number.parseFloat);
      const at = Number.isNaN(dts) ? pts : dts;
      if (Number.isNaN(at)) continue;
      if (at + added < before - JUMP_BACK_SECONDS || at + added > before + jumpOn) {
        added = before + frameSeconds - at;
      }
      before = at + added;
      last = Math.max(last, (Number.isNaN(pts) ? at : pts) + added);
    }
    await ended;
  } finally {
    child.kill('SIGKILL');
  }
  const seconds = cleanSeconds(last - video.startSeconds + frameSeconds);
  const durationSeconds = seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
  return { durationSeconds, isSteady: added === 0 };
}

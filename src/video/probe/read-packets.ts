import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pipeline } from 'node:stream';
import { createInterface } from 'node:readline';
import type { VideoInfo } from '../../base/video/video-info.js';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.js';
import { toolEnvironment } from '../ffmpeg/tool-environment.js';

/** Times that go back by more than this begin anew; less is a decoder's disorder. Seconds. */
export const JUMP_BACK_SECONDS = 0.5;
/** In a broadcast stream, times that go on by more than this do so as well: nothing is sent meanwhile. */
export const JUMP_ON_SECONDS = 10;

/** Streams as they are broadcast: two can be joined end to end, each with times of its own, and no header knows it. */
export function isBroadcastStream({ container }: Pick<VideoInfo, 'container'>): boolean {
  return /^(mpegts|mpeg)$/.test(container);
}

/** One packet of a video's pictures, in the order in which they are stored. */
export interface PacketTime {
  /** When its picture is shown, in the file's own time; times that begin anew go on where those before ended. */
  readonly shownSeconds: number;
  /** When it is decoded. */
  readonly decodedSeconds: number;
  /** What was added to its times, as they began anew. */
  readonly addedSeconds: number;
}

/**
 * Read when a video's pictures are shown, without decoding any; those that an edit list hides are left out.
 * @param interval a part in ffprobe's words, such as `5%7`, in the file's own time; reading begins at a key frame
 * before.
 */
export async function* readPackets(
  video: VideoInfo,
  {
    interval,
    signal,
  }: { readonly interval?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<PacketTime, void, undefined> {
  const { ffprobePath } = await findFfmpeg();
  const { inputOptions, address, env, bytes } = video.source;
  const part = interval === undefined ? [] : ['-read_intervals', interval];
  const entries = ['-show_entries', 'packet=pts_time,dts_time,flags'];
  const packets = ['-select_streams', String(video.streamIndex), ...part, ...entries];
  const child = spawn(ffprobePath, ['-v', 'error', ...inputOptions, '-of', 'csv=p=0', ...packets, address], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: toolEnvironment(env),
    windowsHide: true,
    killSignal: 'SIGKILL',
    ...(signal && { signal }),
  });
  const ended = once(child, 'close').catch(() => undefined);
  if (bytes === undefined) child.stdin.on('error', () => undefined).end();
  else pipeline(bytes.peek(), child.stdin, () => undefined);
  const frameSeconds = 1 / video.framesPerSecond;
  const jumpOn = isBroadcastStream(video) ? JUMP_ON_SECONDS : Infinity;
  let [added, before, latest] = [0, NaN, -Infinity];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [ptsText = '', dtsText = '', flags = ''] = line.split(',');
      const [pts, dts] = [Number.parseFloat(ptsText), Number.parseFloat(dtsText)];
      const at = Number.isNaN(dts) ? pts : dts;
      if (Number.isNaN(at)) continue;
      const shown = Number.isNaN(pts) ? at : pts;
      if (at + added < before - JUMP_BACK_SECONDS || at + added > before + jumpOn) {
        // As the filters do, which see pictures in the order in which they are shown.
        added = latest + frameSeconds - shown;
      }
      before = at + added;
      latest = Math.max(latest, shown + added);
      if (flags.includes('D')) continue;
      yield { shownSeconds: shown + added, decodedSeconds: before, addedSeconds: added };
    }
    await ended;
  } finally {
    child.kill('SIGKILL');
  }
}

import type { FfmpegTools } from '../ffmpeg/find-ffmpeg.js';
import { keepFrameTimes, type FrameFilters } from './frame-filters.js';
import { FrameLog } from './frame-log.js';
import { readPictures } from './read-pictures.js';
import { steadyOptions } from './steady-frames.js';
import { runFfmpeg, type FfmpegEnd } from '../ffmpeg/run-ffmpeg.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { openSource } from '../source/video-source.js';
import { onAbort } from '../../base/signals/on-abort.js';

/** One run of ffmpeg over a video. */
export interface DecodeJob {
  readonly tools: FfmpegTools;
  readonly video: VideoInfo;
  readonly filters: FrameFilters;
  /** Where to begin, as options before the input. */
  readonly seekOptions?: readonly string[];
  /** Hand each picture on at once, with times that ffmpeg puts right where the sender's clock jumps. */
  readonly isLive?: boolean;
  /** End after this many pictures. */
  readonly frameCount?: number | undefined;
  /** Pictures that may be overwritten. */
  readonly spare: Uint8Array[];
  readonly signal?: AbortSignal | undefined;
}

/** A running process. */
export interface Decoding {
  /** RGB, of the video's size, as the filters give them. */
  readonly pictures: AsyncIterable<Uint8Array>;
  /** Their times. */
  readonly log: FrameLog;
  /** Settles when ffmpeg is gone; never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  /** Ask ffmpeg to end; what it has decoded so far still comes. */
  readonly stop: () => void;
  /** End it early, or make sure that it has ended. */
  readonly close: () => Promise<void>;
}

/** Start to decode. Pictures are produced as they are read; `close` must be called. */
export function startDecoding(job: DecodeJob): Decoding {
  const { tools, video, filters, seekOptions = [], isLive = false, frameCount, spare, signal } = job;
  const log = new FrameLog(filters);
  const run = runFfmpeg({
    tools,
    inputs: [
      {
        source: openSource(video.source),
        options: [
          ...video.source.inputOptions,
          ...(isLive ? [] : ['-copyts']),
          ...seekOptions,
          ...steadyOptions(video),
          ...alphaDecoder(video),
        ],
      },
    ],
    outputOptions: [
      ...['-map', `0:${video.streamIndex}`, '-an', '-sn', '-dn', '-vf', filters.graph],
      ...keepFrameTimes(tools),
      ...(frameCount === undefined ? [] : ['-frames:v', String(frameCount)]),
      ...['-f', 'rawvideo'],
      // Otherwise the end of a frame waits for the beginning of the next.
      ...(isLive ? ['-flush_packets', '1'] : []),
    ],
    env: video.source.env,
    onLine: (line) => log.addLine(line),
  });
  void run.ended.then(() => log.end());
  const stopListening = onAbort(signal, run.stop);
  return {
    pictures: readPictures(run.stdout, video, spare),
    log,
    ended: run.ended,
    stop: run.stop,
    close: async () => {
      stopListening();
      run.stop();
      run.stdout.destroy();
      await run.ended;
    },
  };
}

/** ffmpeg's own decoders of VP8 and VP9 leave transparency out. */
function alphaDecoder({ hasAlpha, codec }: VideoInfo): string[] {
  if (!hasAlpha || (codec !== 'vp8' && codec !== 'vp9')) return [];
  return ['-c:v', codec === 'vp8' ? 'libvpx' : 'libvpx-vp9'];
}

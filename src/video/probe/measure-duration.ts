import { cleanSeconds } from './clean-seconds.js';
import { isBroadcastStream, readPackets } from './read-packets.js';
import type { VideoInfo } from '../../base/video/video-info.js';

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
  let [added, last] = [0, -Infinity];
  for await (const { shownSeconds, addedSeconds } of readPackets(video, { signal })) {
    added = addedSeconds;
    last = Math.max(last, shownSeconds);
  }
  const seconds = cleanSeconds(last - video.startSeconds + 1 / video.framesPerSecond);
  const durationSeconds = seconds > 0 && Number.isFinite(seconds) ? seconds : undefined;
  return { durationSeconds, isSteady: added === 0 };
}

import { InputError } from '../../base/errors.js';
import type { VideoInfo } from '../../base/video/video-info.js';
import { shrinkImage } from '../../image/resize/shrink-image.js';
import { takeLiveFrames } from '../../video/frames/live-frames.js';
import { probeSource } from '../../video/probe/probe-video.js';
import { addressInput, cameraInput } from './media-input.js';
import { THUMBNAIL_PIXELS, type PreparedPicture } from './open-picture.js';
import type { VideoStream } from './video-stream.js';

/** Live input that was found to give pictures. It is opened again for each task. */
export interface LiveInput {
  readonly stream: VideoStream;
  readonly info: VideoInfo;
  /** The first frame. */
  readonly poster: PreparedPicture;
}

/** Whether a name is that of a camera, or an rtsp address. */
export function isLiveName(name: string): boolean {
  return cameraInput(name) !== undefined || /^rtsps?:\/\//i.test(name);
}

/**
 * Open a camera of this machine, or an rtsp address, and look at its first frame.
 *
 * @throws {InputError} there is none, it gives no picture, or its address is private. {ToolMissingError}
 * @throws {CancelledError} `signal` was aborted.
 */
export async function openLive(
  name: string,
  { allowsPrivate, signal }: { readonly allowsPrivate: boolean; readonly signal: AbortSignal },
): Promise<LiveInput> {
  const input = cameraInput(name) ?? addressInput(name, { allowsPrivate });
  const stream = await input.open?.(signal);
  if (stream === undefined || !('liveness' in stream)) {
    throw new InputError('VIDEO_UNREADABLE', `${input.name} is not live input.`);
  }
  const startedAt = performance.now();
  const { source, close } = await stream.open(signal);
  try {
    const info = await probeSource(source, signal);
    const plan = { sampling: { kind: 'all' }, findsCuts: false } as const;
    for await (const { image } of takeLiveFrames(info, plan, { signal, onDrop: () => undefined })) {
      const decodeMs = performance.now() - startedAt;
      const kept = { ...image, data: image.data.slice() };
      return {
        stream,
        info,
        poster: { image: kept, decodeMs, thumbnail: await shrinkImage(kept, THUMBNAIL_PIXELS) },
      };
    }
    throw new InputError('VIDEO_NO_FRAMES', `${source.name} gave no frame.`);
  } finally {
    await close();
  }
}

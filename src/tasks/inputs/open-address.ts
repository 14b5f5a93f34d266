import type { Readable } from 'node:stream';
import { InputError } from '../../base/errors.js';
import { cameraSource } from '../../video/source/camera-source.js';
import { HEAD_BYTES, nameDemuxer } from '../../video/source/name-demuxer.js';
import { httpSource, printableAddress, rtspSource } from '../../video/source/network-source.js';
import { OnceStream } from '../../video/source/once-stream.js';
import { streamSource } from '../../video/source/video-source.js';
import { hasIndexAtEnd } from '../../video/source/has-index-at-end.js';
import { fetchMedia, STALL_MS, type FetchedMedia } from '../../net/fetch-media.js';
import { createMediaClient } from '../../net/media-client.js';
import { openMediaRelay } from '../../net/media-relay.js';
import { isPictureUrl } from '../../net/is-http-url.js';
import { openRtspRelay } from '../../net/rtsp/rtsp-relay.js';
import { checkPublicHost } from '../../net/public-address.js';
import type { VideoStream } from './video-stream.js';

/**
 * Open an http, https, rtsp or rtsps address.
 * @throws {InputError} nothing is there, it is neither a picture nor a video, or it is private. {NetworkError}
 */
export async function openAddress(
  address: string,
  { allowsPrivate, signal }: { readonly allowsPrivate: boolean; readonly signal: AbortSignal },
): Promise<Uint8Array | VideoStream> {
  if (!isPictureUrl(address)) return openRtsp(address, allowsPrivate);
  const media = await fetchMedia(address, { allowsPrivate, signal });
  if (media.kind === 'picture') return media.bytes;
  return openHttp(address, media, allowsPrivate);
}

/** A camera. @throws {InputError} the name is not a camera's. */
export function openCamera(name: string): VideoStream {
  const source = cameraSource(name);
  if (source === undefined) throw new InputError('CAMERA_MISSING', `${name} is not a camera.`);
  return { liveness: 'live', open: async () => ({ source, close: () => Promise.resolve() }) };
}

/**
 * A video that arrives as bytes, recognised by the first of them; otherwise all the bytes, to be read as a picture.
 * @param isFile they come from a file, and wait for us.
 * @throws {InputError} it is a video that cannot be read from front to back.
 */
export async function recogniseBytes(
  bytes: Readable,
  { name, isFile }: { readonly name: string; readonly isFile: boolean },
): Promise<Readable | VideoStream> {
  const stream = new OnceStream(bytes as AsyncIterable<Uint8Array>);
  const head = await stream.readHead(HEAD_BYTES);
  const demuxer = nameDemuxer(head);
  if (demuxer === undefined) return stream.take();
  if (hasIndexAtEnd(head)) {
    throw new InputError('VIDEO_NOT_STREAMABLE', `${name} is a video whose index is at its end.`, {
      hint: 'Name the file instead, or put its index in front: ffmpeg -i IN.mp4 -c copy -movflags +faststart OUT.mp4',
    });
  }
  const close = async (): Promise<void> => void bytes.destroy();
  const source = streamSource(name, stream, { isLive: !isFile, demuxer });
  return { liveness: isFile ? 'file' : 'live', open: async () => ({ source, close }) };
}

async function openRtsp(address: string, allowsPrivate: boolean): Promise<VideoStream> {
  if (!URL.canParse(address)) {
    throw new InputError('URL_UNREADABLE', `${printableAddress(address)} is not an address.`);
  }
  if (!allowsPrivate) await checkPublicHost(new URL(address).hostname);
  return {
    liveness: 'live',
    open: async () => {
      const relay = await openRtspRelay(address, { allowsPrivate });
      return { source: rtspSource(address, relay), close: relay.close };
    },
  };
}

function openHttp(
  address: string,
  { isHls, hasKnownSize }: Extract<FetchedMedia, { kind: 'video' }>,
  allowsPrivate: boolean,
): VideoStream {
  return {
    liveness: isHls || !hasKnownSize ? 'endless' : 'file',
    open: async (signal) => {
      const client = createMediaClient({ allowsPrivate, stallMs: STALL_MS, keepsConnections: true });
      const relay = await openMediaRelay(client, { url: address, isHls, signal });
      return { source: httpSource(address, relay), close: relay.close };
    },
  };
}

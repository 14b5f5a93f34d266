import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { showName } from '../../base/show-name.js';
import type { VideoSource } from '../../base/video/video-info.js';
import type { OnceStream } from './once-stream.js';

/**
 * Microseconds of live input that ffmpeg examines before it starts; its default is 5 s, and ffprobe spends it again.
 */
const ANALYSIS_US = '2000000';

/** So that a file of sound alone is known as that; none of them opens other files. */
const SOUND_DEMUXERS = 'mov,wav,mp3,flac,aac,ogg';

/**
 * A video file. What reads it is chosen by its bytes (nameDemuxer); undefined for a file that may be sound. The prefix
 * keeps a name that begins with a dash, or looks like `http:` or `concat:`, a name; the list of protocols keeps a
 * playlist from reaching into the network.
 */
export function fileSource(path: string, demuxer: string | undefined): VideoSource {
  return {
    name: showName(path) || basename(path),
    address: `file:${path}`,
    inputOptions: [
      ...['-protocol_whitelist', 'file'],
      ...(demuxer === undefined ? ['-format_whitelist', SOUND_DEMUXERS] : ['-f', demuxer]),
    ],
  };
}

/**
 * Bytes that come once, such as standard input. Files named in them (as in a playlist) are not opened.
 * @param isLive they arrive in real time: whatever ffmpeg examines before it starts is time spent waiting.
 */
export function streamSource(
  name: string,
  bytes: OnceStream,
  { isLive, demuxer }: { readonly isLive: boolean; readonly demuxer: string },
): VideoSource {
  const inputOptions = [
    '-protocol_whitelist',
    'pipe',
    '-f',
    demuxer,
    ...(isLive ? ['-analyzeduration', ANALYSIS_US] : []),
  ];
  return { name, address: 'pipe:0', inputOptions, bytes };
}

/** What to pass to ffmpeg as its input. Bytes can be passed only once. */
export function openSource({ address, bytes }: VideoSource): string | Readable {
  return bytes === undefined ? address : bytes.take();
}

import { InputError, NetworkError, type PaliError } from '../../base/errors.js';
import { hidePassword } from '../../base/hide-password.js';
import { showName } from '../../base/show-name.js';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.js';
import type { VideoSource } from '../../base/video/video-info.js';

/** Silence for this long ends it, microseconds as in ffmpeg's options. */
const STALL_US = '20000000';

/**
 * What ffmpeg may open for an address of http or https, or because a playlist there names it: never a file, nor
 * another program's pipe. `crypto` decrypts what came over these, `data` is in the playlist itself.
 */
const HTTP_PROTOCOLS = 'http,https,tcp,tls,httpproxy,crypto,data';
/**
 * Playlists, and what they and servers give: a list of files to join, a pattern of names or a description of a session
 * would have ffmpeg open other things.
 */
const HTTP_DEMUXERS = [
  ...[
    'hls',
    'applehttp',
    'dash',
    'mov',
    'mp4',
    'matroska',
    'webm',
    'mpegts',
    'mpeg',
    'mpegvideo',
    'flv',
    'avi',
  ],
  ...['ogg', 'asf', 'mxf', 'h264', 'hevc', 'ivf', 'mpjpeg', 'mjpeg', 'aac', 'ac3', 'eac3', 'mp3', 'webvtt'],
].join(',');
const RTSP_PROTOCOLS = 'rtsp,rtsps,rtp,srtp,udp,tcp,tls';

/** How to reach an address. */
export interface NetworkSourceOptions {
  /** A proxy that every connection has to go through. */
  readonly proxyUrl?: string | undefined;
  /** Why a connection was refused, if one was. */
  readonly findRefusal?: (() => PaliError | undefined) | undefined;
}

/** A video, a playlist (HLS, DASH) or an endless stream at an address of http or https. */
export function httpSource(url: string, { proxyUrl, findRefusal }: NetworkSourceOptions = {}): VideoSource {
  const name = printableAddress(url);
  return {
    name,
    address: url,
    inputOptions: [
      '-format_whitelist',
      HTTP_DEMUXERS,
      '-protocol_whitelist',
      HTTP_PROTOCOLS,
      '-rw_timeout',
      STALL_US,
    ],
    // An exception for some hosts would lead past the proxy.
    ...(proxyUrl === undefined ? {} : { env: { http_proxy: proxyUrl, no_proxy: '' } }),
    explain: (log) => findRefusal?.() ?? explainConnection(name, log),
  };
}

/** A camera or server that speaks RTSP: over TCP where it can, as UDP loses packets and rarely passes a router. */
export async function rtspSource(url: string): Promise<VideoSource> {
  const name = printableAddress(url);
  const { version } = await findFfmpeg();
  // Before 5.0 `timeout` meant to wait for a call.
  const timeout = version[0] >= 5 ? '-timeout' : '-stimeout';
  return {
    name,
    address: url,
    inputOptions: [
      ...['-f', 'rtsp', '-protocol_whitelist', RTSP_PROTOCOLS, '-rtsp_flags', 'prefer_tcp'],
      ...[timeout, STALL_US],
    ],
    explain: (log) => explainConnection(name, log),
  };
}

/** The address as messages and results show it. */
export function printableAddress(url: string): string {
  return showName(hidePassword(url));
}

function explainConnection(name: string, log: string): PaliError | undefined {
  if (/ 40[13] |401 Unauthorized|403 Forbidden/.test(log)) {
    return new InputError('URL_UNREADABLE', `${name} may not be read: it asks for a name and a password.`, {
      hint: 'For cameras they go into the address: rtsp://NAME:PASSWORD@HOST/PATH',
    });
  }
  if (/404 |Server returned 4/.test(log)) {
    return new InputError('URL_UNREADABLE', `There is nothing at ${name}.`, { hint: 'Check the address.' });
  }
  if (/timed out|Operation timed out|ETIMEDOUT|Connection timed out|Immediate exit/i.test(log)) {
    return new NetworkError('URL_TIMEOUT', `${name} sent nothing for ${Number(STALL_US) / 1e6} s.`, {
      hint: 'Check the address and the connection.',
    });
  }
  if (
    /Connection refused|No route to host|Network is unreachable|Failed to resolve|Server returned 5/.test(log)
  ) {
    return new NetworkError('URL_FAILED', `${name} cannot be reached.`, {
      hint: 'Check the address and the connection.',
    });
  }
  if (/moov atom not found|partial file/.test(log)) {
    return new InputError('VIDEO_TRUNCATED', `${name} cannot be read from where its index is: at its end.`, {
      hint: 'It is incomplete, or its server gives no parts of files. Download it first.',
    });
  }
  return undefined;
}

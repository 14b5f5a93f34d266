import { InputError, NetworkError, type PaliError } from '../../base/errors.js';
import { hidePassword } from '../../base/hide-password.js';
import { showName } from '../../base/show-name.js';
import type { VideoSource } from '../../base/video/video-info.js';

/** Silence for this long ends it, microseconds as in ffmpeg's options. */
const STALL_US = '20000000';

/** ffmpeg speaks to this program alone, which passes on what it asked for. */
const HTTP_PROTOCOLS = 'http,tcp';
/** What reads nothing but its own bytes. */
const PLAIN_DEMUXERS = [
  ...['mov', 'mp4', 'matroska', 'webm', 'mpegts', 'mpeg', 'mpegvideo', 'flv', 'avi', 'ogg', 'asf', 'mxf'],
  ...['h264', 'hevc', 'ivf', 'mpjpeg', 'mjpeg', 'aac', 'ac3', 'eac3', 'mp3', 'webvtt'],
].join(',');
/** How to reach a video at an address, by way of this program. */
export interface RelayedSource {
  /** What ffmpeg opens. */
  readonly address: string;
  /** A proxy that every connection has to go through. */
  readonly proxyUrl: string;
  /** It comes from front to back only. */
  readonly isSequential: boolean;
  readonly durationSeconds?: number | undefined;
  /** Why something could not be read, if that happened. */
  readonly findFailure: () => PaliError | undefined;
}

/** A video, a playlist of HLS or an endless stream at an address of http or https. */
export function httpSource(url: string, relayed: RelayedSource): VideoSource {
  const { address, proxyUrl, isSequential, durationSeconds, findFailure } = relayed;
  const name = printableAddress(url);
  return {
    name,
    address,
    inputOptions: [
      ...['-format_whitelist', PLAIN_DEMUXERS],
      ...['-protocol_whitelist', HTTP_PROTOCOLS],
      // The relay knows best whether a server is silent; a playlist that grows is so for a while.
      ...['-rw_timeout', String(Number(STALL_US) * (isSequential ? 6 : 2))],
    ],
    // An exception for some hosts would lead past the proxy.
    env: { http_proxy: proxyUrl, no_proxy: '' },
    ...(isSequential && { sequence: { durationSeconds } }),
    explain: (log) => findFailure() ?? explainConnection(name, log),
  };
}

/** A camera or server that speaks RTSP: over TCP alone, as the way to it leads through this program. */
export function rtspSource(
  url: string,
  { address, findFailure }: { readonly address: string; readonly findFailure: () => PaliError | undefined },
): VideoSource {
  const name = printableAddress(url);
  return {
    name,
    address,
    inputOptions: ['-f', 'rtsp', '-protocol_whitelist', 'tcp', '-rtsp_transport', 'tcp'],
    explain: (log) => findFailure() ?? explainConnection(name, log),
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
    return new InputError('VIDEO_TRUNCATED', `${name} cannot be read from its end, where its index is.`, {
      hint: 'It is incomplete, or its server cannot send parts of files. Download it first.',
    });
  }
  return undefined;
}

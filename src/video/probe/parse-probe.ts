import { InputError } from '../../base/errors.js';
import type { VideoInfo, VideoSource } from '../../base/video/video-info.js';
import { cleanSeconds } from './clean-seconds.js';

/**
 * Most pixels of one frame (36 million: 8K, 7680 x 4320, fits). As RGB it is 108 MB; a header that claims more is
 * refused before anything is decoded.
 */
const MAX_FRAME_PIXELS = 36_000_000;

/** Rates outside these are header nonsense; 25 is used instead. */
const MAX_RATE = 1000;
const FALLBACK_RATE = 25;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Read the output of `ffprobe -of json -show_format -show_streams`. It is untrusted: every field may be absent or of
 * another type.
 *
 * @throws {InputError} there is no moving picture in it, or its frames have no or too many pixels.
 */
export function parseProbe(probe: unknown, source: VideoSource): VideoInfo {
  const streams = listOf(fieldsOf(probe)['streams']).map(fieldsOf);
  const format = fieldsOf(fieldsOf(probe)['format']);
  const audio = chooseSound(streams);
  const stream = choosePictures(streams);
  if (stream === undefined) {
    throw new InputError(
      'VIDEO_WITHOUT_PICTURE',
      audio
        ? `${source.name} holds sound only, no moving picture.`
        : `${source.name} holds no moving picture.`,
    );
  }
  const rate = ratioOf(stream['avg_frame_rate']) ?? ratioOf(stream['r_frame_rate']) ?? FALLBACK_RATE;
  const startSeconds = numberOf(format['start_time']) ?? 0;
  // For bytes that come only once, just the length of the first piece may be known.
  const known = source.bytes ? undefined : (endOf(stream, startSeconds) ?? numberOf(format['duration']));
  const seconds = source.sequence === undefined ? known : source.sequence.durationSeconds;
  const container = textOf(format['format_name']) || 'unknown';
  const transfer = textOf(stream['color_transfer']);
  return {
    source,
    ...shownSize(stream, source.name),
    storedSize: { width: numberOf(stream['width']) ?? 0, height: numberOf(stream['height']) ?? 0 },
    isTurned: isTurned(stream),
    hasSquarePixels: (ratioOf(stream['sample_aspect_ratio']) ?? 1) === 1,
    ...(seconds !== undefined && seconds > 0 ? { durationSeconds: seconds } : {}),
    startSeconds,
    framesPerSecond: rate > 0 && rate <= MAX_RATE ? rate : FALLBACK_RATE,
    // Matroska's header gives the shortest time between frames as both rates.
    isConstantRate: rate === ratioOf(stream['r_frame_rate']) && !container.startsWith('matroska'),
    codec: textOf(stream['codec_name']) || 'unknown',
    container,
    streamIndex: numberOf(stream['index']) ?? 0,
    isInterlaced: ['tt', 'bb', 'tb', 'bt'].includes(textOf(stream['field_order'])),
    isHdr: transfer === 'smpte2084' || transfer === 'arib-std-b67',
    hasAlpha: hasAlpha(stream),
    hasAudio: audio !== undefined,
    ...(audio && {
      audioCodec: textOf(audio['codec_name']) || 'unknown',
      audioIndex: numberOf(audio['index']) ?? 0,
    }),
    hasColorMatrix: isNamed(stream['color_space']),
    hasPrimaries: isNamed(stream['color_primaries']),
  };
}

/** Covers, and pictures that stand for a part of the film. */
const STILLS = ['attached_pic', 'still_image', 'timed_thumbnails'];

/** The stream that its maker marked as the default, among several the largest: the one that ffmpeg takes, too. */
function choosePictures(streams: readonly Fields[]): Fields | undefined {
  const rank = (stream: Fields): number =>
    (isMarked(stream, 'default') ? 1e9 : 0) +
    (numberOf(stream['width']) ?? 0) * (numberOf(stream['height']) ?? 0);
  return streams
    .filter((stream) => stream['codec_type'] === 'video' && !STILLS.some((kind) => isMarked(stream, kind)))
    .reduce<Fields | undefined>(
      (best, stream) => (best && rank(best) >= rank(stream) ? best : stream),
      undefined,
    );
}

function chooseSound(streams: readonly Fields[]): Fields | undefined {
  const sounds = streams.filter((stream) => stream['codec_type'] === 'audio');
  return sounds.find((stream) => isMarked(stream, 'default')) ?? sounds[0];
}

function isMarked(stream: Fields, disposition: string): boolean {
  return fieldsOf(stream['disposition'])[disposition] === 1;
}

function isNamed(value: unknown): boolean {
  return !['', 'unknown', 'reserved'].includes(textOf(value));
}

/** When a stream ends that may begin after the others; seconds from the file's beginning. */
function endOf(stream: Fields, fileStart: number): number | undefined {
  const seconds = numberOf(stream['duration']);
  const lateSeconds = Math.max(0, (numberOf(stream['start_time']) ?? fileStart) - fileStart);
  return seconds === undefined ? undefined : cleanSeconds(lateSeconds + seconds);
}

/** Pixels are made square by widening, never by throwing any away; a quarter turn then swaps the sides. */
function shownSize(stream: Fields, name: string): { width: number; height: number } {
  let width = numberOf(stream['width']) ?? 0;
  let height = numberOf(stream['height']) ?? 0;
  const aspect = ratioOf(stream['sample_aspect_ratio']) ?? 1;
  if (aspect > 1) width = Math.round(width * aspect);
  else if (aspect > 0) height = Math.round(height / aspect);
  if (Math.abs(rotationOf(stream)) % 180 === 90) [width, height] = [height, width];
  if (!(width >= 1 && height >= 1))
    throw new InputError('VIDEO_EMPTY', `The frames of ${name} have no pixels.`);
  if (width * height > MAX_FRAME_PIXELS) {
    throw new InputError(
      'VIDEO_TOO_LARGE',
      `The frames of ${name} have ${width} x ${height} pixels; at most ${MAX_FRAME_PIXELS / 1e6} million can be decoded.`,
      { hint: 'Make the video smaller first: ffmpeg -i IN -vf scale=1920:-2 OUT.mp4' },
    );
  }
  return { width, height };
}

/** Degrees; given by a file's display matrix, in older files by a tag. */
function rotationOf(stream: Fields): number {
  for (const sideData of listOf(stream['side_data_list'])) {
    const rotation = numberOf(fieldsOf(sideData)['rotation']);
    if (rotation !== undefined) return Math.round(rotation);
  }
  return Math.round(numberOf(fieldsOf(stream['tags'])['rotate']) ?? 0);
}

function isTurned(stream: Fields): boolean {
  const hasMatrix = listOf(stream['side_data_list']).some(
    (sideData) => 'displaymatrix' in fieldsOf(sideData),
  );
  return hasMatrix || rotationOf(stream) !== 0;
}

function hasAlpha(stream: Fields): boolean {
  // VP8 and VP9 carry it beside the picture, and only a tag reveals it.
  if (textOf(fieldsOf(stream['tags'])['alpha_mode']) === '1') return true;
  return /^(yuva|rgba|bgra|argb|abgr|gbrap|ya\d|pal8|ayuv)/.test(textOf(stream['pix_fmt']));
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** `30000/1001` or `4:3` as a number; undefined for 0/0 and anything else. */
function ratioOf(value: unknown): number | undefined {
  const match = /^(\d+)[/:](\d+)$/.exec(textOf(value));
  if (!match || Number(match[1]) === 0 || Number(match[2]) === 0) return undefined;
  return Number(match[1]) / Number(match[2]);
}

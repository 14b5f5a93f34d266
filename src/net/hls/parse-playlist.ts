import { InputError } from '../../base/errors.js';
import { showAddress } from '../describe-fetch-error.js';

/** Pieces last some seconds; a timer or a sum must not be led astray by more, seconds. */
const MAX_TARGET_SECONDS = 60;
const MAX_SEGMENT_SECONDS = 24 * 3600;
/** A day of pieces of one second; more are not kept. */
const MAX_SEGMENTS = 90_000;
/** Each piece has two to five. */
const MAX_LINES = 1_000_000;
/** Real ones name some dozens. */
const MAX_VARIANTS = 1000;
/** Attributes that one line may have; the longest real ones have twenty. */
const MAX_ATTRIBUTES = 100;

/** One way to see the video, with a playlist of its own. */
export interface HlsVariant {
  readonly url: string;
  /** 0 where it does not say. */
  readonly pixels: number;
  readonly bitsPerSecond: number;
  /** It says that it holds sound alone. */
  readonly isSoundOnly: boolean;
}

/** Bytes at an address: all, or `first` to `last`. */
export interface HlsPart {
  readonly url: string;
  readonly range?: { readonly first: number; readonly last: number } | undefined;
  readonly key?: HlsKey | undefined;
}

/** AES-128 in CBC mode. */
export interface HlsKey {
  readonly url: string;
  /** 16 bytes. */
  readonly iv: Buffer;
}

/** A piece of the video. */
export interface HlsSegment extends HlsPart {
  /** Its number in the playlist, which goes on where the playlist moves on. */
  readonly number: number;
  readonly seconds: number;
  /** What has to come before it, where that is not in the piece itself. */
  readonly head?: HlsPart | undefined;
}

/** What a playlist says (RFC 8216). */
export type HlsPlaylist =
  | { readonly kind: 'variants'; readonly variants: readonly HlsVariant[] }
  | {
      readonly kind: 'segments';
      readonly segments: readonly HlsSegment[];
      /** No more will be added. */
      readonly isEnded: boolean;
      /** No piece is longer, seconds. */
      readonly targetSeconds: number;
    };

/**
 * Read a playlist of HLS. It is untrusted: addresses are made absolute, and are to be checked when they are used.
 * @param base the playlist's own address.
 * @throws {InputError} it is none, is encrypted in a way that is not known, or is too long.
 */
export function parsePlaylist(text: string, base: string): HlsPlaylist {
  const lines = linesOf(text, base);
  if (lines.next().value !== '#EXTM3U') throw unreadable(base, 'it is not an HLS playlist');
  return /[\r\n][ \t]*#EXT-X-STREAM-INF:/.test(text)
    ? { kind: 'variants', variants: parseVariants(lines, base) }
    : parseSegments(lines, base);
}

/** Those with something on them, trimmed, one at a time: a list of 16 million empty lines takes a gigabyte. */
function* linesOf(text: string, base: string): Generator<string, void, undefined> {
  let count = 0;
  for (const [line] of text.matchAll(/\S[^\r\n]*/g)) {
    if (++count > MAX_LINES) throw unreadable(base, `it has more than ${MAX_LINES} lines`);
    yield line.trimEnd();
  }
}

function parseVariants(lines: Iterable<string>, base: string): HlsVariant[] {
  const variants: HlsVariant[] = [];
  let fields: Readonly<Record<string, string>> | undefined;
  for (const line of lines) {
    if (line.startsWith('#EXT-X-STREAM-INF:')) fields = attributesOf(line);
    if (fields === undefined || line.startsWith('#')) continue;
    if (variants.length >= MAX_VARIANTS) throw unreadable(base, `it names more than ${MAX_VARIANTS} others`);
    const [width = 0, height = 0] = (fields['RESOLUTION'] ?? '').split('x').map(Number);
    const codecs = fields['CODECS'] ?? '';
    variants.push({
      url: absolute(line, base),
      pixels: width * height || 0,
      bitsPerSecond: Number(fields['BANDWIDTH']) || 0,
      isSoundOnly:
        codecs !== '' && codecs.split(',').every((codec) => /^\s*(mp4a|ac-3|ec-3|opus)/.test(codec)),
    });
    fields = undefined;
  }
  return variants;
}

function parseSegments(lines: Iterable<string>, base: string): HlsPlaylist {
  const segments: HlsSegment[] = [];
  let [number, seconds, targetSeconds, isEnded, isGap] = [0, 0, 0, false, false];
  let [rangeText, previousEnd]: [string | undefined, number] = [undefined, 0];
  let [keyFields, head]: [Readonly<Record<string, string>> | undefined, HlsPart | undefined] = [
    undefined,
    undefined,
  ];
  const keyAt = (n: number): HlsKey | undefined => keyFields && readKey(keyFields, n, base);
  for (const line of lines) {
    const [, tag, value = ''] = /^#(EXT[A-Z0-9-]*)(?::(.*))?$/.exec(line) ?? [];
    if (tag === 'EXT-X-MEDIA-SEQUENCE') number = Math.max(0, Math.floor(Number(value)) || 0);
    else if (tag === 'EXT-X-TARGETDURATION') targetSeconds = bounded(value, MAX_TARGET_SECONDS);
    else if (tag === 'EXT-X-ENDLIST') isEnded = true;
    else if (tag === 'EXTINF') seconds = bounded(value, MAX_SEGMENT_SECONDS);
    else if (tag === 'EXT-X-GAP') isGap = true;
    else if (tag === 'EXT-X-BYTERANGE') rangeText = value;
    else if (tag === 'EXT-X-KEY') keyFields = chooseKey(attributesOf(line), base);
    else if (tag === 'EXT-X-MAP') {
      const { URI = '', BYTERANGE } = attributesOf(line);
      head = { url: absolute(URI, base), range: readRange(BYTERANGE, 0), key: keyAt(number) };
    } else if (!line.startsWith('#')) {
      const range = readRange(rangeText, previousEnd);
      previousEnd = range === undefined ? 0 : range.last + 1;
      if (segments.length >= MAX_SEGMENTS) throw unreadable(base, `it has more than ${MAX_SEGMENTS} pieces`);
      const segment = { url: absolute(line, base), range, key: keyAt(number), number, seconds, head };
      if (!isGap) segments.push(segment);
      number++;
      [seconds, isGap, rangeText] = [0, false, undefined];
    }
  }
  return { kind: 'segments', segments, isEnded, targetSeconds };
}

/** Undefined where nothing is encrypted from here on. */
function chooseKey(
  fields: Readonly<Record<string, string>>,
  base: string,
): Readonly<Record<string, string>> | undefined {
  if (fields['METHOD'] === 'NONE') return undefined;
  const isKnown = fields['METHOD'] === 'AES-128' && (fields['KEYFORMAT'] ?? 'identity') === 'identity';
  if (isKnown && fields['URI'] !== undefined) return fields;
  throw unreadable(base, 'it is encrypted in a way that only its own players know');
}

/** Without one, the IV is the piece's number. */
function readKey({ URI = '', IV }: Readonly<Record<string, string>>, number: number, base: string): HlsKey {
  const digits = IV === undefined ? number.toString(16) : IV.replace(/^0x/i, '');
  const iv = Buffer.from(digits.padStart(32, '0'), 'hex');
  if (iv.length !== 16) throw unreadable(base, 'its key is damaged');
  return { url: absolute(URI, base), iv };
}

/** `length[@first]`; without `first` it goes on where the one before ended. */
function readRange(text: string | undefined, next: number): HlsPart['range'] {
  const [, length, first] = /^(\d+)(?:@(\d+))?$/.exec(text ?? '') ?? [];
  if (length === undefined) return undefined;
  const from = first === undefined ? next : Number(first);
  return { first: from, last: from + Number(length) - 1 };
}

/** `NAME=value,NAME="value, value"` after the colon. */
function attributesOf(line: string): Readonly<Record<string, string>> {
  const pairs = line.slice(line.indexOf(':') + 1).matchAll(/(?:^|,)\s*([A-Z0-9-]+)=(?:"([^"]*)"|([^,]*))/g);
  const fields = new Map<string, string>();
  for (const [, name, quoted, plain] of pairs) {
    fields.set(name, quoted ?? plain.trim());
    if (fields.size >= MAX_ATTRIBUTES) break;
  }
  return Object.fromEntries(fields);
}

function bounded(value: string, most: number): number {
  return Math.min(most, Math.max(0, Number.parseFloat(value) || 0));
}

function absolute(address: string, base: string): string {
  if (!URL.canParse(address, base)) throw unreadable(base, 'it names something that is not an address');
  return new URL(address, base).href;
}

function unreadable(url: string, why: string): InputError {
  return new InputError('PLAYLIST_UNREADABLE', `The playlist ${showAddress(url)} cannot be read: ${why}.`, {
    hint: 'Check the address, or download the video first.',
  });
}

import type { Readable } from 'node:stream';
import type { PaliError } from '../errors.js';
import type { Size } from '../geometry.js';

/** What is known about a video before its frames are decoded. */
export interface VideoInfo extends Size {
  // Width and height are those of the picture as shown: rotated, with square pixels.
  readonly source: VideoSource;
  /** As its frames are stored: before they are turned and their pixels made square. */
  readonly storedSize: Size;
  /** The file asks for its pictures to be turned or flipped. */
  readonly isTurned: boolean;
  /** Seconds from the first frame to the end of the last; absent when the file does not say. */
  readonly durationSeconds?: number;
  /** The picture as stored has square pixels: it need not be scaled to be shown. */
  readonly hasSquarePixels: boolean;
  /** The file's own time at which it begins; frames' times count from here. */
  readonly startSeconds: number;
  /** On average. */
  readonly framesPerSecond: number;
  /** The header promises the same time between all frames. */
  readonly isConstantRate: boolean;
  /** Such as `h264`. */
  readonly codec: string;
  /** ffmpeg's names of the format, such as `matroska,webm`. */
  readonly container: string;
  /** Which of the file's streams the frames come from. */
  readonly streamIndex: number;
  readonly isInterlaced: boolean;
  /** High dynamic range, which must be mapped to the range of a screen: PQ or HLG. */
  readonly isHdr: boolean;
  readonly hasAlpha: boolean;
  readonly hasAudio: boolean;
  /** Codec of the sound, such as `aac`. */
  readonly audioCodec?: string;
  /** Which of the file's streams the sound comes from. */
  readonly audioIndex?: number;
  /** The file names its colour matrix; otherwise it is guessed by the size. */
  readonly hasColorMatrix: boolean;
  /** The file names its primaries; otherwise those of high dynamic range are taken for BT.2020. */
  readonly hasPrimaries: boolean;
}

/** Something that ffmpeg can open, with the options that must stand before it. */
export interface VideoSource {
  /** How the user named it, fit for one line of a message. */
  readonly name: string;
  /** As ffmpeg takes it. */
  readonly address: string;
  readonly inputOptions: readonly string[];
  /** Variables for ffmpeg's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The bytes themselves, where there is nothing to open: they come once. `address` is then that of a pipe. */
  readonly bytes?: OnceBytes;
  /** It comes from front to back only, although it can be opened again; its length is known, or not, from elsewhere. */
  readonly sequence?: { readonly durationSeconds?: number | undefined };
  /**
   * Why it could not be read, in terms of this kind of source, from ffmpeg's output; undefined if there is nothing
   * special to say.
   */
  readonly explain?: (log: string) => PaliError | undefined;
}

/** Bytes that come only once; they can be looked at from the beginning until they are taken. */
export interface OnceBytes {
  /** The first bytes: at least this many, fewer when there are no more. */
  readHead(sizeBytes: number): Promise<Uint8Array>;
  /** From the beginning, as far as bytes are kept. */
  peek(): Readable;
  /** From the beginning to the end. Nothing can be looked at afterwards. */
  take(): Readable;
}

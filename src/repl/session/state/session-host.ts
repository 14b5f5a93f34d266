import type { DeviceName, Dtype } from '../../../base/dtype.js';
import type { Detection } from '../../../base/detection.js';
import type { PreparedPicture } from '../../../tasks/inputs/open-picture.js';
import type { Engine } from '../../../models/open-engine.js';
import type { OpenPicture } from './session-state.js';
import type { ShowWord } from '../../../render/terminal-picture/show-words.js';
import type { PlayerScreen } from '../play/player-screen.js';
import type { ShownPicture } from './shown-picture.js';
import type { MomentLook, ShownStrip, StripFrame } from './video-state.js';

/** A model that was found, and an engine for it that loads on first use. */
export interface FoundModel {
  readonly name: string;
  readonly dtype: Dtype;
  readonly engine: Engine;
}

/** What a session needs from the outside world. Tests replace it with their own. */
export interface SessionHost {
  /** @throws {ModelError} there is no such model. */
  readonly findModel: (choice: {
    readonly model: string | undefined;
    readonly dtype: Dtype | undefined;
    readonly device: DeviceName;
    readonly signal: AbortSignal;
  }) => Promise<FoundModel>;
  /** Names of the available models. */
  readonly listModels: () => Promise<string[]>;
  /** From a path, an address or a file's bytes. */
  readonly openPicture: (
    source: string | Uint8Array,
    name: string,
    signal: AbortSignal,
  ) => Promise<PreparedPicture>;
  /** A picture file from the clipboard. @throws {InputError} {ToolMissingError} */
  readonly readClipboard: () => Promise<Uint8Array>;
  /** The picture for the finished block; undefined where pictures are not shown. */
  readonly drawPicture: (
    picture: OpenPicture,
    detections: readonly Detection[],
    preview: ShowWord,
  ) => Promise<ShownPicture | undefined>;
  /** The most frames that a strip has; 0 where strips are not shown. */
  readonly stripLength: (preview: ShowWord) => number;
  /** Frames of a video for the finished block; undefined where they are not shown. */
  readonly drawStrip: (
    frames: readonly StripFrame[],
    look: Pick<MomentLook, 'decimals' | 'labels'>,
    preview: ShowWord,
  ) => Promise<ShownStrip | undefined>;
  /** The whole window, to play a video in; absent or undefined where no pictures are shown. */
  readonly openPlayer?: (preview: ShowWord) => PlayerScreen | undefined;
  /** Save settings for later sessions, under the names that /set uses; `model` and `device` too. */
  readonly saveSettings: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** Lines entered earlier, newest last. */
  readonly readHistory: () => Promise<readonly string[]>;
  readonly appendHistory: (line: string) => void;
  readonly clearHistory: () => Promise<void>;
  readonly clearScreen: () => void;
  readonly version: string;
  /** Show the stack traces of errors. */
  readonly isDebug: boolean;
  /** Milliseconds, to measure durations. */
  readonly now: () => number;
}

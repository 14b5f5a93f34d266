import type { Size } from '../../../base/geometry.js';
import type { RgbImage } from '../../../base/image.js';
import type { ShownMoment } from '../../../tasks/videos/answer-timeline.js';

/** What a key means while a video plays. */
export type PlayerCommand =
  /** Hold, or go on. */
  | 'hold'
  | 'forward'
  | 'back'
  /** Some seconds. */
  | 'ahead'
  | 'behind'
  | 'faster'
  | 'slower'
  /** The window has another size. */
  | 'resize'
  | 'stop';

/** A frame, what is on it, and where the video is. */
export interface PlayedFrame extends ShownMoment {
  /** Of the size that `measure` gave. */
  readonly image: RgbImage;
  readonly timeSeconds: number;
  readonly durationSeconds?: number | undefined;
  readonly speed: number;
  readonly state: 'playing' | 'held' | 'ended';
  /** Frames that the terminal showed in a second, lately; 0 while unknown. */
  readonly framesPerSecond: number;
  /** In the order in which they get their colours. */
  readonly labels: readonly string[];
}

/** A whole window for moving pictures. */
export interface PlayerScreen {
  /** Called with what the user wants. */
  onCommand: (command: PlayerCommand) => void;
  /** Take the window's size for a video, from now on: the pixels that its frames should have. */
  measure(video: Size): Size;
  /** Show a frame; resolves once the terminal has it. */
  show(frame: PlayedFrame): Promise<void>;
  /** Give the window back as it was. */
  close(): void;
}

import type { WindowSize } from '../pictures/picture-space.js';
import type { Theme } from '../terminal/theme.js';

/** How a growing answer is set. */
export interface LiveStyle {
  readonly theme: Theme;
  readonly window: WindowSize;
  /** Rows that it may take, 0 or more. */
  readonly rows: number;
  /** Colours of the preview; undefined for none. */
  readonly preview: '24-bit' | '256' | undefined;
  /** Which picture of the spinner. */
  readonly tick: number;
}

import type { WindowSize } from '../pictures/picture-space.js';
import type { LivePictures } from '../terminal/terminal-profile.js';
import type { Theme } from '../terminal/theme.js';

/** How a growing answer is set. */
export interface LiveStyle {
  readonly theme: Theme;
  readonly window: WindowSize;
  /** Rows that it may take, 0 or more. */
  readonly rows: number;
  /** How the preview is drawn; undefined for none. */
  readonly preview: LivePictures | undefined;
  /** Which picture of the spinner. */
  readonly tick: number;
}

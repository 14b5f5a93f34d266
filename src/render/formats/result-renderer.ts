import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';

/**
 * Turns results into one output format, piece by piece: `start` once, `renderResult` for each result as soon as
 * it is there, `end` once, even when the work was cut short. Pieces are written one after another and already
 * hold their line ends; a piece may be empty.
 */
export interface ResultRenderer {
  start(): string;
  renderResult(result: TaskResult): string;
  /** In place of `renderResult` where pictures are part of the format. @param image the result's, when it is at hand. */
  renderWithPicture?(result: TaskResult, image: RgbImage | undefined): Promise<string>;
  end(): string;
}

import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';

/**
 * Turns results into one output format, piece by piece: `start` once, `renderResult` for each result as soon as it is
 * ready, and `end` once, even if the work was cut short. Pieces are written one after another and already include
 * their line endings; a piece may be empty.
 */
export interface ResultRenderer {
  start(): string;
  renderResult(result: TaskResult): string;
  /**
   * Used instead of `renderResult` if the format includes pictures. @param image the result's picture, if available.
   */
  renderWithPicture?(result: TaskResult, image: RgbImage | undefined): Promise<string>;
  end(): string;
  /** What the user should know once everything is written, one sentence each. */
  describeNeeds?(): string[];
}

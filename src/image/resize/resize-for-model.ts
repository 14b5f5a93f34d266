import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ModelPixels, RgbImage } from '../../base/image.js';
import { toModelPixels } from './to-model-pixels.js';

/** What was asked for about each picture, so that many prompts about one resize it once. */
const known = new WeakMap<RgbImage, Map<number, Promise<ModelPixels>>>();

/**
 * What toModelPixels gives; once for each picture and side, also when it is asked for several times at once. Each
 * picture has a turn of the event loop to itself.
 *
 * @param side 224, 448 or 896 pixels.
 * @throws {InputError} the picture has no pixels.
 */
export async function resizeForModel(image: RgbImage, side: number): Promise<ModelPixels> {
  const bySide = known.get(image) ?? new Map<number, Promise<ModelPixels>>();
  known.set(image, bySide);
  const pixels = bySide.get(side) ?? nextTurn().then(() => toModelPixels(image, side));
  bySide.set(side, pixels);
  return pixels;
}

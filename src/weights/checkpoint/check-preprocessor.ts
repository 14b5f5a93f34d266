import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parseSection, readConfigFile, size, unfit } from './config-file.js';

/** How Google's checkpoints expect pictures; any other preparation would need other code. */
const half = v.literal(0.5);
const halves = v.optional(v.strictTuple([half, half, half]));
const preprocessorSchema = v.object({
  resample: v.optional(v.literal(3)),
  image_mean: halves,
  image_std: halves,
  size: v.optional(v.object({ height: size, width: size })),
});

/**
 * Make sure that the checkpoint expects its pictures prepared the way pali does it; one without
 * preprocessor_config.json is accepted.
 * @param imageSize side of the tower's input, pixels.
 * @throws {ModelError} it expects something else.
 */
export async function checkPreprocessor(folder: string, imageSize: number): Promise<void> {
  const path = join(folder, 'preprocessor_config.json');
  if (!(await stat(path).catch(() => undefined))) return;
  const preprocessor = parseSection(preprocessorSchema, await readConfigFile(path), path);
  const target = preprocessor.size;
  if (target && (target.height !== imageSize || target.width !== imageSize)) {
    throw unfit(
      path,
      `it asks for pictures of ${target.width} x ${target.height}, config.json for ${imageSize} pixels a side`,
    );
  }
}

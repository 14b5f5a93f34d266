import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseSection, readConfigFile, size, unfit } from './config-file.js';

/** How Google's checkpoints want pictures; another way of preparing them needs other code. */
const preprocessorSchema = z.object({
  resample: z.literal(3).default(3),
  image_mean: z.tuple([z.literal(0.5), z.literal(0.5), z.literal(0.5)]).optional(),
  image_std: z.tuple([z.literal(0.5), z.literal(0.5), z.literal(0.5)]).optional(),
  size: z.object({ height: size, width: size }).optional(),
});

/**
 * Make sure that the checkpoint wants its pictures prepared as pali does it; one without
 * preprocessor_config.json says nothing else.
 * @param imageSize side of the tower's input, pixels.
 * @throws {ModelError} it wants them otherwise.
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

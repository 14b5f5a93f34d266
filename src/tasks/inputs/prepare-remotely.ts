import { isUnread, readRegularFile } from '../../base/files/read-regular-file.js';
import type { Engine } from '../../engine/engine.js';
import type { RunOptions } from './run-options.js';
import type { TaskInput } from './task-input.js';
import type { ModelPicture } from './to-model-picture.js';

/** The most that is sent, bytes: a larger file takes longer to decode than a decoder to load. */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * The picture of an input that needs nothing but an answer, made ready by the server that gives the answer: loading a
 * decoder here takes longer than that.
 *
 * @returns undefined where the picture is decoded here: it is drawn or cut later, the engine is this program's own,
 * the file is no ordinary one, or the server could not; decoding it here then tells what is wrong.
 */
export async function prepareRemotely(
  { pictures }: TaskInput,
  engine: Engine,
  { tiles, keepsImages, signal }: RunOptions,
): Promise<ModelPicture | undefined> {
  const [source] = pictures;
  const isPlain = pictures.length === 1 && (tiles ?? 1) === 1 && !keepsImages && typeof source === 'string';
  if (!isPlain || engine.preparePicture === undefined) return undefined;
  const startedAt = performance.now();
  const file = await readRegularFile(source, MAX_BYTES);
  if (isUnread(file)) return undefined;
  const prepared = await engine.preparePicture(file, signal);
  return prepared && { ...prepared, decodeMs: performance.now() - startedAt };
}

import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { UsageError } from '../base/errors.js';
import { stripControl } from '../base/strip-control.js';
import { checkOverlayPath, writeOverlay } from '../render/overlay.js';
import { writeMasks } from '../render/mask-files.js';
import type { TaskOutput } from '../tasks/run-task.js';

/** Which pictures the user wants. */
export interface PictureWishes {
  /** A file for one picture, a folder for several or when it is one already. */
  readonly overlay: string | undefined;
  /** A folder. */
  readonly masks: string | undefined;
  /** There is one input. */
  readonly isSingle: boolean;
}

/** Saves the pictures of results as they come. */
export interface PictureWriter {
  write(output: TaskOutput): Promise<void>;
}

/**
 * Check the wishes before the model works for them, and make the folders.
 * @throws {UsageError} the file's extension is unknown, its folder is not there, or a folder cannot be made.
 */
export async function createPictureWriter(wishes: PictureWishes): Promise<PictureWriter> {
  const { overlay, masks, isSingle } = wishes;
  const isFile = overlay !== undefined && isSingle && !(await isFolder(overlay));
  if (isFile) await checkOverlayFile(overlay);
  else if (overlay !== undefined) await makeFolder(overlay, '--overlay');
  if (masks !== undefined) await makeFolder(masks, '--masks');
  const usedNames = new Set<string>();
  return {
    write: async ({ result, image }) => {
      if (result.error !== undefined) return;
      const baseName = takeName(result.input, usedNames);
      const detections = result.detections ?? [];
      if (overlay !== undefined && image !== undefined) {
        await writeOverlay(image, detections, isFile ? overlay : join(overlay, `${baseName}.png`));
      }
      if (masks !== undefined) await writeMasks(detections, masks, baseName);
    },
  };
}

/** The picture's name without folder and extension; a number follows when it came before. */
function takeName(input: string, usedNames: Set<string>): string {
  const name = stripControl(parse(input).name).replace(/[\n\t/\\]/g, '_') || 'picture';
  let unique = name;
  for (let count = 2; usedNames.has(unique.toLowerCase()); count++) unique = `${name}-${count}`;
  usedNames.add(unique.toLowerCase());
  return unique;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function checkOverlayFile(path: string): Promise<void> {
  checkOverlayPath(path);
  if (await isFolder(dirname(path))) return;
  throw new UsageError('OUTPUT_UNWRITABLE', `There is no folder ${dirname(path)} to write --overlay to.`, {
    hint: 'Make it, or choose another place.',
  });
}

async function makeFolder(path: string, option: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError('OUTPUT_UNWRITABLE', `The folder for ${option} cannot be made: ${why}`, {
      hint: option === '--overlay' ? 'With several pictures --overlay names a folder.' : undefined,
      cause,
    });
  }
}

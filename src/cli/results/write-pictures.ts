import { access, constants, realpath } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { pathExists } from '../../base/files/path-exists.js';
import type { KeptFile } from '../../base/files/write-unless-other.js';
import { checkFolderPlace } from '../../base/files/check-folder-place.js';
import { isFolder } from '../../base/files/is-folder.js';
import { UsageError } from '../../base/errors.js';
import type { RedactStyle } from '../../base/redact-style.js';
import { unwritable } from '../../base/files/unwritable.js';
import { writeCutouts } from '../../render/drawing/cutouts.js';
import { createFileNames, resultName } from '../../render/file-names.js';
import { makeFolder } from '../../render/make-folder.js';
import {
  checkOverlayPath,
  redactDetections,
  writeOverlay,
  writePicture,
} from '../../render/drawing/overlay.js';
import type { LabelStyle } from '../../render/drawing/label-style.js';
import { writeMasks } from '../../render/drawing/mask-files.js';
import { printablePath } from '../../render/printable-path.js';
import type { TaskOutput } from '../../tasks/answers/task-output.js';

/** Which pictures the user wants. */
export interface PictureWriterOptions {
  /** A file for one picture; a folder for several, or if it already is one. */
  readonly overlay: string | undefined;
  /** What is written at the boxes. */
  readonly labels?: LabelStyle | undefined;
  /** Hide the objects on overlays instead of drawing them. */
  readonly redact: RedactStyle | undefined;
  /** A folder. */
  readonly masks: string | undefined;
  /** A folder. */
  readonly cutout: string | undefined;
  /** There is only one input. */
  readonly isSingle: boolean;
  /** Its path; absent where even a video would have a single result. */
  readonly input?: string | undefined;
  /** Folders that were searched for pictures: their subfolders are recreated where pictures are saved. */
  readonly folders: readonly string[];
  /** Called with files in folders that are kept, as they hold something else; absent where they are replaced. */
  readonly onKept?: KeptFile | undefined;
}

/** Saves the pictures of results as they arrive. */
export interface PictureWriter {
  write(output: TaskOutput): Promise<void>;
  /** Whether a picture's overlay is already in the folder. Must be asked in the order of the inputs. */
  has?(input: string): Promise<boolean>;
}

/**
 * Check the options before the model does any work. A folder is made once there is something to write to it.
 * @throws {UsageError} the file's extension is unknown, its folder does not exist, a folder cannot be made, or one
 * file is named for a video.
 */
export async function createPictureWriter(options: PictureWriterOptions): Promise<PictureWriter> {
  const { overlay, labels, redact, masks, cutout, isSingle, input, folders, onKept } = options;
  // A name without an ending is a folder's, as for --masks.
  const isName = overlay !== undefined && !/[\\/]$/.test(overlay) && extname(overlay) !== '';
  const isFile = isName && isSingle && !(await isFolder(overlay));
  if (isName && !isFile && !(await isFolder(overlay))) {
    throw new UsageError('OPTION_VALUE', `--overlay ${overlay} is one picture, and there are several.`, {
      hint: 'Name a folder, with a slash at its end: --overlay boxes/',
    });
  }
  if (isFile) {
    await checkOverlayFile(overlay);
    if (input !== undefined && (await isVideo(input))) throw manyFrames(overlay);
  } else if (overlay !== undefined) await checkPlace(overlay, '--overlay');
  if (masks !== undefined) await checkPlace(masks, '--masks');
  if (cutout !== undefined) await checkPlace(cutout, '--cutout');
  const takeName = createFileNames({ folders });
  const taken = new Map<string, string>();
  const nameOf = (name: string): string => {
    const known = taken.get(name) ?? takeName(name);
    taken.delete(name);
    return known;
  };
  return {
    ...(overlay !== undefined &&
      !isFile && {
        has: async (input: string) => {
          const name = takeName(input);
          taken.set(input, name);
          return pathExists(join(overlay, `${name}.png`));
        },
      }),
    write: async ({ result, image }) => {
      if (result.error !== undefined) return;
      if (isFile && result.frame !== undefined) throw manyFrames(overlay);
      const baseName = nameOf(resultName(result));
      const detections = result.detections ?? [];
      if (overlay !== undefined && image !== undefined) {
        const path = isFile ? overlay : join(overlay, `${baseName}.png`);
        if (!isFile) {
          await makeFolder(dirname(path));
          await refuseOwnFolder(path, result.input);
        }
        // A file that was named is replaced, as --output is.
        const onOther = isFile ? undefined : onKept;
        if (redact === undefined) await writeOverlay(image, result, path, { labels }, onOther);
        else await writePicture(redactDetections(image, detections, redact), path, onOther);
      }
      if (masks !== undefined) await writeMasks(detections, masks, baseName, onKept);
      if (cutout !== undefined && image !== undefined) {
        await writeCutouts(image, detections, cutout, baseName, onKept);
      }
    },
  };
}

async function isVideo(path: string): Promise<boolean> {
  const { isVideoInput } = await import('../../tasks/run-media-task.js');
  return isVideoInput({ name: path, pictures: [path] });
}

function manyFrames(overlay: string): UsageError {
  return new UsageError('OPTION_VALUE', `--overlay ${overlay} is one file, and a video has many frames.`, {
    hint: 'End it in a slash to write a file for each frame, or use --annotate for a video.',
  });
}

/** Overlays have the same names as their pictures: in the same folder they would overwrite them, or others. */
async function refuseOwnFolder(path: string, input: string): Promise<void> {
  const picture = await realpath(input).catch(() => undefined);
  if (picture === undefined || dirname(picture) !== (await realpath(dirname(path)))) return;
  throw new UsageError(
    'OUTPUT_UNWRITABLE',
    'The overlays would take the places of the pictures themselves.',
    {
      hint: 'Name another folder, such as: --overlay boxes/',
    },
  );
}

async function checkOverlayFile(path: string): Promise<void> {
  checkOverlayPath(path);
  if (await isFolder(dirname(path))) {
    await access(dirname(path), constants.W_OK).catch((cause: unknown) => {
      throw unwritable(path, cause, `--overlay ${printablePath(path)}`);
    });
    return;
  }
  throw new UsageError('OUTPUT_UNWRITABLE', `There is no folder ${dirname(path)} to write --overlay to.`, {
    hint: 'Make it, or choose another place.',
  });
}

async function checkPlace(path: string, option: string): Promise<void> {
  try {
    await checkFolderPlace(path);
  } catch (cause) {
    const isFile = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    if (!isFile) throw unwritable(path, cause, `${option} ${printablePath(path)}`);
    throw new UsageError(
      'OUTPUT_UNWRITABLE',
      `${option} ${printablePath(path)} is a file, and a folder is needed.`,
      {
        hint:
          option === '--overlay' ? 'With several pictures --overlay names a folder.' : 'Name another folder.',
        cause,
      },
    );
  }
}

import { dirname, join } from 'node:path';
import type { KeptFile } from '../base/files/write-unless-other.js';
import type { RgbImage } from '../base/image.js';
import type { TaskResult } from '../base/task-result.js';
import { writeImage } from '../image/draw/encode-image.js';
import { createFileNames, resultName } from './file-names.js';
import { checkFolderFor, makeFolder } from './make-folder.js';

/** Pictures of the frames that were looked at. */
export interface FrameFiles {
  readonly folder: string;
  /** The file's name in the folder, the same whenever it is asked: `film-000012.jpg`. */
  nameOf(result: TaskResult): string;
  /** @throws {UsageError} the place cannot be written to. */
  write(result: TaskResult, image: RgbImage): Promise<void>;
}

/**
 * @param onKept where given, a file of other content is kept, and this is called with it.
 * @throws {UsageError} the folder cannot be made.
 */
export async function createFrameFiles(folder: string, onKept?: KeptFile): Promise<FrameFiles> {
  await checkFolderFor(folder, `--frames-to ${folder}`);
  const takeName = createFileNames();
  const names = new Map<string, string>();
  const nameOf = (result: TaskResult): string => {
    const key = `${result.frame?.index ?? ''} ${result.input}`;
    const name = names.get(key) ?? `${takeName(resultName(result))}.jpg`;
    names.set(key, name);
    return name;
  };
  return {
    folder,
    nameOf,
    write: async (result, image) => {
      const path = join(folder, nameOf(result));
      await makeFolder(dirname(path));
      await writeImage(image, path, onKept);
    },
  };
}

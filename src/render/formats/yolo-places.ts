import { createHash } from 'node:crypto';
import { join, relative, sep } from 'node:path';
import { pathExists } from '../../base/files/path-exists.js';
import { InputError } from '../../base/errors.js';
import { showName } from '../../base/show-name.js';
import type { TaskResult } from '../../base/task-result.js';
import { createFileNames, nameBelow, resultName } from '../file-names.js';

/** Where the results of a run are written. */
export interface LabelPlaces {
  /** @throws {InputError} another picture already uses the same labels. */
  locate(result: TaskResult): Promise<LabelPlace>;
  /** Whether a picture already has labels. Must be called in the order of the inputs. */
  has(input: string): Promise<boolean>;
}

/** File systems that treat `X.txt` and `x.txt` as the same file. */
const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';

/** Where a result's files are written. */
export interface LabelPlace {
  readonly labelPath: string;
  /** Without extension; absent if pictures stay where they are. */
  readonly picturePath?: string;
}

/**
 * Labels in one folder or its subfolders, separate from the pictures. They are matched to pictures by name alone, so
 * no two pictures can share them.
 */
export function locateBeside(
  folder: string,
  folders: readonly string[],
  { extension, classesFile = '' }: { readonly extension: string; readonly classesFile?: string },
): LabelPlaces {
  const owners = new Map<string, string>(classesFile === '' ? [] : [[classesFile, '']]);
  const locate = async (result: TaskResult): Promise<LabelPlace> => {
    const { input } = result;
    const file = `${nameBelow(resultName(result), folders)}${extension}`;
    const key = ignoresCase ? file.toLowerCase() : file;
    const owner = owners.get(key) ?? input;
    if (owner !== input) throw sharedLabels(file, input, owner);
    owners.set(key, input);
    return { labelPath: join(folder, file) };
  };
  return {
    locate,
    has: async (input) => pathExists(join(folder, `${nameBelow(input, folders)}${extension}`)),
  };
}

/** @returns the error for a picture whose labels already belong to another. */
export function sharedLabels(file: string, input: string, owner: string): InputError {
  const whose = owner === '' ? 'the names of the classes' : `${showName(owner)}, too`;
  return new InputError(
    'LABELS_SHARED',
    `${showName(input)} has no labels: ${showName(file)} is for ${whose}.`,
    {
      hint: 'Rename it, or add --split 0.8: the data set then has copies of the pictures under names of their own.',
    },
  );
}

/** Labels and pictures of a complete data set; the name decides between train and val. */
export function locateInSplit(folder: string, folders: readonly string[], split: number): LabelPlaces {
  const takeName = createFileNames({ folders });
  const taken = new Map<string, string>();
  const locate = async (result: Pick<TaskResult, 'input' | 'frame'>): Promise<LabelPlace> => {
    const key = resultName(result);
    const name = taken.get(key) ?? takeName(key);
    taken.delete(key);
    const drawn = drawShare(nameBelow(result.input, folders)) < split ? 'train' : 'val';
    // After an earlier run it may be on the other side, and must not be on both.
    const other = drawn === 'train' ? 'val' : 'train';
    const side = (await pathExists(join(folder, 'labels', other, `${name}.txt`))) ? other : drawn;
    return {
      labelPath: join(folder, 'labels', side, `${name}.txt`),
      picturePath: join(folder, 'images', side, name),
    };
  };
  return {
    locate,
    has: async (input) => {
      taken.set(input, takeName(input));
      const { labelPath } = await locate({ input });
      const name = relative(join(folder, 'labels'), labelPath).split(sep).slice(1).join(sep);
      taken.set(input, name.slice(0, -'.txt'.length));
      return pathExists(labelPath);
    },
  };
}

/** From 0 to 1, always the same for the same name. */
function drawShare(name: string): number {
  return createHash('sha256').update(name.replaceAll(sep, '/')).digest().readUInt32BE(0) / 2 ** 32;
}

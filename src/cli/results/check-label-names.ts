import { extname } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { printablePath } from '../../render/printable-path.js';
import { commonFolder, nameBelow } from '../../render/file-names.js';
import { PICTURE_EXTENSIONS } from '../inputs/list-folder.js';

/**
 * Refuse two pictures whose files of labels would be one, before the model works for them. Trainers find labels by the
 * name of the picture alone, so that one of them would get the labels of the other.
 *
 * @param names of the inputs; those that are no pictures by their extension are skipped.
 * @param folders that pictures were looked for in.
 * @throws {UsageError}
 */
export function checkLabelNames(names: readonly string[], folders: readonly string[]): void {
  const common = commonFolder(folders);
  const owners = new Map<string, string>();
  for (const name of names) {
    if (!PICTURE_EXTENSIONS.has(extname(name).toLowerCase())) continue;
    const label = nameBelow(name, common);
    const owner = owners.get(label) ?? name;
    owners.set(label, owner);
    if (owner === name) continue;
    throw new UsageError(
      'LABELS_SHARED',
      `${printablePath(owner)} and ${printablePath(name)} would share the file of labels ${printablePath(label)}.txt.`,
      {
        hint: 'Rename one of them, or add --split 0.8: the data set then has copies of the pictures under names of their own.',
      },
    );
  }
}

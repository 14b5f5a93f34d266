import { extname } from 'node:path';
import { UsageError } from '../../base/errors.js';
import { printablePath } from '../../render/printable-path.js';
import { commonFolder, nameBelow } from '../../render/file-names.js';
import { PICTURE_EXTENSIONS } from '../../tasks/inputs/list-folder.js';

/**
 * Refuse two pictures whose label files would be the same, before the model does any work. Trainers find labels by the
 * picture's name alone, so one of them would get the other's labels.
 *
 * @param names of the inputs; those without a picture's extension are skipped.
 * @param folders that were searched for pictures.
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

import { UsageError } from '../../base/errors.js';
import { printablePath } from '../../render/printable-path.js';
import { commonFolder, nameBelow } from '../../render/file-names.js';

/**
 * Refuse two pictures whose label files would be the same, before any work is done. Trainers find labels by the
 * picture's name alone, so one of them would get the other's labels.
 *
 * @param names of the pictures; one may come several times.
 * @param folders that they lie in, or below.
 * @param remedy what the user can do besides --split, as the beginning of a sentence.
 * @throws {UsageError}
 */
export function checkLabelNames(
  names: readonly string[],
  folders: readonly string[],
  remedy = 'Rename one of them',
): void {
  const common = commonFolder(folders);
  const owners = new Map<string, string>();
  for (const name of names) {
    const label = nameBelow(name, common);
    const owner = owners.get(label) ?? name;
    owners.set(label, owner);
    if (owner === name) continue;
    throw new UsageError(
      'LABELS_SHARED',
      `${printablePath(owner)} and ${printablePath(name)} would share one file of labels.`,
      {
        hint: `${remedy}, or add --split 0.8: the data set then has copies of the pictures under names of their own.`,
      },
    );
  }
}

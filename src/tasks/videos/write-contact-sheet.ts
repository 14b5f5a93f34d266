import type { SheetPage } from '../../base/sheet-page.js';
import { ResultsSheet } from '../answers/results-sheet.js';
import type { TaskOutput } from '../answers/task-output.js';
import { checkFolder, makeFolderOf } from './folder-of-file.js';

/** How a sheet is written. */
export interface SheetOptions {
  readonly isWholeOrNothing?: boolean;
  /** Folders that are made with the sheet in them. */
  readonly foldersToMake?: readonly string[] | undefined;
  /** For a screen when absent. */
  readonly page?: SheetPage | undefined;
}

/**
 * Put every frame that passes through on a sheet of small pictures, with its time and answer, or with its boxes. The
 * sheet is written at the end; if the work is cut short, it is written with what there is, unless it must be complete
 * or not written at all.
 *
 * @param path .png, .jpg or .webp.
 * @throws {UsageError} the picture cannot be written.
 */
export async function* writeContactSheet<Output extends TaskOutput>(
  outputs: AsyncIterable<Output>,
  path: string,
  { isWholeOrNothing = false, foldersToMake, page }: SheetOptions = {},
): AsyncGenerator<Output, void, undefined> {
  await checkFolder(path, foldersToMake);
  const sheet = new ResultsSheet(path, { page });
  let isWanted = !isWholeOrNothing;
  try {
    for await (const output of outputs) {
      const { result, image } = output;
      if (image !== undefined && result.frame !== undefined) await sheet.add(image, result);
      yield output;
    }
    isWanted = true;
  } finally {
    if (isWanted) {
      const leaveNone = await makeFolderOf(path, foldersToMake);
      await sheet.write().finally(leaveNone);
    }
  }
}

import type { KeptFile } from '../../../base/files/write-unless-other.js';
import type { FilesFormat } from '../../../render/formats/result-formats.js';
import type { ResultWriter, ResultWriterOptions } from './result-writer.js';

/** Writes what a format keeps in files of its own, such as the labels of YOLO. */
export async function writeDataSet(
  folder: string,
  format: FilesFormat,
  { things, folders, split, frames, extension, onNote }: ResultWriterOptions,
  onKept: KeptFile | undefined,
): Promise<ResultWriter> {
  const place = {
    folder,
    things,
    inputFolders: folders,
    split,
    extension,
    framesFolder: frames?.folder,
    onKept,
  };
  const files = await format.openFiles(place);
  return {
    ...(files.has && { has: files.has.bind(files) }),
    write: async (result, _, image) => void (await files.write(result, image)),
    end: async () => files.describeNeeds?.().forEach((sentence) => onNote?.(sentence)),
  };
}

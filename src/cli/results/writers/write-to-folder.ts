import { dirname, join } from 'node:path';
import { pathExists } from '../../../base/files/path-exists.js';
import { UsageError } from '../../../base/errors.js';
import type { KeptFile } from '../../../base/files/write-unless-other.js';
import type { DocumentFormat } from '../../../render/formats/result-formats.js';
import { createFileNames } from '../../../render/file-names.js';
import { checkFolderFor, makeFolder } from '../../../render/make-folder.js';
import { printablePath } from '../../../render/printable-path.js';
import { openFile } from '../open-sink.js';
import type { DocumentWriter, ResultWriter, ResultWriterOptions } from './result-writer.js';
import { createRenderer, writeDocument } from './write-document.js';

/** A file for each result; the frames of a video share one. */
export async function writeToFolder(
  folder: string,
  format: DocumentFormat,
  options: ResultWriterOptions,
  onKept: KeptFile | undefined,
): Promise<ResultWriter> {
  const { isStream, folders, extension = format.extension } = options;
  const what = isStream ? 'A stream' : format.wholeName;
  if (what !== undefined) {
    throw new UsageError('OPTION_VALUE', `${what} is one file, and ${folder} is a folder.`, {
      hint: 'Name a file: --output FILE',
    });
  }
  await checkFolderFor(folder, `--output ${printablePath(folder)}`);
  const takeName = createFileNames({ folders });
  const taken = new Map<string, string>();
  const pathOf = (input: string): string => {
    const name = taken.get(input) ?? takeName(input);
    taken.delete(input);
    return join(folder, `${name}${extension}`);
  };
  let open: { readonly video: string; readonly document: DocumentWriter } | undefined;
  let pictures = 0;
  let hasVideo = false;
  const close = async (): Promise<void> => {
    await open?.document.end('complete');
    open = undefined;
  };
  return {
    has: async (input) => {
      const name = takeName(input);
      taken.set(input, name);
      return pathExists(join(folder, `${name}${extension}`));
    },
    write: async (result, answerNumber, image) => {
      if (result.error !== undefined && !format.holdsErrors) return;
      if (result.frame !== undefined && open?.video === result.input)
        return open.document.write(result, answerNumber, image);
      await close();
      if (format.holds === 'frames' && result.frame === undefined) return void pictures++;
      const path = pathOf(result.input);
      await makeFolder(dirname(path));
      const sink = await openFile(path, onKept);
      const document = writeDocument(sink, await createRenderer(format, { ...options, isSingle: true }));
      await document.write(result, answerNumber, image);
      if (result.frame === undefined) await document.end('complete');
      else [open, hasVideo] = [{ video: result.input, document }, true];
    },
    end: async (ending) => {
      if (pictures > 0 && hasVideo)
        options.onNote?.(
          pictures === 1
            ? '1 of the inputs is not a video: it has no subtitles.'
            : `${pictures} of the inputs are not videos: they have no subtitles.`,
        );
      if (ending !== 'complete' && open !== undefined && !options.isSingle) {
        options.onNote?.(`${open.video} was not finished, and has no file in ${folder}.`);
        await open.document.discard();
      } else await close();
    },
  };
}

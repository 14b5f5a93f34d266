import type { KeptFile } from '../../base/files/write-unless-other.js';
import { isFolder } from '../../base/files/is-folder.js';
import {
  formatOf,
  isFilesFormat,
  type DocumentFormat,
  type FilesFormat,
} from '../../render/formats/result-formats.js';
import { keepFiles } from './kept-files.js';
import { openFile, openStdout } from './open-sink.js';
import { withAskedObjects, withText } from './writers/adjust-results.js';
import type { Ending, ResultWriter, ResultWriterOptions } from './writers/result-writer.js';
import { writeDataSet } from './writers/write-data-set.js';
import { createRenderer, writeDocument } from './writers/write-document.js';
import { writeEvents } from './writers/write-events.js';
import { writeToFolder } from './writers/write-to-folder.js';

/**
 * Prepare to write, before the model does any work.
 * @throws {UsageError} the output cannot be written to, or does not fit the format.
 */
export async function createResultWriter(options: ResultWriterOptions): Promise<ResultWriter> {
  const format = formatOf(options.format);
  const { kept = keepFiles(options.isOverwriting) } = options;
  const writer = await openWriter(format, options, kept.onKept);
  const isDataSet = format.holds === 'objects' || format.isDataSet === true;
  const asked = withText(isDataSet ? withAskedObjects(writer, options) : writer, options);
  const end = async (ending: Ending): Promise<void> => {
    await asked.end(ending);
    const sentence = kept.describe();
    if (sentence !== undefined) options.onNote?.(sentence);
  };
  return { ...asked, end };
}

async function openWriter(
  format: DocumentFormat | FilesFormat,
  options: ResultWriterOptions,
  onKept: KeptFile | undefined,
): Promise<ResultWriter> {
  const { isStream, output } = options;
  if (isFilesFormat(format)) return writeDataSet(output!, format, options, onKept);
  const isIntoFolder = output !== undefined && (/[\\/]$/.test(output) || (await isFolder(output)));
  if (isIntoFolder) return writeToFolder(output, format, options, onKept);
  const sink =
    output === undefined ? openStdout(options.signal, options.beforeWrite) : await openFile(output);
  if (isStream) return writeEvents(sink, options.onNote);
  return writeDocument(sink, await createRenderer(format, options), options.onNote);
}

import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KeptFile } from '../../base/files/write-unless-other.js';
import { isFolder } from '../../base/files/is-folder.js';
import { UsageError } from '../../base/errors.js';
import type { StreamEvent } from '../../base/stream-event.js';
import type { RgbImage } from '../../base/image.js';
import type { TaskResult } from '../../base/task-result.js';
import { endEventsOf, renderStreamEvent } from '../../render/formats/event-stream.js';
import { createFileNames } from '../../render/file-names.js';
import type { FrameFiles } from '../../render/frame-files.js';
import { keepAsked } from '../../render/formats/keep-asked.js';
import { makeFolder } from '../../render/make-folder.js';
import { printablePath } from '../../render/printable-path.js';
import {
  formatOf,
  isFilesFormat,
  type DocumentFormat,
  type FilesFormat,
} from '../../render/formats/result-formats.js';
import { chooseProtocol } from '../../render/terminal-picture/choose-protocol.js';
import type { ColorDepth } from '../../render/terminal-picture/encode-blocks.js';
import type { ShowWord } from '../../render/terminal-picture/show-words.js';
import type { ResultRenderer } from '../../render/formats/result-renderer.js';
import { hasColors } from '../has-colors.js';
import { keepFiles, type KeptFiles } from './kept-files.js';
import { openFile, openStdout, type TextSink } from './open-sink.js';
import type { OutputOptions } from '../options/output-options.js';

/** How many labels a note names. */
const NAMED_LABELS = 5;

/** Takes results, in input order, as they arrive. */
export interface ResultWriter {
  /**
   * @param answerNumber when each input gets several answers: which of them, from 0.
   * @param image the input's picture, for formats that contain pictures.
   * @throws {InputError} this result cannot be stored with the others, which continue.
   */
  write(result: TaskResult, answerNumber?: number, image?: RgbImage): Promise<void>;
  /** Whether a picture's file is already in the folder. Must be asked in the order of the inputs. */
  has?(input: string): Promise<boolean>;
  /** Report something that happened on the way to a result; for --stream only. */
  tell?(event: StreamEvent): void;
  /**
   * Complete what was written. Must also be called when the work was cut short: a file is then kept if it
   * contains a result.
   */
  end(isCutShort: boolean): Promise<void>;
}

/** A writer of one file, which can be given up. */
interface DocumentWriter extends ResultWriter {
  discard(): Promise<void>;
}

/** What the writer is for. */
export interface ResultWriterOptions extends Pick<
  OutputOptions,
  | 'format'
  | 'isStream'
  | 'isOverwriting'
  | 'extension'
  | 'prefix'
  | 'suffix'
  | 'output'
  | 'hasPolygons'
  | 'withFilename'
  | 'split'
> {
  /** The user named one picture, and nothing that could stand for several. */
  readonly isSingle: boolean;
  /** Called before anything is written to stdout. */
  readonly beforeWrite?: (() => void) | undefined;
  /** How pictures are shown above the results. */
  readonly show?: ShowWord;
  /** Folders that were searched for pictures. */
  readonly folders: readonly string[];
  /** What to look for. */
  readonly things: readonly string[];
  /** Pictures of video frames. */
  readonly frames?: FrameFiles | undefined;
  /** Files that are kept; those of pictures may be among them, and are told with the others. */
  readonly kept?: KeptFiles;
  /** Called at the end with anything the user should know. */
  readonly onNote?: ((sentence: string) => void) | undefined;
  readonly signal: AbortSignal;
}

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
  const end = async (isCutShort: boolean): Promise<void> => {
    await asked.end(isCutShort);
    const sentence = kept.describe();
    if (sentence !== undefined) options.onNote?.(sentence);
  };
  return { ...asked, end };
}

/** Turns answers into captions for training: adds text before and after each. */
function withText(
  writer: ResultWriter,
  { prefix = '', suffix = '' }: Pick<ResultWriterOptions, 'prefix' | 'suffix'>,
): ResultWriter {
  if (prefix + suffix === '') return writer;
  return {
    ...writer,
    write: (result, ...place) => {
      const text = result.text === undefined ? undefined : `${prefix}${result.text}${suffix}`;
      return writer.write({ ...result, ...(text !== undefined && { text }) }, ...place);
    },
  };
}

/** Data sets have only the classes that were asked for. */
function withAskedObjects(
  writer: ResultWriter,
  { things, onNote }: Pick<ResultWriterOptions, 'things' | 'onNote'>,
): ResultWriter {
  const others = new Map<string, number>();
  return {
    ...writer,
    write: (result, ...place) => {
      const asked = keepAsked(result, things);
      for (const { label } of asked.leftOut) others.set(label, (others.get(label) ?? 0) + 1);
      return writer.write(asked.result, ...place);
    },
    end: async (isCutShort) => {
      await writer.end(isCutShort);
      if (others.size === 0) return;
      const rows = [...others].slice(0, NAMED_LABELS).map(([label, count]) => `${count} "${label}"`);
      const rest = others.size > NAMED_LABELS ? ` and of ${others.size - NAMED_LABELS} other labels` : '';
      onNote?.(`left out, as nobody asked for them: ${rows.join(', ')}${rest}.`);
    },
  };
}

/** The colours of this terminal, where a picture is shown in it. */
function dotDepth(show: ShowWord = 'off'): ColorDepth | undefined {
  if (show === 'off' || process.stdout.isTTY !== true) return undefined;
  const { protocol } = chooseProtocol(process.env, true, { show: 'auto' })!;
  if (protocol === 'ascii') return undefined;
  return protocol === 'blocks-256' ? '256' : '24-bit';
}

async function openWriter(
  format: DocumentFormat | FilesFormat,
  options: ResultWriterOptions,
  onKept: KeptFile | undefined,
): Promise<ResultWriter> {
  const { isStream, output } = options;
  if (isFilesFormat(format)) return toFiles(output!, format, options, onKept);
  const isIntoFolder = output !== undefined && (/[\\/]$/.test(output) || (await isFolder(output)));
  if (isIntoFolder) return toFolder(output, format, options, onKept);
  const sink =
    output === undefined ? openStdout(options.signal, options.beforeWrite) : await openFile(output);
  if (isStream) return toEvents(sink);
  return toDocument(sink, await createRenderer(format, options), options.onNote);
}

async function createRenderer(format: DocumentFormat, options: ResultWriterOptions): Promise<ResultRenderer> {
  const isStdout = options.output === undefined;
  return format.createRenderer({
    ...options,
    nameFrame: options.frames?.nameOf.bind(options.frames),
    framesFolder: options.frames?.folder,
    withInputName: options.withFilename && !options.isSingle,
    isTerminal: isStdout && process.stdout.isTTY === true,
    isColored: isStdout && hasColors(process.stdout),
    dots: isStdout && hasColors(process.stdout) ? dotDepth(options.show) : undefined,
  });
}

function toDocument(
  sink: TextSink,
  renderer: ResultRenderer,
  onNote?: (sentence: string) => void,
): DocumentWriter {
  let isStarted = false;
  const start = async (): Promise<void> => {
    if (!isStarted) await sink.write(renderer.start());
    isStarted = true;
  };
  return {
    write: async (result, _answerNumber, image) => {
      await start();
      const text = await renderer.renderWithPicture?.(result, image);
      await sink.write(text ?? renderer.renderResult(result));
    },
    end: async (isCutShort) => {
      const isKept = isStarted || !isCutShort;
      if (isKept) {
        await start();
        await sink.write(renderer.end());
      }
      await sink.close(isKept);
      renderer.describeNeeds?.().forEach((sentence) => onNote?.(sentence));
    },
    discard: () => sink.close(false),
  };
}

function toEvents(sink: TextSink): ResultWriter {
  let inputs = 0;
  let lastWrite = Promise.resolve();
  const tell = (event: StreamEvent): Promise<void> => {
    lastWrite = lastWrite.then(() => sink.write(renderStreamEvent(event)));
    // Whoever waits for it sees the failure; nobody else needs to.
    lastWrite.catch(() => undefined);
    return lastWrite;
  };
  return {
    tell: (event) => void tell(event),
    write: async (result, answerNumber) => {
      if (!answerNumber) inputs++;
      const place = { inputNumber: inputs - 1, ...(answerNumber !== undefined && { answerNumber }) };
      for (const event of endEventsOf(result, place)) await tell(event);
    },
    end: async (isCutShort) => {
      await lastWrite;
      await sink.close(inputs > 0 || !isCutShort);
    },
  };
}

/** A file for each result; the frames of a video share one. */
async function toFolder(
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
  await makeFolder(folder, `--output ${printablePath(folder)}`);
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
    await open?.document.end(false);
    open = undefined;
  };
  return {
    has: async (input) => {
      const name = takeName(input);
      taken.set(input, name);
      return access(join(folder, `${name}${extension}`)).then(
        () => true,
        () => false,
      );
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
      const document = toDocument(sink, await createRenderer(format, { ...options, isSingle: true }));
      await document.write(result, answerNumber, image);
      if (result.frame === undefined) await document.end(false);
      else [open, hasVideo] = [{ video: result.input, document }, true];
    },
    end: async (isCutShort) => {
      if (pictures > 0 && hasVideo)
        options.onNote?.(`${pictures} of the inputs are no videos: they have no subtitles.`);
      if (isCutShort && open !== undefined && !options.isSingle) {
        options.onNote?.(`${open.video} was not finished, and has no file in ${folder}.`);
        await open.document.discard();
      } else await close();
    },
  };
}

async function toFiles(
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

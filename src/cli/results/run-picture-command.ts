import { exitCodes, type ExitCode } from '../../base/errors.js';
import { startEngineEarly } from '../../models/prestart-engine.js';
import { mayHaveServer } from '../../models/servers/may-have-server.js';
import { runtimeFolder } from '../../models/servers/runtime-folder.js';
import type { Engine } from '../../models/open-engine.js';
import { hintAtSemicolons } from '../../tasks/answers/hint-at-semicolons.js';
import type { Task } from '../../tasks/prompts/task.js';
import type { CommandCall } from '../options/command-definition.js';
import { readInputOptions } from '../options/input-options.js';
import type { FrameFiles } from '../../render/frame-files.js';
import { sharesNames } from './shares-names.js';
import { printablePath } from '../../render/printable-path.js';
import { missingWords } from '../options/missing-words.js';
import { checkOutputsApart } from '../options/check-outputs-apart.js';
import { checkSubtitles } from '../options/check-subtitles.js';
import { readPictureOptions, type PictureOptions } from '../options/picture-options.js';
import type { Inputs } from '../inputs/read-inputs.js';
import type { LivePicture } from './live-picture.js';
import type { PictureWriter } from './write-pictures.js';
import { keepFiles, type KeptFiles } from './kept-files.js';
import { checkSingleVideo, readVideoOptions, type VideoCall } from '../options/video-options.js';
import { BatchSummary } from './batch-summary.js';
import { tellEnd } from './tell-end.js';
import { openVideoPlaces } from '../../tasks/videos/video-places.js';
import { joinSignals } from '../../base/signals/join-signals.js';

/** A task, and the pictures to run it on. */
export interface PictureWork {
  readonly task: Task;
  /** Paths, patterns, folders, addresses, `-`. */
  readonly names: readonly string[];
  /** All the pictures go into one prompt, rather than one prompt each. */
  readonly isTogether?: boolean;
}

/**
 * Run a task on pictures: find and start the model, write each result as soon as it is ready, save the pictures that
 * were asked for, print warnings on stderr.
 *
 * @returns ok, or the exit code of the first input that failed.
 */
export async function runPictureCommand(call: CommandCall, work: PictureWork): Promise<ExitCode> {
  const { task, names, isTogether = false } = work;
  const options = readPictureOptions(call, task.name);
  const hasWords =
    !isTogether && call.arguments.length > names.length && call.options['filesFrom'] === undefined;
  const missing = hasWords ? missingWords(task.name, call.arguments[0], names) : undefined;
  if (missing !== undefined) throw missing;
  const inputOptions = readInputOptions(call, names);
  const video = readVideoOptions(call);
  await checkOutputsApart(call.options, names);
  // Anything expensive waits until the command line is known to be valid; then the engine's process comes first.
  const isServed =
    options.servers.length > 0 ||
    options.queue !== undefined ||
    (options.usesServer && (mayHaveServer(runtimeFolder()) || (await keepsAlive())));
  const headStart = options.isDryRun || isServed ? undefined : startEngineEarly();
  const { readInputs, joinInputs } = await import('../inputs/read-inputs.js');
  const { createResultWriter } = await import('./create-result-writer.js');

  const over = new AbortController();
  const signal = joinSignals(call.signal, over.signal);
  let isCutShort = true;
  try {
    const inputs = isTogether
      ? joinInputs(names, inputOptions)
      : await readInputs(inputOptions, signal, {
          onEmptyList: tellEmptyList(options),
          onNote: (sentence) => tellNote(sentence, options),
          ownFolders: pictureFolders(options, video),
        });
    const { isSingle, folders } = inputs;
    if (inputOptions.watch !== undefined) {
      tellNote(`waiting for new pictures in ${inputOptions.watch}; Ctrl-C ends it.`, options);
    }
    await checkSingleVideo(video, isSingle);
    await checkSubtitles(options.format, names, video.options, options.output);
    if (options.isDryRun) {
      const { printPrompts } = await import('./print-prompts.js');
      return await printPrompts(inputs, task, options, signal);
    }
    const { openModel } = await import('./open-model.js');
    if (sharesNames(options)) {
      const { checkLabelNames } = await import('./check-label-names.js');
      checkLabelNames(inputs.known, folders);
    }
    const kept = keepFiles(options.isOverwriting);
    const pictureWriter = await openPictureWriter(options, inputs, kept);
    const frames = await openFrameFiles(options.framesTo, kept);
    const onNote = (sentence: string): void => tellNote(sentence, options);
    const videoPlaces = await openVideoPlaces(video.options, { ...options, folders, onNote });
    const things = task.things ?? [];
    tellCommas(things, options);
    const live = await openLivePicture(options);
    const resultWriter = await createResultWriter({
      ...options,
      beforeWrite: live?.hide.bind(live),
      isSingle,
      folders,
      things,
      frames,
      kept,
      onNote,
      signal: call.signal,
    });
    const { skipExisting } = await import('./skip-existing.js');
    const wanted = options.skipsExisting
      ? skipExisting(inputs, resultWriter.has ? resultWriter : pictureWriter, (count) =>
          tellSkipped(count, options),
        )
      : inputs;
    let engine: Engine | undefined;
    const summary = new BatchSummary();
    let exitCode: ExitCode = exitCodes.ok;
    try {
      engine = await openModel(options, call.signal, headStart);
      // The model loads in its own process while this one gets ready; whoever waits for it sees a failure.
      engine.load().catch(() => undefined);
      const { runInputs } = await import('./run-inputs.js');
      const run = {
        inputs: wanted,
        task,
        engine,
        options,
        video,
        resultWriter,
        pictureWriter,
        frames,
        videoPlaces,
        live,
        summary,
        signal,
      };
      exitCode = await runInputs(run);
      isCutShort = false;
      if (summary.answered > 0) tellJoined(things, summary, options);
      if (exitCode === exitCodes.ok && options.format === 'text' && !options.isQuiet) {
        const { tellDemo } = await import('./tell-demo.js');
        await tellDemo(engine);
      }
      if (options.usesServer && !options.isQuiet && process.stderr.isTTY) await tellKeepAlive(engine);
    } finally {
      // Even when the work was cut short: what was written so far becomes a complete document.
      try {
        await resultWriter.end(!isCutShort ? 'complete' : call.signal.aborted ? 'stopped' : 'failed');
        tellEnd(
          {
            summary,
            options,
            video,
            inputs,
            isCutShort,
            canSkip: (resultWriter.has ?? pictureWriter.has) !== undefined,
          },
          call,
        );
      } finally {
        await engine?.close();
      }
    }
    return exitCode;
  } finally {
    // Nobody is waiting any longer for what may still arrive on stdin.
    over.abort();
    headStart?.giveUp();
  }
}

/** Where this run writes pictures, or videos that may count as such. */
function pictureFolders(options: PictureOptions, { options: video }: VideoCall): string[] {
  const { overlay, masks, cutout, framesTo, split, output } = options;
  const places = [overlay, masks, cutout, framesTo, video.annotate, video.contactSheet];
  const withSplit = split === undefined ? places : [...places, output];
  return withSplit.filter((place) => place !== undefined);
}

/** `"cow,tractor"` is one thing to the model. */
function tellCommas(things: readonly string[], options: PictureOptions): void {
  const [list] = things.filter((thing) => thing.includes(','));
  if (list === undefined) return;
  const parted = list
    .split(',')
    .map((thing) => thing.trim())
    .join(' ; ');
  tellNote(`"${list}" is asked for as one thing; semicolons separate several: "${parted}".`, options);
}

/** `"cow tractor"` is one thing, too; a colour before a name is meant so, and is found or not. */
function tellJoined(things: readonly string[], { found }: BatchSummary, options: PictureOptions): void {
  const hint = hintAtSemicolons(things, found);
  if (hint !== undefined) tellNote(hint, options);
}

function tellSkipped(count: number, options: PictureOptions): void {
  const what = count === 1 ? 'a picture has its file' : `${count} pictures have their files`;
  if (count > 0) tellNote(`${what} already and ${count === 1 ? 'was' : 'were'} skipped.`, options);
}

function tellNote(sentence: string, { isQuiet }: PictureOptions): void {
  if (!isQuiet) process.stderr.write(`note: ${printablePath(sentence)}\n`);
}

/** On a terminal: one picture for all frames of a video. */
async function openLivePicture({ show, showsEvery }: PictureOptions): Promise<LivePicture | undefined> {
  if (show === 'off' || showsEvery || process.stdout.isTTY !== true) return undefined;
  const { chooseShown } = await import('./show-picture.js');
  const { LivePicture } = await import('./live-picture.js');
  const choice = await chooseShown(show);
  return choice && new LivePicture(choice, process.stdout);
}

async function openFrameFiles(
  folder: string | undefined,
  { onKept }: KeptFiles,
): Promise<FrameFiles | undefined> {
  if (folder === undefined) return undefined;
  const { createFrameFiles } = await import('../../render/frame-files.js');
  return createFrameFiles(folder, onKept);
}

function tellEmptyList({ isQuiet }: PictureOptions): (list: string) => void {
  return (list) => {
    const shown = list === '-' ? 'on standard input' : printablePath(list);
    if (!isQuiet) process.stderr.write(`note: the list ${shown} is empty.\n`);
  };
}

async function openPictureWriter(
  options: PictureOptions,
  { isSingle, folders }: Inputs,
  { onKept }: KeptFiles,
): Promise<PictureWriter> {
  const { overlay, labels, redact, masks, cutout } = options;
  if ([overlay, masks, cutout].every((path) => path === undefined)) return { write: async () => undefined };
  const { createPictureWriter } = await import('./write-pictures.js');
  return createPictureWriter({ overlay, labels, redact, masks, cutout, isSingle, folders, onKept });
}

/** Only for people: in a log it would be noise. */
async function tellKeepAlive(engine: Engine): Promise<void> {
  const { noteKeepAlive } = await import('../../models/servers/note-keep-alive.js');
  const note = await noteKeepAlive(await engine.load(), runtimeFolder());
  if (note !== undefined) process.stderr.write(`note: ${note}\n`);
}

/** Read only when a command runs: help needs neither settings nor the store. */
async function keepsAlive(): Promise<boolean> {
  const { readKeepAliveSetting } = await import('./read-keep-alive-setting.js');
  return (await readKeepAliveSetting()) !== undefined;
}

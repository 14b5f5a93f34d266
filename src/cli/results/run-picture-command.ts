import { exitCodes, type ExitCode } from '../../base/errors.js';
import { continueHeadStart } from '../../models/prestart-engine.js';
import { mayHaveServer } from '../../models/servers/may-have-server.js';
import { runtimeFolder } from '../../models/servers/runtime-folder.js';
import type { Engine } from '../../models/open-engine.js';
import type { Task } from '../../tasks/prompts/task.js';
import type { CommandCall } from '../options/command-definition.js';
import { readInputOptions } from '../options/input-options.js';
import { sharesNames } from './shares-names.js';
import { missingWords } from '../options/missing-words.js';
import { checkOutputsApart } from '../options/check-outputs-apart.js';
import { checkSubtitles } from '../options/check-subtitles.js';
import { readPictureOptions } from '../options/read-picture-options.js';
import { keepFiles } from './kept-files.js';
import { checkSingleVideo, readVideoOptions } from '../options/video-options.js';
import { BatchSummary } from './batch-summary.js';
import { openFrameFiles, openLivePicture, openPictureWriter, pictureFolders } from './open-writers.js';
import { tellCommas, tellEmptyList, tellJoined, tellKeepAlive, tellNote, tellSkipped } from './run-notes.js';
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
    (options.usesServer && mayHaveServer(runtimeFolder()));
  const headStart = continueHeadStart(call.headStart, !options.isDryRun && !isServed);
  const { readInputs, joinInputs } = await import('../inputs/read-inputs.js');
  const { createResultWriter } = await import('./create-result-writer.js');

  const over = new AbortController();
  const signal = joinSignals(call.signal, over.signal);
  let isCutShort = true;
  try {
    // Read beside the process that starts: most people have not set it.
    if (headStart !== undefined && options.usesServer && (await keepsAlive())) headStart.giveUp();
    const inputs = isTogether
      ? joinInputs(names, inputOptions)
      : await readInputs(inputOptions, signal, {
          onEmptyList: tellEmptyList(options),
          onNote: (sentence) => tellNote(sentence, options),
          ownFolders: pictureFolders(options, video),
        });
    const { isSingle, folders } = inputs;
    if (inputOptions.watch !== undefined) {
      tellNote(`waiting for new pictures and videos in ${inputOptions.watch}; Ctrl-C ends it.`, options);
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
      const { hasPictureExtension } = await import('../../tasks/inputs/list-folder.js');
      checkLabelNames(inputs.known.filter(hasPictureExtension), folders);
    }
    const kept = keepFiles(options.isOverwriting);
    const pictureWriter = await openPictureWriter(options, inputs, video, kept);
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

/** Read only when a command runs: help needs neither settings nor the store. */
async function keepsAlive(): Promise<boolean> {
  const { readKeepAliveSetting } = await import('./read-keep-alive-setting.js');
  return (await readKeepAliveSetting()) !== undefined;
}

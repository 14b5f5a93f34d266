import { CancelledError } from '../base/errors.js';
import { limitConcurrency } from '../base/semaphore.js';
import { joinSignals } from '../base/signals/join-signals.js';
import { onAbort } from '../base/signals/on-abort.js';
import type { TaskName } from '../base/task-name.js';
import type { Engine } from '../models/open-engine.js';
import { toResultObject, type ResultObject } from '../render/formats/result-object.js';
import { toEventObject, type EventObject } from '../render/formats/event-stream.js';
import { openJournal } from '../tasks/journal/open-journal.js';
import type { ResultJournal } from '../tasks/journal/result-journal.js';
import { makeTask, splitCall } from './make-task.js';
import type { Model, ModelInfo, ObjectsResult, TaskArguments, TextResult, VideoArguments } from './model.js';
import { answerOne, toCancelled, type OneQuestion } from './answer-one.js';
import { readOptions, readVideoCall } from './read-options.js';
import { readPictures, readVideo } from './read-subject.js';
import { streamAnswer } from './stream-answer.js';
import { toVideoOptions } from './video-fields.js';

/** Pictures that are decoded or asked about at the same time; calls beyond that wait, so that memory has a bound. */
const MAX_CALLS = 64;
/** Frames of a video under way at the same time. */
const FRAME_JOBS = 8;

/** A model that was opened. */
export interface OpenedModel {
  readonly engine: Engine;
  readonly info: ModelInfo;
  /** What loading took; the first result tells it. */
  readonly loadMs: number;
  readonly allowsPrivate: boolean;
  readonly onNote: (sentence: string) => void;
  /** Closes the model when it is aborted. */
  readonly signal: AbortSignal | undefined;
}

/** The methods of Model on an engine. */
export class LoadedModel implements Model {
  readonly info: ModelInfo;
  readonly #opened: OpenedModel;
  readonly #engine: Engine;
  readonly #closed = new AbortController();
  readonly #inTurn = limitConcurrency(MAX_CALLS);
  readonly #stopListening: () => void;
  #closing: Promise<void> | undefined;

  constructor(opened: OpenedModel) {
    this.#opened = opened;
    this.info = opened.info;
    this.#engine = countLoadOnce(opened);
    this.#stopListening = onAbort(opened.signal, () => void this.close());
  }

  caption(...call: TaskArguments['caption']): Promise<TextResult> {
    return this.#answer('caption', call);
  }

  describe(...call: TaskArguments['describe']): Promise<TextResult> {
    return this.#answer('describe', call);
  }

  ocr(...call: TaskArguments['ocr']): Promise<TextResult> {
    return this.#answer('ocr', call);
  }

  answer(...call: TaskArguments['answer']): Promise<TextResult> {
    return this.#answer('answer', call);
  }

  question(...call: TaskArguments['question']): Promise<TextResult> {
    return this.#answer('question', call);
  }

  async detect(...call: TaskArguments['detect']): Promise<ObjectsResult> {
    return (await this.#answer('detect', call)) as ObjectsResult;
  }

  async segment(...call: TaskArguments['segment']): Promise<ObjectsResult> {
    return (await this.#answer('segment', call)) as ObjectsResult;
  }

  ask(...call: TaskArguments['ask']): Promise<TextResult> {
    return this.#answer('ask', call);
  }

  async *stream<Name extends TaskName>(
    task: Name,
    ...call: TaskArguments[Name]
  ): AsyncGenerator<EventObject, void, undefined> {
    for await (const event of streamAnswer(this.#readCall(task, call))) yield toEventObject(event);
  }

  async *video<Name extends TaskName>(
    name: Name,
    ...call: VideoArguments[Name]
  ): AsyncGenerator<ResultObject, void, undefined> {
    const { words, subject, options } = splitCall(name, call);
    const read = readVideoCall(name, options);
    const task = makeTask(name, words, read);
    const signal = this.#signalFor(read.signal);
    const run = { ...read.run, video: toVideoOptions(read.video), signal };
    let journal: ResultJournal | undefined;
    try {
      const asked = { ...run, similarity: run.video.similarity };
      journal = await openJournal(read.video.resume, { task, engine: this.#engine }, asked, signal);
      const video = await readVideo(subject, this.#opened.allowsPrivate, signal);
      // Much code, which pictures do without.
      const { processVideo } = await import('../tasks/videos/process-video.js');
      const shared = { jobs: FRAME_JOBS, keepsImages: false, onNote: this.#opened.onNote, journal };
      for await (const { result } of processVideo(video, task, this.#engine, { ...run, ...shared })) {
        yield toResultObject(result);
      }
    } catch (error) {
      throw toCancelled(error, signal);
    } finally {
      await journal?.close();
    }
  }

  close(): Promise<void> {
    this.#stopListening();
    this.#closed.abort(new CancelledError('The model was closed.'));
    return (this.#closing ??= this.#opened.engine.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #answer(name: TaskName, call: readonly unknown[]): Promise<TextResult> {
    const question = this.#readCall(name, call);
    const result = await this.#inTurn(() => answerOne(question));
    // An answer has these fields: without one there is an error, which was thrown.
    return toResultObject(result) as TextResult;
  }

  #readCall(name: TaskName, call: readonly unknown[]): OneQuestion {
    const { words, subject, options } = splitCall(name, call);
    const read = readOptions(name, options);
    return {
      task: makeTask(name, words, read),
      input: readPictures(subject, this.#opened.allowsPrivate),
      engine: this.#engine,
      options: read.run,
      signal: this.#signalFor(read.signal),
    };
  }

  #signalFor(signal: AbortSignal | undefined): AbortSignal {
    return joinSignals(this.#closed.signal, signal);
  }
}

/** The same engine, which tells once what loading took: later answers have waited for none. */
function countLoadOnce({ engine, loadMs }: OpenedModel): Engine {
  let untold = loadMs;
  return {
    load: async (onShare) => {
      const info = await engine.load(onShare);
      const told = { ...info, loadMs: untold };
      untold = 0;
      return told;
    },
    findImageSize: () => engine.findImageSize(),
    ask: (request, signal) => engine.ask(request, signal),
    decodeMasks: (codes) => engine.decodeMasks(codes),
    close: () => engine.close(),
  };
}

import { CancelledError, InputError } from '../../../base/errors.js';
import { isObjectTask } from '../../../base/task-name.js';
import type { ResultFrame, TaskResult } from '../../../base/task-result.js';
import { parseTaskLine } from '../../../tasks/prompts/parse-task-line.js';
import { describeInput } from '../../../tasks/answers/answer-input.js';
import { streamAnswer, type AnswerProgress } from '../../../tasks/answers/stream-answer.js';
import type { Task } from '../../../tasks/prompts/task.js';
import { openEach, openMedia } from './open-media.js';
import { runVideoPrompt } from './run-video-prompt.js';
import type { Session } from '../state/session.js';
import { currentPicture, isWholeVideo, type OpenPicture } from '../state/session-state.js';
import { untilAborted } from '../state/until-aborted.js';

/** Twenty times a second is smooth enough for text, and leaves the time for keys. */
const PROGRESS_MS = 50;
/** Masks of a growing answer are placed in a picture of at most this side: previews have no more pixels. */
const PREVIEW_MASK_PIXELS = 96;

/**
 * Answer a line: open the pictures that it names, then run its task on them, one after the other. `ask` puts
 * several into one prompt. A video is answered sample by sample, unless one of its frames was chosen. Without any the current picture is asked about; without text they are opened only.
 *
 * @throws {InputError} no picture is open. {UsageError} the line is wrong. {CancelledError} it was stopped before
 * the first token. {EngineError} and others: the answer failed.
 */
export async function runPrompt(
  session: Session,
  { text, paths }: { readonly text: string; readonly paths: readonly string[] },
  line: string,
  signal: AbortSignal,
): Promise<void> {
  if (text === '') return openEach(session, paths, line, signal);
  const task = parseTaskLine(text, session.state.settings.language);
  session.store.dispatch({ type: 'prompted', line, labels: task.things ?? [] });
  session.store.dispatch({
    type: 'run',
    run: {
      line,
      step: paths.length > 0 ? 'opening the picture' : 'loading the model',
      isObjectTask: isObjectTask(task.name),
    },
  });
  const opened = await openMedia(session, paths, undefined, signal);
  const current = currentPicture(session.state);
  if (current === undefined) {
    throw new InputError('NO_PICTURE', 'No picture is open.', {
      hint: 'Drop a file here, type @ and a path, or /open PATH.',
    });
  }
  const pictures = opened.length === 0 ? [current] : opened;
  const isTogether = task.name === 'ask' && !pictures.some(isWholeVideo);
  const groups = isTogether ? [pictures] : pictures.map((picture) => [picture]);
  for (const group of groups) {
    const [first] = group;
    session.store.dispatch({
      type: 'run',
      run: { line, step: 'loading the model', isObjectTask: isObjectTask(task.name) },
    });
    const isOneOfSeveral = pictures.length > 1;
    const isWhole = isWholeVideo(first)
      ? await runVideoPrompt(session, task, first, { line, isOneOfSeveral }, signal)
      : await answer(session, task, group, line, isOneOfSeveral, signal);
    if (!isWhole) return;
  }
}

/** @returns false when the answer was stopped and what was there of it is shown. */
async function answer(
  session: Session,
  task: Task,
  pictures: readonly OpenPicture[],
  line: string,
  isOneOfSeveral: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const { host, store, state } = session;
  const { settings } = state;
  const [picture] = pictures;
  const { engine } = await untilAborted(session.model.find(), signal);
  const info = await untilAborted(engine.load(), signal);
  store.dispatch({ type: 'model', model: { device: info.device, dtype: info.dtype, phase: 'ready' } });
  store.dispatch({
    type: 'run',
    run: { line, step: 'reading the prompt', isObjectTask: isObjectTask(task.name) },
  });
  const startedAt = host.now();
  let last: AnswerProgress | undefined;
  const shrunk = pictures.map((one) => session.modelPictures.shrink(one, info.imageSize));
  const question = {
    ...{ name: picture.name, task, engine, info },
    pictures: await untilAborted(Promise.all(shrunk), signal),
    frame: frameOf(picture),
    options: {
      sampling: { temperature: settings.temperature, topP: settings.topP, seed: settings.seed },
      maxTokens: settings.maxTokens,
      isConstrained: settings.isConstrained,
      locScale: settings.locScale,
      jobs: 1,
      keepsImages: false,
      signal,
    },
  };
  const { width, height } = picture.image;
  const shrink = Math.min(1, PREVIEW_MASK_PIXELS / Math.max(width, height));
  const maskSize = { width: Math.ceil(width * shrink), height: Math.ceil(height * shrink) };
  const work = streamAnswer(question, { maskSize, intervalMs: PROGRESS_MS }, (progress) => {
    if (signal.aborted) return;
    last = progress;
    store.dispatch({ type: 'progress', progress });
  });
  let isCancelled = false;
  let result: TaskResult;
  try {
    result = await untilAborted(work, signal);
  } catch (error) {
    if (!(error instanceof CancelledError) || last === undefined || last.tokens === 0) throw error;
    isCancelled = true;
    result = { ...describeInput(question, picture.image), ...keepWhatIsThere(task, last) };
  }
  const seconds = (host.now() - startedAt) / 1000;
  const detections = result.detections ?? [];
  // A stopped answer is put away at once: its picture is not drawn again.
  const shown =
    detections.length > 0 && !isCancelled
      ? await host.drawPicture(picture, detections, settings.preview)
      : undefined;
  store.dispatch({
    type: 'finish',
    block: {
      type: 'answer',
      line,
      result,
      seconds,
      isCancelled,
      shown,
      pictureName: isOneOfSeveral ? pictures.map(({ name }) => name).join(', ') : undefined,
      maxTokens: settings.maxTokens ?? task.maxTokens,
    },
    answer: { result, picture },
  });
  return !isCancelled;
}

function frameOf({ video }: OpenPicture): ResultFrame | undefined {
  if (video?.place === undefined) return undefined;
  const { index, timeSeconds, endSeconds } = video.place;
  return { index, timeSeconds, endSeconds };
}

function keepWhatIsThere(
  task: Task,
  { text, objects }: AnswerProgress,
): Pick<TaskResult, 'text' | 'detections'> {
  const isObjects = isObjectTask(task.name);
  // Masks of the preview's size are no masks of the picture.
  const detections = objects.map(({ mask: _, ...rest }) => rest);
  return {
    ...(isObjects ? {} : { text }),
    ...(isObjects || detections.length > 0 ? { detections } : {}),
  };
}

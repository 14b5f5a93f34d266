import { CancelledError } from '../../../base/errors.js';
import type { Size } from '../../../base/geometry.js';
import { isObjectTask } from '../../../base/task-name.js';
import type { ResultFrame, TaskResult } from '../../../base/task-result.js';
import { describeInput, type InputQuestion } from '../../../tasks/answers/answer-input.js';
import { foundLabels, hintAtSemicolons } from '../../../tasks/answers/hint-at-semicolons.js';
import { streamAnswer, type AnswerProgress } from '../../../tasks/answers/stream-answer.js';
import type { Task } from '../../../tasks/prompts/task.js';
import { readyEngine, showAnswering } from './ready-engine.js';
import type { Session } from '../state/session.js';
import type { OpenPicture } from '../state/session-state.js';
import type { ShowWord } from '../../../render/terminal-picture/show-words.js';
import { packMasks } from '../../../tasks/videos/pack-masks.js';
import { shrinkTiles } from '../../../tasks/inputs/shrink-pictures.js';
import { runOptionsOf } from '../state/settings.js';
import { untilAborted } from '../state/until-aborted.js';

/** Twenty times a second is smooth enough for text, and leaves time to handle keys. */
const PROGRESS_MS = 50;
/** Masks of a growing answer are placed in a picture with sides of at most this: previews have no more pixels. */
const PREVIEW_MASK_PIXELS = 96;

/** How a prompt was asked. */
export interface PromptCall {
  readonly line: string;
  /** The same line has other answers. */
  readonly isOneOfSeveral: boolean;
}

/**
 * Run a task on the pictures of one prompt, and show the answer as it grows and when it is complete.
 *
 * @returns false when it was stopped and the partial answer is shown.
 * @throws {CancelledError} it was stopped before the first token. {EngineError} and others: it failed.
 */
export async function answerPictures(
  session: Session,
  task: Task,
  pictures: readonly OpenPicture[],
  call: PromptCall,
  signal: AbortSignal,
): Promise<boolean> {
  const { settings } = session.state;
  const { engine, info } = await readyEngine(session, signal);
  session.store.dispatch({
    type: 'run',
    run: { line: call.line, step: 'reading the prompt', isObjectTask: isObjectTask(task.name) },
  });
  const startedAt = session.host.now();
  const shrunk = pictures.map((one) => session.modelPictures.shrink(one, info.imageSize));
  const [picture] = pictures;
  const question = {
    ...{ name: picture.name, task, engine, info },
    pictures: await untilAborted(Promise.all(shrunk), signal),
    ...(settings.tiles > 1 &&
      isObjectTask(task.name) && {
        tiles: await untilAborted(shrinkTiles(picture.image, info.imageSize, settings.tiles), signal),
      }),
    frame: frameOf(picture),
    options: { ...runOptionsOf(settings), jobs: 1, keepsImages: false, signal },
  };
  const answer = await watchAnswer(session, question, picture.image);
  if (!answer.isCancelled) await showAnswering(session, question, signal);
  const seconds = (session.host.now() - startedAt) / 1000;
  const maxTokens = settings.maxTokens ?? task.maxTokens;
  await showAnswer(session, settings.preview, pictures, { ...call, ...answer, seconds, maxTokens });
  const hint = hintAtSemicolons(task.things ?? [], foundLabels(answer.result.detections));
  if (hint !== undefined && !answer.isCancelled) session.addBlock({ type: 'note', text: hint, tone: 'dim' });
  return !answer.isCancelled;
}

/** Ask, and show the answer on the screen as it grows. When stopped, the partial answer is the result. */
async function watchAnswer(
  { store }: Session,
  question: InputQuestion,
  picture: Size,
): Promise<{ readonly result: TaskResult; readonly isCancelled: boolean }> {
  const { signal } = question.options;
  let last: AnswerProgress | undefined;
  const work = streamAnswer(
    question,
    { maskSize: previewMaskSize(picture), intervalMs: PROGRESS_MS },
    (progress) => {
      if (signal.aborted) return;
      last = progress;
      store.dispatch({ type: 'progress', progress });
    },
  );
  try {
    return { result: await untilAborted(work, signal), isCancelled: false };
  } catch (error) {
    if (!(error instanceof CancelledError) || last === undefined || last.tokens === 0) throw error;
    const result = { ...describeInput(question, picture), ...keepWhatIsThere(question.task, last) };
    return { result, isCancelled: true };
  }
}

/** The answer as a block, with its picture. */
async function showAnswer(
  { host, store }: Session,
  preview: ShowWord,
  pictures: readonly OpenPicture[],
  answer: PromptCall & {
    readonly result: TaskResult;
    readonly isCancelled: boolean;
    readonly seconds: number;
    readonly maxTokens: number;
  },
): Promise<void> {
  const { result, isCancelled, isOneOfSeveral, ...rest } = answer;
  const [picture] = pictures;
  const { detections = [] } = result;
  // A stopped answer is finished at once: its picture is not drawn again.
  const isDrawn = detections.length > 0 && !isCancelled;
  const shown = isDrawn ? await host.drawPicture(picture, detections, preview) : undefined;
  store.dispatch({
    type: 'finish',
    block: {
      type: 'answer',
      ...{ ...rest, result, isCancelled, shown },
      pictureName: isOneOfSeveral ? pictures.map(({ name }) => name).join(', ') : undefined,
    },
    // Masks of large pictures would fill the memory.
    answer: { line: rest.line, result: packMasks(result), picture },
  });
}

function previewMaskSize({ width, height }: Size): Size {
  const shrink = Math.min(1, PREVIEW_MASK_PIXELS / Math.max(width, height));
  return { width: Math.ceil(width * shrink), height: Math.ceil(height * shrink) };
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
  // Masks at the preview's size are not masks of the picture.
  const detections = objects.map(({ mask: _, ...rest }) => rest);
  return {
    ...(isObjects ? {} : { text }),
    ...(isObjects || detections.length > 0 ? { detections } : {}),
  };
}

import type { Size } from '../../base/geometry.js';
import type { ResultFrame, TaskResult } from '../../base/task-result.js';
import type { Engine, EngineInfo } from '../../engine/engine.js';
import type { PromptPictures } from '../inputs/shrink-pictures.js';
import type { RunOptions } from '../inputs/run-options.js';
import { promptOf, type Task } from '../prompts/task.js';
import { askAboutPictures, type Answer } from './ask-about-pictures.js';
import { askInParts, type WatchPart } from './ask-in-parts.js';
import { tellProgress } from './tell-progress.js';

/**
 * A task and what it is about: a picture, several pictures for one prompt, or a frame, for an engine that is loaded.
 */
export interface InputQuestion extends PromptPictures {
  /** The input's name in results. */
  readonly name: string;
  readonly task: Task;
  readonly engine: Engine;
  readonly info: EngineInfo;
  readonly options: RunOptions;
  /** The input's number, from 0, for events. */
  readonly inputNumber?: number;
  readonly frame?: ResultFrame | undefined;
  /** How long loading the model took, if this input's result reports it: the model is loaded once for all inputs. */
  readonly loadMs?: number;
  /** Called with every event of the engine, instead of `options.onEvent`. */
  readonly watch?: WatchPart;
}

/**
 * Ask about one input: the only path from prepared pictures to results.
 *
 * @returns a result for each of `options.answers`, in the order of their seeds.
 * @throws what the engine's `ask` and `decodeMasks` throw.
 */
export async function answerInput(question: InputQuestion): Promise<TaskResult[]> {
  const { answers = 1, sampling } = question.options;
  const known = describeInput(question, question.pictures[0].size);
  return Promise.all(
    Array.from({ length: answers }, async (_, answerNumber) => {
      const options = {
        ...question.options,
        sampling: { ...sampling, seed: sampling.seed + answerNumber },
      };
      const watch = question.watch ?? watchAnswer(question, answers > 1 ? { answerNumber } : {});
      const {
        timings,
        device = question.info.device,
        ...answer
      } = await ask({ ...question, options }, watch);
      return {
        ...known,
        ...answer,
        model: { ...describeModel(question.info), device },
        ...(timings && { timings: { ...timings, loadMs: question.loadMs ?? 0 } }),
      };
    }),
  );
}

/** What is known about an input's result before the answer. */
export function describeInput(
  { name, task, info, frame }: Pick<InputQuestion, 'name' | 'task' | 'info' | 'frame'>,
  { width, height }: Size,
): TaskResult {
  return {
    input: name,
    task: task.name,
    prompt: promptOf(task),
    model: describeModel(info),
    image: { width, height },
    ...(frame && { frame }),
  };
}

function describeModel({ model, dtype, device }: EngineInfo): NonNullable<TaskResult['model']> {
  return { name: model, dtype, device };
}

async function ask(question: InputQuestion, watch: WatchPart | undefined): Promise<Answer> {
  const isInParts = question.task.parts !== undefined || question.tiles !== undefined;
  if (isInParts) return askInParts(question, watch);
  return askAboutPictures({ ...question, onEvent: watch?.({}) });
}

/** An answer's tokens and boxes as events. */
function watchAnswer(
  { inputNumber = 0, pictures, options }: InputQuestion,
  answer: { readonly answerNumber?: number },
): WatchPart | undefined {
  const { onEvent, locScale, alternatives } = options;
  if (onEvent === undefined) return undefined;
  return ({ tile, ...part }) => {
    const place = { inputNumber, ...answer, ...part };
    return tellProgress({ place, picture: pictures[0].size, tile, locScale, alternatives }, onEvent);
  };
}

import type { Device } from '../../base/dtype.js';
import type { ResultToken, TaskResult } from '../../base/task-result.js';
import type { DoneEvent, Engine, EngineEvent, EngineRequest } from '../../engine/engine.js';
import { readAnswer } from './read-answer.js';
import type { RunOptions } from '../inputs/run-options.js';
import type { ModelPicture } from '../inputs/to-model-picture.js';
import type { Task } from '../prompts/task.js';
import { toResultToken } from './to-result-token.js';

/** One prompt about pictures. */
export interface PictureQuestion {
  readonly task: Task;
  /** In prompt order, at least one. Boxes of the answer are placed in the first. */
  readonly pictures: readonly ModelPicture[];
  readonly engine: Engine;
  readonly options: RunOptions;
  /** Called with every event of the engine. */
  readonly onEvent?: ((event: EngineEvent) => void) | undefined;
}

/** What a prompt gave: the result fields that depend on the answer. */
export interface Answer extends Omit<TaskResult, 'input' | 'model' | 'image'> {
  /** Where it was answered, if that is not what the engine said when it was loaded. */
  readonly device?: Device | undefined;
}

/** Send the prompt, wait for the whole answer and read it. Loading time is not counted. */
export async function askAboutPictures(question: PictureQuestion): Promise<Answer> {
  const { task, pictures, engine, options } = question;
  const { locScale, minScore } = options;
  const [{ size }] = pictures;
  const prompt = task.promptFor?.(size) ?? task.prompt;
  const draft = options.lastAnswers?.get(prompt);
  const done = await lastEvent(
    engine.ask(
      {
        images: pictures.map(({ pixels }) => pixels),
        prompt,
        maxTokens: options.maxTokens ?? task.maxTokens,
        sampling: options.sampling,
        alternatives: options.alternatives ?? 0,
        ...constrain(task, options),
        ...(draft && { draft }),
      },
      options.signal,
    ),
    question.onEvent,
  );
  options.lastAnswers?.set(prompt, done);
  const { visionMs, prefillMs, generateMs, acceptedTokens } = done.timings;
  return {
    task: task.name,
    prompt,
    ...(await readAnswer({ task, done, picture: size, locScale, minScore, engine })),
    truncated: done.stop === 'length',
    device: done.device,
    ...(options.alternatives === undefined ? {} : { tokens: toResultTokens(done, options.alternatives) }),
    timings: {
      loadMs: 0,
      decodeMs: pictures.reduce((sum, picture) => sum + picture.decodeMs, 0),
      visionMs,
      prefillMs,
      generateMs,
      tokensPerSecond: tokensPerSecond(done.tokens.length, generateMs),
      ...(acceptedTokens !== undefined && { acceptedTokens }),
    },
  };
}

/** What constrains the answer: the task's grammar, and the names of what was asked for. */
function constrain(
  { constraint, things }: Task,
  { isConstrained, isAnyLabel }: RunOptions,
): Pick<EngineRequest, 'constraint' | 'labels'> {
  if (!isConstrained || constraint === undefined) return {};
  return { constraint, ...(things && isAnyLabel !== true && { labels: things }) };
}

async function lastEvent(
  events: AsyncIterable<EngineEvent>,
  onEvent: PictureQuestion['onEvent'],
): Promise<DoneEvent> {
  for await (const event of events) {
    onEvent?.(event);
    if (event.type === 'done') return event;
  }
  throw new Error('The engine ended an answer without saying that it is done.');
}

function toResultTokens(done: DoneEvent, alternatives: number): ResultToken[] {
  return done.tokens.map((token) => toResultToken(token, alternatives));
}

/** generateMs runs from the first token to the last, so it covers one token less. */
function tokensPerSecond(tokens: number, generateMs: number): number {
  return tokens > 1 && generateMs > 0 ? ((tokens - 1) * 1000) / generateMs : 0;
}

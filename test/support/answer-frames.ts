import type { ModelPixels } from '../../src/base/image.js';
import { AliveJobs } from '../../src/engine/child/active-jobs.js';
import type { ImageEncoder } from '../../src/engine/child/image-encoder.js';
import { createJob } from '../../src/engine/child/job.js';
import { Outbox } from '../../src/engine/child/scheduler-output.js';
import type { DoneEvent, EngineRequest } from '../../src/engine/engine.js';
import type { LoadedModel } from '../../src/engine/model/loaded-model.js';
import { toModelPixels } from '../../src/image/resize/to-model-pixels.js';
import { LastAnswers } from '../../src/tasks/answers/last-answers.js';
import type { Task } from '../../src/tasks/prompts/task.js';
import type { PaliTokenizer } from '../../src/tokens/tokenizer.js';
import { sampleFrames } from '../../src/video/frames/sample-frames.js';
import { probeVideo } from '../../src/video/probe/probe-video.js';

/** A video's frames as the model takes them. */
export async function readFrames(path: string, everySeconds: number, side: number): Promise<ModelPixels[]> {
  const frames: ModelPixels[] = [];
  const sampling = { kind: 'every', everySeconds } as const;
  for await (const { image, release } of sampleFrames(await probeVideo(path), { sampling })) {
    frames.push(toModelPixels(image, side));
    release();
  }
  return frames;
}

/** How frames are answered. */
export interface AnswerFramesOptions {
  readonly encoder: ImageEncoder;
  readonly tokenizer: PaliTokenizer;
  readonly task: Task;
  /** Frames that are answered at the same time. */
  readonly together: number;
  /** Whether the last answer is a draft for the next, and forced tokens go together; else every token has its own run. */
  readonly hasDrafts: boolean;
}

/**
 * Ask the same about every frame, as a video's task does.
 * @returns an answer for each, and how often the decoder ran for their tokens.
 */
export async function answerFrames(
  model: LoadedModel,
  frames: readonly ModelPixels[],
  { encoder, tokenizer, task, together, hasDrafts }: AnswerFramesOptions,
): Promise<{ done: DoneEvent[]; runs: number }> {
  let runs = 0;
  const watched = new Proxy(model, {
    get(target, key: keyof LoadedModel): unknown {
      if (key === 'tokensPerRun' && !hasDrafts) return 1;
      if (key === 'extend') runs++;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
  const done: DoneEvent[] = [];
  const last = new LastAnswers();
  const outbox = new Outbox({
    events: (items) => {
      for (const { id, event } of items) {
        if (event.type !== 'done') continue;
        done[id] = event;
        last.set(task.prompt, event);
      }
    },
    masks: () => undefined,
    failed: (_, error) => {
      throw error;
    },
  });
  const jobs = new AliveJobs(watched, outbox);
  const step = async (): Promise<void> => {
    await jobs.step();
    outbox.flush();
  };
  for (const [id, frame] of frames.entries()) {
    const draft = hasDrafts ? last.get(task.prompt) : undefined;
    const request: EngineRequest = {
      images: [frame],
      prompt: task.prompt,
      maxTokens: task.maxTokens,
      sampling: { temperature: 0, topP: 1, seed: 0 },
      alternatives: 0,
      ...(task.constraint && { constraint: task.constraint }),
      ...(task.things && { labels: task.things }),
      ...(draft && { draft }),
    };
    const { features } = await encoder.encode(frame);
    await jobs.start(createJob(id, request, model.spec, tokenizer), [features]);
    outbox.flush();
    while (jobs.count >= together) await step();
  }
  while (jobs.count > 0) await step();
  return { done, runs };
}

import type { StreamEvent } from '../base/stream-event.js';
import { EngineError } from '../base/errors.js';
import type { SamplingOptions } from '../engine/engine.js';
import type { TaskOutput } from '../tasks/answers/task-output.js';
import type { TaskInput } from '../tasks/inputs/task-input.js';
import type { Task } from '../tasks/prompts/task.js';
import { runTask } from '../tasks/run-task.js';
import { addUsage, meterEngine, type TokenUsage } from './meter-engine.js';
import type { ModelQuery } from './model-pool.js';
import type { FoundModel } from './model-slot.js';
import type { RequestFacts, ServeContext } from './serve-context.js';
import { stopAt } from './stop-at.js';

/** One task on one or several inputs, as a request asks for it. */
export interface Question {
  readonly task: Task;
  readonly inputs: readonly TaskInput[];
  readonly model: ModelQuery;
  readonly sampling: SamplingOptions;
  readonly maxTokens?: number | undefined;
  /** Answers to each input; 1 when absent. */
  readonly answers?: number | undefined;
  /** Alternatives for each token, 0 to 20; no tokens when absent. */
  readonly alternatives?: number | undefined;
  /** Texts that end an answer, left out of it. */
  readonly stops?: readonly string[];
  readonly isConstrained?: boolean;
  /** Objects may have labels other than those asked for. */
  readonly isAnyLabel?: boolean;
  readonly locScale?: 1023 | 1024;
  readonly minScore?: number | undefined;
  readonly tiles?: number | undefined;
  readonly keepsImages?: boolean;
  /** How long the model stays in memory afterwards, milliseconds; the server's default when absent, -1 for ever. */
  readonly keepAliveMs?: number | undefined;
}

/** Called with what happens along the way. */
export interface Watcher {
  readonly onEvent?: (event: StreamEvent) => void;
  readonly onOutput?: (output: TaskOutput) => void;
}

/** What came of a question. */
export interface Answered {
  /** In the order of the inputs, then of the answers. */
  readonly outputs: readonly TaskOutput[];
  readonly usage: TokenUsage;
  readonly model: FoundModel;
}

/** Inputs of one request in progress at the same time. */
const JOBS = 8;

/**
 * Ask the model and wait for every answer. An input that fails becomes an output with an error.
 * @throws {PaliError} there is no model, or no engine. {CancelledError} `signal` was aborted.
 */
export async function answerQuestion(
  server: ServeContext,
  facts: RequestFacts,
  question: Question,
  signal: AbortSignal,
  { onEvent, onOutput }: Watcher = {},
): Promise<Answered> {
  const { task, inputs, stops = [] } = question;
  const usage: TokenUsage = { promptTokens: 0, completionTokens: 0 };
  Object.assign(facts, {
    task: task.name,
    pictures: inputs.reduce((sum, { pictures }) => sum + pictures.length, 0),
  });
  const lease = await server.models.acquire(question.model, signal);
  facts.model = lease.model.name;
  try {
    await lease.loading;
    const metered = meterEngine(lease.engine, (event, sinceMs) => {
      server.metrics.countEvent(event, sinceMs);
      addUsage(usage, event);
    });
    const engine = stops.length === 0 ? metered : stopAt(metered, stops);
    const outputs: TaskOutput[] = [];
    const results = runTask(feed(inputs), task, engine, {
      isConstrained: true,
      locScale: 1023,
      keepsImages: false,
      ...question,
      jobs: JOBS,
      onEvent,
      signal,
    });
    for await (const output of results) {
      outputs.push(output);
      onOutput?.(output);
    }
    return { outputs, usage, model: lease.model };
  } finally {
    facts.tokens = usage.completionTokens;
    lease.release(question.keepAliveMs);
  }
}

/** The outputs of a request that is answered as a whole. @throws the error of the first input that failed. */
export function refuseFailures({ outputs }: Answered): void {
  for (const { thrown, result } of outputs) {
    if (thrown instanceof Error) throw thrown;
    if (result.error !== undefined) throw new EngineError(result.error.code, result.error.message);
  }
}

async function* feed(inputs: readonly TaskInput[]): AsyncGenerator<TaskInput, void, undefined> {
  yield* inputs;
}

import type { EngineInfo, SamplingOptions } from '../../engine/engine.js';
import { promptOf, type Task } from '../prompts/task.js';

/** What all answers in a journal have in common: others would be mixed up with them. */
export interface JournalRun {
  readonly task: string;
  /** Absent where it differs from picture to picture. */
  readonly prompt?: string | undefined;
  readonly model: string;
  readonly dtype: string;
  /** Options that change answers, as far as they differ from the defaults. */
  readonly options: RunVariant;
}

/** Options by their names on the command line. */
export type RunVariant = Readonly<Record<string, string | number | boolean>>;

/** Options of a run that change its answers, as in RunOptions and VideoOptions. */
export interface AnswerOptions {
  readonly sampling: SamplingOptions;
  readonly maxTokens?: number | undefined;
  readonly isConstrained: boolean;
  readonly isAnyLabel?: boolean | undefined;
  readonly alternatives?: number | undefined;
  readonly locScale: number;
  readonly minScore?: number | undefined;
  readonly answers?: number | undefined;
  readonly tiles?: number | undefined;
  readonly similarity?: number | undefined;
}

/** What the answers of a run have in common. */
export function describeRun(
  task: Task,
  { model, dtype }: Pick<EngineInfo, 'model' | 'dtype'>,
  options: AnswerOptions,
): JournalRun {
  const { name, promptFor, variant } = task;
  return {
    task: name,
    ...(promptFor === undefined && { prompt: promptOf(task) }),
    ...{ model, dtype },
    options: { ...(variant !== undefined && { variant }), ...describeOptions(options) },
  };
}

function describeOptions({ sampling, ...options }: AnswerOptions): RunVariant {
  const { temperature, topP, seed } = sampling;
  const isRandom = temperature > 0;
  const given: Record<string, string | number | boolean | undefined> = {
    'max-tokens': options.maxTokens,
    temperature: isRandom ? temperature : undefined,
    'top-p': isRandom && topP < 1 ? topP : undefined,
    seed: isRandom && seed > 0 ? seed : undefined,
    n: (options.answers ?? 1) > 1 ? options.answers : undefined,
    tiles: (options.tiles ?? 1) > 1 ? options.tiles : undefined,
    'min-score': (options.minScore ?? 0) > 0 ? options.minScore : undefined,
    'loc-scale': options.locScale === 1023 ? undefined : options.locScale,
    'any-label': options.isAnyLabel === true ? true : undefined,
    'no-constrain': options.isConstrained ? undefined : true,
    logprobs: options.alternatives,
    'skip-similar': options.similarity,
  };
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string | number | boolean] => {
      return entry[1] !== undefined;
    }),
  );
}

/** Whether two runs had the same options, in any order. */
export function isSameVariant(a: RunVariant, b: RunVariant): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}

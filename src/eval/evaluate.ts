import { exitCodes, type ExitCode } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import type { RunOptions } from '../tasks/inputs/run-options.js';
import { promptOf } from '../tasks/prompts/task.js';
import type { Answered } from './answered.js';
import { numberedLabels, type Dataset } from './dataset.js';
import type { EvalReport } from './eval-report.js';
import type { Example, FaultyExample } from './example.js';
import { exampleTask, type PromptOptions } from './example-task.js';
import { matchResults } from './match-results.js';
import { metricTitles, type MetricName } from './metric-name.js';
import type { FoundResult } from './read-results.js';
import { reportMetric } from './report-scores.js';
import type { ResultsFile } from './results-file.js';
import { runExamples, type ExampleOutput } from './run-examples.js';
import { checkMetricFits, scoreMetric } from './scores/score-metric.js';
import { toAnswer } from './to-answer.js';

/** The metric is computed again on the way only when that took less than this share of the time since. */
const SHARE_OF_TIME = 0.05;

/** How to run over a data set. */
export interface EvaluateOptions {
  readonly metrics: readonly MetricName[];
  /** Examples at most, from the first on; all where absent. */
  readonly limit?: number | undefined;
  readonly prompts: PromptOptions;
  readonly run: RunOptions;
  /** Keeps answers, and has those of an earlier run. */
  readonly kept?: { readonly file: ResultsFile; readonly path: string } | undefined;
  /** Results of another run to compare with. */
  readonly against?: readonly FoundResult[] | undefined;
  readonly onFault: (example: FaultyExample) => void;
  /** @param soFar such as `CIDEr 98.2`, once there is something to measure. */
  readonly onOutput: (output: ExampleOutput, progress: EvalProgress) => void;
}

/** How far a run is. */
export interface EvalProgress {
  readonly done: number;
  readonly total: number;
  readonly soFar?: string;
}

/** A run over a data set. */
export interface Evaluation {
  readonly report: EvalReport;
  readonly answered: readonly Answered[];
  /** ok, or that of the first example that failed. */
  readonly exitCode: ExitCode;
}

/**
 * Ask a model about every example of a data set and measure the answers.
 *
 * @param path of the data set, for the report.
 * @throws {UsageError} a metric does not fit, or the kept answers are another model's.
 * @throws what runExamples throws.
 */
export async function evaluate(
  dataset: Dataset,
  path: string,
  engine: Engine,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { metrics, prompts, run, kept, against, onFault, onOutput } = options;
  const chosen = dataset.examples.slice(0, options.limit ?? dataset.examples.length);
  const faulty = chosen.filter((one): one is FaultyExample => 'error' in one);
  const examples = chosen.filter((one): one is Example => !('error' in one));
  faulty.forEach(onFault);
  // Nobody should wait for a model to hear this.
  metrics.forEach((metric) => checkMetricFits(metric, examples));
  const { model: name, dtype, device } = await engine.load();
  const model = { name, dtype, device };
  const answers = new Map(
    kept === undefined ? [] : takeKept(kept.file.resultsOf(model, kept.path), examples, prompts),
  );
  const left = examples.filter((example) => !answers.has(example));
  let done = examples.length - left.length;
  let exitCode: ExitCode = faulty.length > 0 ? exitCodes.input : exitCodes.ok;
  const describe = describeSoFar(metrics[0], dataset.labels);
  for await (const output of runExamples(left, engine, prompts, run)) {
    const { example, result } = output;
    if (result.error === undefined) answers.set(example, { example, answer: toAnswer(result) });
    else if (exitCode === exitCodes.ok) exitCode = output.exitCode;
    await kept?.file.add(result, example);
    const soFar = describe(answers);
    onOutput(output, {
      done: ++done,
      total: examples.length,
      ...(soFar !== undefined && { soFar }),
    });
  }
  const answered = examples.flatMap((example) => answers.get(example) ?? []);
  const before = against && matchResults(against, examples, numberedLabels(dataset)).answered;
  const report = {
    dataset: { path, kind: dataset.kind },
    model,
    answered: answered.length,
    failed: chosen.length - answered.length,
    metrics: metrics.map((metric) => reportMetric(metric, answered, dataset.labels, before)),
  };
  return { report, answered, exitCode };
}

/** Answers of an earlier run to the same prompts. */
function takeKept(
  results: readonly FoundResult[],
  examples: readonly Example[],
  prompts: PromptOptions,
): [Example, Answered][] {
  const byId = new Map(
    results.flatMap((result) => result.ids.slice(0, 1).map((id) => [id, result] as const)),
  );
  return examples.flatMap((example) => {
    const result = byId.get(example.id);
    if (result === undefined || result.prompt !== promptOf(exampleTask(example, prompts))) return [];
    const { text = '', objects = [], size } = result;
    return [[example, { example, answer: { text, objects, ...(size && { size }) } }]];
  });
}

function describeSoFar(
  metric: MetricName,
  labels: readonly string[],
): (answers: ReadonlyMap<Example, Answered>) => string | undefined {
  let last = performance.now();
  let cost = 0;
  let text: string | undefined;
  return (answers) => {
    const now = performance.now();
    if (answers.size < 2 || cost > SHARE_OF_TIME * (now - last)) return text;
    const value = scoreMetric(metric, [...answers.values()], labels).statistic();
    [last, cost] = [performance.now(), performance.now() - now];
    text = value === undefined ? undefined : `${metricTitles[metric]} ${(value * 100).toFixed(1)}`;
    return text;
  };
}

import { exitCodes, joinHint, type ExitCode } from '../../base/errors.js';
import { openDataset } from '../../eval/datasets/open-dataset.js';
import { evaluate, type EvalProgress } from '../../eval/evaluate.js';
import type { FaultyExample } from '../../eval/example.js';
import { readResults } from '../../eval/read-results.js';
import { ResultsFile } from '../../eval/results-file.js';
import type { ExampleOutput } from '../../eval/run-examples.js';
import { scoreResults } from '../../eval/score-results.js';
import { mayHaveServer } from '../../models/servers/may-have-server.js';
import { startEngineEarly } from '../../models/prestart-engine.js';
import { runtimeFolder } from '../../models/servers/runtime-folder.js';
import { printablePath } from '../../render/printable-path.js';
import type { CommandCall } from '../options/command-definition.js';
import { checkOutputsApart } from '../options/check-outputs-apart.js';
import { readPromptOptions, readReportOptions, type ReportOptions } from '../options/eval-options.js';
import { readModelOptions, readQueueOptions, refuseDeviceOnQueue } from '../options/model-options.js';
import { readJobs, SPARE_RESULTS } from '../options/read-picture-options.js';
import { readNumber, readText } from '../options/read-option.js';
import { formatStack } from '../print-error.js';
import { describeProblems } from './describe-problems.js';
import { describeProgress } from './describe-progress.js';
import { openModel } from './open-model.js';
import { createProgressLine } from './progress-line.js';
import { tellNote } from './run-notes.js';
import { writeReport } from './write-report.js';

/** `pali eval`: ask about every example in a data set, score the answers, write the report. */
export async function runEval(call: CommandCall): Promise<ExitCode> {
  const options = readReportOptions(call);
  const model = { ...readModelOptions(call), ...readQueueOptions(call) };
  refuseDeviceOnQueue(model, model);
  const prompts = readPromptOptions(call);
  const jobs = readJobs(call, model);
  const maxTokens = readNumber(call.options, 'maxTokens', { min: 1, max: 4096, isWhole: true });
  const resume = readText(call.options, 'resume');
  const [path] = call.arguments;
  await checkOutputsApart(call.options, inputsOf(path, options));
  const dataset = await openDataset(path, options.images);
  const against = options.against === undefined ? undefined : await readResults(options.against);
  const file =
    resume === undefined
      ? undefined
      : await ResultsFile.open(resume, call.signal, (sentence) => tellNote(sentence, options));
  const progress = createProgressLine(options.isQuiet);
  const isServed =
    model.servers.length > 0 ||
    model.queue !== undefined ||
    (model.usesServer && mayHaveServer(runtimeFolder()));
  const headStart = isServed ? undefined : startEngineEarly();
  try {
    const engine = await openModel({ ...options, ...model, jobs }, call.signal, headStart);
    try {
      const startedAt = performance.now();
      let first: number | undefined;
      const { report, answered, exitCode } = await evaluate(dataset, path, engine, {
        metrics: options.metrics ?? dataset.metrics,
        limit: options.limit,
        prompts,
        run: {
          sampling: { temperature: 0, topP: 1, seed: 0 },
          maxTokens,
          isConstrained: call.options['constrain'] !== false,
          locScale: 1023,
          jobs,
          spare: model.queue === undefined ? 0 : SPARE_RESULTS,
          keepsImages: false,
          signal: call.signal,
        },
        kept: file && { file, path: resume! },
        against,
        onFault: (fault) => tellFault(fault, () => progress.clear()),
        onOutput: (output, how) => {
          progress.clear();
          tellProblems(output, options);
          first ??= how.done - 1;
          progress.show(describe(how, first, performance.now() - startedAt, engine.describeWork?.()));
        },
      });
      progress.clear();
      await writeReport(report, answered, options, call.signal);
      return exitCode;
    } finally {
      progress.clear();
      await engine.close();
    }
  } finally {
    headStart?.giveUp();
    await file?.close();
  }
}

/** `pali score`: score existing results. */
export async function runScore(call: CommandCall): Promise<ExitCode> {
  const options = readReportOptions(call);
  const [results, path] = call.arguments;
  await checkOutputsApart(call.options, [results, ...inputsOf(path, options)]);
  const dataset = await openDataset(path, options.images);
  const found = await readResults(results);
  const against = options.against === undefined ? undefined : await readResults(options.against);
  const { report, answered, faults } = await scoreResults(found, dataset, path, {
    metrics: options.metrics ?? dataset.metrics,
    limit: options.limit,
    against,
    onFault: (fault) => tellFault(fault, () => undefined),
    onNote: (sentence) => tellNote(sentence, options),
  });
  await writeReport(report, answered, options, call.signal);
  return faults > 0 ? exitCodes.input : exitCodes.ok;
}

/** Files that are read and must not be overwritten. */
function inputsOf(path: string, { against }: ReportOptions): string[] {
  return against === undefined ? [path] : [path, against];
}

function tellFault({ error }: FaultyExample, clear: () => void): void {
  clear();
  process.stderr.write(`${printablePath(joinHint(error))}\n`);
}

function tellProblems({ result, thrown }: ExampleOutput, options: ReportOptions): void {
  for (const line of describeProblems(result, { ...options, format: 'text' }))
    process.stderr.write(`${line}\n`);
  if (options.isDebug) process.stderr.write(formatStack(thrown));
}

/** Answers that were kept took no time. */
function describe(
  { done, total, soFar }: EvalProgress,
  first: number,
  elapsedMs: number,
  work: string | undefined,
): string {
  const text = describeProgress(done - first, total - first, elapsedMs);
  return [text, soFar, work].filter((part) => part !== undefined).join(' · ');
}

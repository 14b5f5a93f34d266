import { exitCodes, type ExitCode } from '../base/errors.js';
import type { OpenEngine } from '../tasks/open-engine.js';
import { runTask, type TaskOutput } from '../tasks/run-task.js';
import type { Task } from '../tasks/task.js';
import type { ResultWriter } from './create-result-writer.js';
import { describeProgress } from './describe-progress.js';
import { describeTrouble } from './describe-trouble.js';
import type { PictureOptions } from './picture-options.js';
import { formatStack } from './print-error.js';
import { createProgressLine } from './progress-line.js';
import type { Inputs } from './read-inputs.js';
import { createPictureFormatter } from './show-picture.js';
import { writeOutput } from './write-output.js';
import type { PictureWriter } from './write-pictures.js';

/** Everything that a run needs. */
export interface Run {
  readonly inputs: Inputs;
  readonly task: Task;
  readonly engine: OpenEngine;
  readonly options: PictureOptions;
  readonly resultWriter: ResultWriter;
  readonly pictureWriter: PictureWriter;
  readonly signal: AbortSignal;
}

/**
 * Ask about every input and write what comes.
 * @returns ok, or the exit code of the first input that failed.
 */
export async function writeResults(run: Run): Promise<ExitCode> {
  const { inputs, task, engine, options, resultWriter, pictureWriter, signal } = run;
  const { temperature, topP, seed, overlay, cutout } = options;
  const progress = createProgressLine(options.isQuiet || inputs.isSingle);
  const formatPicture = await createPictureFormatter(options.show);
  const tell = resultWriter.tell?.bind(resultWriter);
  const outputs = runTask(inputs.inputs, task, engine, {
    ...options,
    sampling: { temperature, topP, seed },
    keepsImages: overlay !== undefined || cutout !== undefined || formatPicture !== undefined,
    onEvent: tell,
    signal,
  });
  const start = performance.now();
  let exitCode: ExitCode = exitCodes.ok;
  let done = 0;
  const showProgress = (): void => {
    progress.show(describeProgress(done, inputs.total, performance.now() - start));
  };
  showProgress();
  try {
    for await (const output of outputs) {
      const { result, image } = output;
      progress.clear();
      if (formatPicture !== undefined && image !== undefined) {
        await writeOutput(process.stdout, await formatPicture(image, result), signal);
      }
      await resultWriter.write(result);
      tellTrouble(output, options);
      if (exitCode === exitCodes.ok) exitCode = output.exitCode;
      await pictureWriter.write(output);
      done++;
      showProgress();
    }
  } finally {
    progress.clear();
  }
  return exitCode;
}

function tellTrouble({ result, thrown }: TaskOutput, options: PictureOptions): void {
  for (const line of describeTrouble(result, options)) process.stderr.write(`${line}\n`);
  if (options.isDebug) process.stderr.write(formatStack(thrown));
}

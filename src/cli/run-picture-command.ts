import { exitCodes, type ExitCode } from '../base/errors.js';
import type { TaskInput } from '../tasks/run-task.js';
import type { Task } from '../tasks/task.js';
import type { CommandCall } from './command-definition.js';
import { readPictureOptions } from './picture-options.js';

/**
 * Run a task on pictures: find and start the model, print each result as soon as it is there, save pictures
 * that were asked for, warn on stderr.
 *
 * @param inputs what each prompt is about, in order.
 * @returns ok, or the exit code of the first input that failed.
 */
export async function runPictureCommand(
  call: CommandCall,
  task: Task,
  inputs: readonly TaskInput[],
): Promise<ExitCode> {
  const options = readPictureOptions(call);
  // Everything heavy waits until the command line is known to be right.
  const { openModel } = await import('./open-model.js');
  const { chooseRenderer } = await import('./choose-renderer.js');
  const { createPictureWriter } = await import('./write-pictures.js');
  const { describeTrouble } = await import('./describe-trouble.js');
  const { writeOutput } = await import('./write-output.js');
  const { createProgressLine } = await import('./progress-line.js');
  const { describeProgress } = await import('./describe-progress.js');
  const { runTask } = await import('../tasks/run-task.js');

  const isSingle = inputs.length === 1;
  const renderer = chooseRenderer(options.format, options.withFilename && !isSingle);
  const pictureWriter = await createPictureWriter({ ...options, isSingle });
  const write = (text: string): Promise<void> => writeOutput(process.stdout, text, call.signal);
  const progress = createProgressLine(options.isQuiet || isSingle);
  let exitCode: ExitCode = exitCodes.ok;

  const engine = await openModel(options, options.format, call.signal);
  try {
    await write(renderer.start());
    const outputs = runTask(toAsync(inputs), task, engine, {
      sampling: { temperature: options.temperature, topP: options.topP, seed: options.seed },
      maxTokens: options.maxTokens,
      isConstrained: options.isConstrained,
      alternatives: options.alternatives,
      locScale: options.locScale,
      jobs: options.jobs,
      keepsImages: options.overlay !== undefined,
      signal: call.signal,
    });
    const start = performance.now();
    let done = 0;
    for await (const output of outputs) {
      progress.clear();
      await write(renderer.renderResult(output.result));
      for (const line of describeTrouble(output.result, options)) process.stderr.write(`${line}\n`);
      if (exitCode === exitCodes.ok) exitCode = output.exitCode;
      await pictureWriter.write(output);
      progress.show(describeProgress(++done, inputs.length, performance.now() - start));
    }
  } finally {
    progress.clear();
    // Also when the work was cut short: what was written so far becomes a whole document.
    await write(renderer.end());
    await engine.close();
  }
  return exitCode;
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}

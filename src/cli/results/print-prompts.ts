import { exitCodes, type ExitCode } from '../../base/errors.js';
import { previewPrompts } from '../../tasks/preview-prompts.js';
import type { Task } from '../../tasks/prompts/task.js';
import { createResultWriter } from './create-result-writer.js';
import { formatOf } from '../../render/formats/result-formats.js';
import { describeProblems } from './describe-problems.js';
import type { PictureOptions } from '../options/picture-options.js';
import type { Inputs } from '../inputs/read-inputs.js';

/**
 * Print what would be sent for each input without asking the model: text, or a result without an answer in the JSON
 * formats. Nothing else is written, wherever results would go.
 *
 * @returns ok, or the exit code of the first input that failed.
 */
export async function printPrompts(
  inputs: Inputs,
  task: Task,
  options: PictureOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const isJson = formatOf(options.format).isJson === true;
  const writer = await createResultWriter({
    ...options,
    format: isJson ? options.format : 'text',
    isStream: false,
    isOverwriting: true,
    extension: undefined,
    output: undefined,
    isSingle: inputs.isSingle,
    folders: [],
    things: [],
    signal,
  });
  let exitCode: ExitCode = exitCodes.ok;
  for await (const { result, exitCode: ofInput } of previewPrompts(inputs.inputs, task, signal)) {
    await writer.write(isJson ? result : { ...result, text: result.prompt });
    for (const line of describeProblems(result, options)) process.stderr.write(`${line}\n`);
    if (exitCode === exitCodes.ok) exitCode = ofInput;
  }
  await writer.end('complete');
  return exitCode;
}

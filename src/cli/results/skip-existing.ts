import { UsageError } from '../../base/errors.js';
import type { TaskInput } from '../../tasks/inputs/task-input.js';
import type { Inputs } from '../inputs/read-inputs.js';
import type { ResultWriter } from './writers/result-writer.js';

/**
 * The inputs, except those whose file is already in the output folder.
 * @param onEnd called at the end with how many were skipped.
 * @throws {UsageError} the output is one file.
 */
export function skipExisting(
  inputs: Inputs,
  { has }: Pick<ResultWriter, 'has'>,
  onEnd: (count: number) => void,
): Inputs {
  if (has === undefined) {
    throw new UsageError('OPTION_VALUE', '--skip-existing is for a folder with a file for each picture.', {
      hint: 'Let the name of --output end in a slash, --output captions/, or name a folder with --overlay.',
    });
  }
  // How many are left is known at the end.
  const { total: _total, ...others } = inputs;
  return { ...others, inputs: leaveOut(inputs.inputs, has, onEnd) };
}

async function* leaveOut(
  inputs: AsyncIterable<TaskInput>,
  has: (input: string) => Promise<boolean>,
  onEnd: (count: number) => void,
): AsyncGenerator<TaskInput, void, undefined> {
  let count = 0;
  for await (const input of inputs) {
    if (await has(input.name)) count++;
    else yield input;
  }
  onEnd(count);
}

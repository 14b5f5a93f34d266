import { CancelledError, exitCodes, type ExitCode } from '../../base/errors.js';
import type { TaskResult } from '../../base/task-result.js';
import type { TaskOutput } from '../answers/task-output.js';

/**
 * One result for all frames of a video: the different answers in order of first appearance, one per line. Frames that
 * failed are left out; if all failed, it has the first one's error. If the work is cut short, it covers what was done.
 */
export async function* summarizeResults(
  outputs: AsyncIterable<TaskOutput>,
): AsyncGenerator<TaskOutput, void, undefined> {
  const texts = new Set<string>();
  const raws = new Set<string>();
  let known: TaskResult | undefined;
  let failed: TaskOutput | undefined;
  let isTruncated = false;
  let cancelled: CancelledError | undefined;
  try {
    for await (const output of outputs) {
      const { result } = output;
      if (result.error !== undefined) {
        failed ??= output;
        continue;
      }
      known ??= result;
      texts.add(result.text ?? '');
      raws.add(result.raw ?? '');
      isTruncated ||= result.truncated === true;
    }
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    cancelled = error;
  }
  if (known === undefined) {
    if (cancelled !== undefined) throw cancelled;
    if (failed !== undefined) yield failed;
    return;
  }
  const { input, task, prompt, model, image } = known;
  const exitCode: ExitCode = failed?.exitCode ?? exitCodes.ok;
  yield {
    result: {
      ...{ input, task, prompt },
      ...(model && { model }),
      ...(image && { image }),
      text: [...texts].join('\n'),
      raw: [...raws].join('\n'),
      truncated: isTruncated,
    },
    exitCode,
  };
  if (cancelled !== undefined) throw cancelled;
}

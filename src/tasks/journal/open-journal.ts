import type { Engine } from '../../engine/engine.js';
import type { Task } from '../prompts/task.js';
import { describeRun, type AnswerOptions } from './journal-run.js';
import { ResultJournal } from './result-journal.js';

/**
 * Open the journal of a run of this task. The model is loaded first, as its name must be that of the journal.
 * @param path undefined if none is wanted.
 * @param onWait as of openAppendFile.
 * @throws what ResultJournal.open and the engine's `load` throw.
 */
export async function openJournal(
  path: string | undefined,
  { task, engine }: { readonly task: Task; readonly engine: Engine },
  options: AnswerOptions,
  signal?: AbortSignal,
  onWait?: (sentence: string) => void,
): Promise<ResultJournal | undefined> {
  if (path === undefined) return undefined;
  return ResultJournal.open(path, describeRun(task, await engine.load(), options), signal, onWait);
}

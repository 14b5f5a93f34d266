import { taskNames } from '../base/task-name.js';
import { type HeadStart, startEngineEarly } from '../models/prestart-engine.js';
import { mayHaveServer } from '../models/servers/may-have-server.js';
import { runtimeFolder } from '../models/servers/runtime-folder.js';

/** Commands that ask a model as soon as they know which. */
const ASKING: ReadonlySet<string> = new Set([...taskNames, 'repl']);
/** Words that mean that this process needs no model, or that a command line is to be explained. */
const ELSEWHERE = /^(?:-h|--help|--dry-run|--server|--queue)(?:=|$)/;

/**
 * Start the engine's process before the command line is read, where it looks as if a model will run here: Node takes as
 * long to start there as the rest of the command line takes here. A wrong guess costs a process that is ended unused.
 *
 * @param argv the command and what follows it.
 */
export function foreseeEngine(
  [command, ...words]: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  start: () => HeadStart = startEngineEarly,
): HeadStart | undefined {
  if (!ASKING.has(command) || words.some((word) => ELSEWHERE.test(word))) return undefined;
  // A task without anything after it is a mistake.
  if (command !== 'repl' && words.length === 0) return undefined;
  if (env['PALI_SERVERS'] || env['PALI_QUEUE_URL'] || mayHaveServer(runtimeFolder())) return undefined;
  return start();
}

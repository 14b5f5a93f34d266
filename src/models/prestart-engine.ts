import type { ChildProcess } from 'node:child_process';
import { forkEngine } from '../engine/client/fork-engine.js';

/** An engine's process that was started before it was known which model it will load. */
export interface HeadStart {
  /** Hand the process over, once; undefined when it was already handed over, stopped, or has ended by itself. */
  readonly take: () => ChildProcess | undefined;
  /** End the process, unless it was handed over. */
  readonly giveUp: () => void;
}

/** The process that is starting, or a new one; none where no model is needed here. */
export function continueHeadStart(begun: HeadStart | undefined, isNeeded: boolean): HeadStart | undefined {
  if (isNeeded) return begun ?? startEngineEarly();
  begun?.giveUp();
  return undefined;
}

/**
 * Start the engine's process now: Node and onnxruntime load in it while this process finds the model and gets ready.
 * To be stopped when it turns out that no model is needed.
 */
export function startEngineEarly(forkProcess: () => ChildProcess = forkEngine): HeadStart {
  let child: ChildProcess | undefined = forkProcess();
  const forget = (): void => {
    child = undefined;
  };
  // If it fails to start, the engine starts another and reports the outcome.
  child.once('error', forget);
  child.once('exit', forget);
  return {
    take: () => {
      const taken = child;
      taken?.off('error', forget).off('exit', forget);
      forget();
      return taken;
    },
    giveUp: () => {
      child?.kill('SIGKILL');
      forget();
    },
  };
}

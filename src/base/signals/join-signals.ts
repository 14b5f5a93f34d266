import { setMaxListeners } from 'node:events';

/**
 * A signal that is aborted as soon as one of these is. Any number of works may wait for it, without the warning
 * that Node gives from eleven on. For a time limit use startDeadline: a timeout's signal in here can get lost.
 */
export function joinSignals(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const joined = AbortSignal.any(signals.filter((signal) => signal !== undefined));
  setMaxListeners(0, joined);
  return joined;
}

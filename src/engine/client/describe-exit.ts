import { EngineError } from '../../base/errors.js';
import { describeLoadFailure } from '../../base/machine/describe-load-failure.js';

/** How a process ended, as reported by Node: one of `code` and `signal` is set, or `startError`. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It never ran. */
  readonly startError?: Error;
}

const MEMORY_HINT =
  'Close other programs, or use a smaller model: pali import with --dtype int4 needs least memory.';
const CRASH_HINT = 'Try --device cpu; --debug shows what the engine wrote before it ended.';

/** Signals of crashes, in words. */
const crashes: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'it gave up after an internal error',
  SIGBUS: 'an invalid memory access',
  SIGFPE: 'an arithmetic error',
  SIGILL: 'an instruction that this processor does not have',
  SIGSEGV: 'an invalid memory access',
};

/** Exit code of a process on Windows after an invalid memory access (STATUS_ACCESS_VIOLATION). */
const ACCESS_VIOLATION = 0xc000_0005;

/**
 * The sentence for an engine that ended by itself.
 * @param stderrText the end of its stderr; kept as the error's cause.
 */
export function describeExit(end: ProcessEnd, stderrText: string): EngineError {
  if (end.startError !== undefined) {
    return new EngineError(
      'ENGINE_START_FAILED',
      `The engine's process could not be started: ${end.startError.message}.`,
      { cause: end.startError, hint: 'Check with: pali doctor' },
    );
  }
  const cause = stderrText === '' ? undefined : new Error(`The engine wrote:\n${stderrText}`);
  if (/heap out of memory|std::bad_alloc/.test(stderrText)) {
    return new EngineError('ENGINE_OUT_OF_MEMORY', 'The engine ran out of memory.', {
      cause,
      hint: MEMORY_HINT,
    });
  }
  const loading = describeLoadFailure(stderrText);
  if (loading instanceof EngineError) return loading;
  if (end.signal === 'SIGKILL') {
    return new EngineError(
      'ENGINE_OUT_OF_MEMORY',
      'The engine was killed by the system (SIGKILL), probably because it ran out of memory.',
      { cause, hint: MEMORY_HINT },
    );
  }
  return new EngineError('ENGINE_DIED', `The engine ${describeEnd(end)}.`, { cause, hint: CRASH_HINT });
}

function describeEnd({ code, signal }: ProcessEnd): string {
  if (signal !== null) {
    const meaning = crashes[signal];
    return meaning === undefined ? `was ended by the signal ${signal}` : `crashed (${signal}: ${meaning})`;
  }
  if (code === ACCESS_VIOLATION) return 'crashed (an invalid memory access)';
  return `ended unexpectedly with exit code ${code}`;
}
